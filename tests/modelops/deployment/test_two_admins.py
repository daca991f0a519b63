"""Two admins press at once: one wins, the other is told what serves now. With real threads and real processes."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from invoices.models import ServingModel
from modelops.deployment.present import present
from modelops.deployment.promoting import promote, serve_templates_alone
from modelops.deployment.rolling_back import roll_back
from modelops.errors import ModelopsError
from modelops.models import Deployment, ModelVersion
from tests.conftest import Cast
from tests.modelops.deployment.conftest import Make, crown, judge

pytestmark = pytest.mark.django_db(transaction=True)

Told = tuple[str, int | None]


def attempt(change: Callable[[], Deployment], gate: Any, told: Callable[[Told], object]) -> None:
    """Wait until everybody is there, press, and say what came of it: ``(code, version that serves)``."""
    try:
        gate.wait()
        row = change()
        told(("done", row.pk))
    except ModelopsError as error:
        told((error.code, error.extra.get("now", {}).get("version")))
    finally:
        connections.close_all()


def in_threads(changes: list[Callable[[], Deployment]]) -> list[Told]:
    said: list[Told] = []
    gate = threading.Barrier(len(changes))
    people = [threading.Thread(target=attempt, args=(change, gate, said.append)) for change in changes]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return said


def in_processes(changes: list[Callable[[], Deployment]]) -> list[Told]:
    connections.close_all()  # a connection must not be shared with a child
    fork = multiprocessing.get_context("fork")
    gate, said = fork.Barrier(len(changes)), fork.SimpleQueue()
    people = [fork.Process(target=attempt, args=(change, gate, said.put)) for change in changes]
    for one in people:
        one.start()
    found = [said.get() for _ in people]
    for one in people:
        one.join()
    return found


@pytest.mark.parametrize("at_once", [in_threads, in_processes])
def test_one_promotion_wins_and_the_other_is_told(
    cast: Cast, make_model: Make, at_once: Callable[[list[Callable[[], Deployment]]], list[Told]]
) -> None:
    serve_templates_alone(by=cast.admin, reason="at first")
    models = [make_model(), make_model()]
    seen = present().version
    said = at_once([lambda model=model: promote(model, by=cast.admin, expected=seen) for model in models])  # type: ignore[misc]
    assert sorted(code for code, _ in said) == ["deployment_changed", "done"]
    winner = Deployment.objects.get(ended_at=None)
    assert {version for _, version in said} == {winner.pk}, "the loser is told which deployment serves"
    assert winner.model is not None
    assert ServingModel.objects.get().model_id == winner.model.model_id
    assert ModelVersion.objects.get(state=ModelVersion.State.CHAMPION) == winner.model


def test_the_very_first_two_as_well(cast: Cast, make_model: Make) -> None:
    models = [make_model(), make_model()]
    said = in_threads([lambda model=model: promote(model, by=cast.admin, expected=0) for model in models])  # type: ignore[misc]
    assert sorted(code for code, _ in said) == ["deployment_changed", "done"]
    assert Deployment.objects.count() == 1


def test_a_promotion_and_a_return_at_once(cast: Cast, make_model: Make) -> None:
    first, second, third = make_model(), make_model(), make_model()
    crown(first, by=cast.admin)
    crown(second, by=cast.admin)
    judge(third, passed=True)
    seen = present().version
    said = in_threads([lambda: promote(third, by=cast.admin, expected=seen), lambda: roll_back(by=cast.admin, expected=seen)])
    assert sorted(code for code, _ in said) == ["deployment_changed", "done"]
    assert Deployment.objects.filter(ended_at=None).count() == 1
