"""From a proposal to its run: the data set first, then the preflight, and never past what that refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from invoices.models import AuditEntry
from modelops.errors import Refused
from modelops.models import DatasetVersion, RunState, TrainingRun, TriggerPolicy, TriggerProposal
from modelops.runs import corrections
from modelops.runs.preflight import preflight
from modelops.runs.starts import fitted_from
from modelops.triggers.engine import usual_recipe
from modelops.triggers.going_on import go_on
from modelops.triggers.looking import look
from modelops.triggers.starting import start_proposal
from modelops.triggers.taking_up import take_up, take_up_by_policy
from tests.conftest import Cast
from tests.modelops.runs.from_models import model_of
from tests.modelops.runs.small import RECIPE, frozen
from workers.models import Job

pytestmark = pytest.mark.django_db
State = TriggerProposal.State


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Rows of another test have the same ids."""
    corrections._kept.cache_clear()


@pytest.fixture
def proposal(db: None) -> TriggerProposal:
    return TriggerProposal.objects.create(kind="new_vendor", key="new_vendor:1", sentence="Apex: 210 records are confirmed.", occasion="1")


def with_data(proposal: TriggerProposal, version: DatasetVersion) -> TriggerProposal:
    """As if the data set that was asked for were this one, and frozen by now."""
    asked = proposal.dataset
    TriggerProposal.objects.filter(pk=proposal.pk).update(dataset=version)
    if asked is not None:
        asked.delete()
    proposal.refresh_from_db()
    return proposal


def warnings_of(version: DatasetVersion) -> list[str]:
    return [one.code for one in preflight(version, usual_recipe()).warnings]


def test_taken_up_its_data_set_is_asked_for_once(cast: Cast, proposal: TriggerProposal) -> None:
    assert start_proposal(user=cast.admin, proposal_id=proposal.pk) is False
    start_proposal(user=cast.admin, proposal_id=proposal.pk)
    proposal.refresh_from_db()
    [version] = DatasetVersion.objects.all()
    assert (proposal.dataset, proposal.taken_up_by, proposal.state) == (version, cast.admin, State.OPEN)
    assert version.state == DatasetVersion.State.COLLECTING
    assert Job.objects.filter(kind="freeze_dataset").count() == 1
    assert go_on() == 0, "it is not frozen yet"
    assert AuditEntry.objects.get(action="trigger.decided").after == {
        "decision": "taken_up",
        "dataset": version.number,
        "kind": "new_vendor",
    }


def test_what_the_preflight_refuses_does_not_begin(cast: Cast, proposal: TriggerProposal, station: object) -> None:
    take_up(proposal_id=proposal.pk, by=cast.admin)
    with_data(proposal, frozen(number=7, train=0))
    assert go_on() == 0
    proposal.refresh_from_db()
    assert not TrainingRun.objects.exists()
    assert (proposal.state, proposal.held_back != "") == (State.OPEN, True)
    assert "dataset_empty" in {one["code"] for one in proposal.preflight["refusals"]}
    assert go_on() == 0
    with pytest.raises(Refused) as caught:
        start_proposal(user=cast.admin, proposal_id=proposal.pk, confirmed=["few_documents"])
    assert caught.value.code == "preflight_refused"
    assert not TrainingRun.objects.exists(), "a confirmation does not lift a refusal"


def test_what_has_to_be_confirmed_waits_for_a_person(cast: Cast, proposal: TriggerProposal, dataset: DatasetVersion) -> None:
    take_up(proposal_id=proposal.pk, by=None)
    with_data(proposal, dataset)
    codes = warnings_of(dataset)
    assert codes, "twelve documents teach little"
    assert go_on() == 0
    proposal.refresh_from_db()
    assert "has to be confirmed" in proposal.held_back
    with pytest.raises(Refused) as caught:
        start_proposal(user=cast.admin, proposal_id=proposal.pk, confirmed=codes[:1] if len(codes) > 1 else ["other"])
    assert caught.value.code == "confirm_needed"
    assert start_proposal(user=cast.admin, proposal_id=proposal.pk, confirmed=codes)
    proposal.refresh_from_db()
    [run] = TrainingRun.objects.all()
    assert (proposal.state, proposal.run, proposal.decided_by) == (State.STARTED, run, cast.admin)
    assert (run.dataset, run.asked_by, run.preflight["confirmed"]) == (dataset, cast.admin, codes)
    with pytest.raises(Refused, match="already"):
        start_proposal(user=cast.admin, proposal_id=proposal.pk, confirmed=codes)
    assert TrainingRun.objects.count() == 1


