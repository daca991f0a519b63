"""Going back in one action."""

from __future__ import annotations

from pathlib import Path

import pytest

from invoices.audit.entries import AuditEntry
from invoices.serving import serving, serving_model
from modelops.deployment.present import before, present
from modelops.deployment.promoting import serve_templates_alone
from modelops.deployment.rolling_back import roll_back
from modelops.models import ModelVersion
from tests.conftest import Cast
from tests.modelops.deployment.conftest import Make, crown
from tests.modelops.deployment.test_promoting import flip, refusal
from workers.models import Job

pytestmark = pytest.mark.django_db


def test_back_to_the_model_before_without_asking_the_gate(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    crown(second, by=cast.admin)
    row = roll_back(by=cast.admin, reason="Totals are wrong", expected=present().version)
    assert (row.kind, row.model, row.reason) == ("rollback", first, "Totals are wrong")
    assert serving_model() == Path(first.folder)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (ModelVersion.State.CHAMPION, ModelVersion.State.RETIRED)
    assert AuditEntry.objects.get(action="deployment.rolled_back").before == {"serves": f"model {second.number}"}
    assert Job.objects.filter(kind="fill_in_anew", args__deployment_id=row.pk).exists()


def test_two_returns_lead_two_steps_back_and_then_nothing_is_left(cast: Cast, make_model: Make) -> None:
    serve_templates_alone(by=cast.admin, reason="No model yet")
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    crown(second, by=cast.admin)
    assert roll_back(by=cast.admin).model == first
    assert roll_back(by=cast.admin).model is None
    assert serving().models == ()
    assert before(present()) is None
    said = refusal(lambda: roll_back(by=cast.admin))
    assert (said.code, "templates alone" in said.detail) == ("nothing_before", True)


def test_out_of_a_canary_the_champion_goes_on_as_it_was(cast: Cast, make_model: Make) -> None:
    champion, candidate = make_model(), make_model()
    promoted = crown(champion, by=cast.admin)
    canary = crown(candidate, by=cast.admin, share=25)
    row = roll_back(by=cast.admin, reason="It misreads dates")
    canary.refresh_from_db()
    promoted.refresh_from_db()
    assert (canary.ended_at is not None, promoted.ended_at) == (True, None)
    assert (row.slot, row.kind, row.replaces, row.ended_at is not None) == ("canary", "rollback", canary, True)
    assert [one.model_id for one in serving().models] == [champion.model_id]
    assert present().version == row.pk, "whoever saw the canary has to look again"
    assert roll_back_refused(cast) == "nothing_before"


def roll_back_refused(cast: Cast) -> str:
    return refusal(lambda: roll_back(by=cast.admin)).code


def test_one_that_was_damaged_meanwhile_is_not_returned_to(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    crown(second, by=cast.admin)
    flip(Path(first.folder))
    said = refusal(lambda: roll_back(by=cast.admin))
    assert (said.code, "SHA-256" in said.detail) == ("artifact_damaged", True)
    assert serving_model() == Path(second.folder)
    serve_templates_alone(by=cast.admin, reason="Both are bad")
    assert serving().models == ()


def test_a_return_that_was_decided_on_other_grounds_is_refused(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    seen = present().version
    crown(second, by=cast.admin)
    assert refusal(lambda: roll_back(by=cast.admin, expected=seen)).code == "deployment_changed"
    assert serving_model() == Path(second.folder)


def test_nobody_but_an_admin_goes_back(cast: Cast) -> None:
    assert refusal(lambda: roll_back(by=cast.senior)).status == 403