def test_without_anything_against_it_it_begins_by_itself(
    proposal: TriggerProposal, dataset: DatasetVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules of warnings are the preflight's own and are tested there; here nothing of a small set is one."""
    monkeypatch.setattr("modelops.runs.preflight_rules.warnings", lambda *_: iter(()))
    TriggerPolicy.objects.create(starts_by_itself=1)
    assert look().taken_up == proposal.pk
    proposal.refresh_from_db()
    with_data(proposal, dataset)
    assert go_on() == 1
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (State.STARTED, None)
    assert TrainingRun.objects.get().asked_by is None
    assert [entry.person_name for entry in AuditEntry.objects.filter(action="trigger.decided")] == ["", ""]
    assert go_on() == 0


def test_a_data_set_that_failed_holds_it_back_and_may_be_tried_again(cast: Cast, proposal: TriggerProposal) -> None:
    take_up(proposal_id=proposal.pk, by=cast.admin)
    DatasetVersion.objects.update(state=DatasetVersion.State.FAILED, error="No gold.")
    assert go_on() == 0
    proposal.refresh_from_db()
    assert "No gold." in proposal.held_back
    take_up(proposal_id=proposal.pk, by=cast.admin)
    proposal.refresh_from_db()
    assert proposal.held_back == ""
    assert proposal.dataset == DatasetVersion.objects.get(state=DatasetVersion.State.COLLECTING)


def test_by_policy_one_begins_at_a_time(proposal: TriggerProposal, dataset: DatasetVersion) -> None:
    other = TriggerProposal.objects.create(kind="schedule", key="schedule", sentence="s", occasion="1")
    off, on = TriggerPolicy(), TriggerPolicy(starts_by_itself=1)
    assert take_up_by_policy(off) == 0
    run = TrainingRun.objects.create(dataset=dataset, state=RunState.RUNNING, recipe=RECIPE.to_json())
    assert take_up_by_policy(on) == 0, "a run is at work"
    TrainingRun.objects.filter(pk=run.pk).update(state=RunState.FINISHED)
    assert take_up_by_policy(on) == proposal.pk
    assert take_up_by_policy(on) == 0, "one is under way"
    TriggerProposal.objects.filter(pk=proposal.pk).update(held_back="no")
    assert take_up_by_policy(on) == 0, "another data set is being put together"
    DatasetVersion.objects.filter(state=DatasetVersion.State.COLLECTING).delete()
    assert take_up_by_policy(on) == other.pk


def test_the_recipe_is_that_of_before(dataset: DatasetVersion) -> None:
    assert usual_recipe().name == "default"
    TrainingRun.objects.create(dataset=dataset, state=RunState.FINISHED, recipe=RECIPE.to_json())
    assert usual_recipe() == RECIPE
    taught = replace(RECIPE, shown_share=0.5)
    TrainingRun.objects.create(dataset=dataset, state=RunState.FINISHED, recipe=taught.to_json())
    assert usual_recipe() == RECIPE, "an older program's, whose model would be shown examples that nobody shows it"
    TrainingRun.objects.create(dataset=dataset, state=RunState.FINISHED, recipe={"name": "of another program", "epochs": -1})
    assert usual_recipe().name == "default"


def test_the_run_of_a_proposal_goes_on_from_the_model_that_serves(
    cast: Cast, proposal: TriggerProposal, dataset: DatasetVersion, tiny_base: Path
) -> None:
    """While more documents are behind it than there are to train on; what it was trained with is no recipe for the base."""
    champion = model_of(tiny_base, dataset, state="champion")
    version = with_data(proposal, frozen(number=2, train=8)).dataset
    assert version is not None
    codes = [one.code for one in preflight(version, fitted_from(version, champion), start=champion).warnings]
    assert start_proposal(user=cast.admin, proposal_id=proposal.pk, confirmed=codes)
    run = TrainingRun.objects.get()
    assert (run.start_model, run.recipe["name"], run.recipe["lora"]["rank"]) == (champion, "further", 4)
    TrainingRun.objects.update(state=RunState.FINISHED)
    assert usual_recipe().name == "default"


@pytest.mark.django_db(transaction=True)
def test_two_admins_take_it_up_at_once(cast: Cast, proposal: TriggerProposal) -> None:
    start = Barrier(3)

    def press(_: int) -> Any:
        try:
            start.wait()
            return take_up(proposal_id=proposal.pk, by=cast.admin).dataset_id
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        made = set(pool.map(press, range(3)))
    assert len(made) == DatasetVersion.objects.count() == 1
