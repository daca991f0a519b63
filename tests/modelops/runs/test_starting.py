"""Starting, stopping and resuming: who may, what is refused, what is written down, and the one job that follows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings

from invoices.audit.entries import AuditEntry
from mlcore.base_model import prepare
from mlcore.training.config import LoraConfig, Recipe, Schedule
from modelops.errors import ModelopsError, Refused, RequestInvalid
from modelops.models import DatasetVersion, RunState, TrainingRun, TriggerPolicy, TriggerProposal
from modelops.runs import space
from modelops.runs.readiness import refusals
from modelops.runs.resuming import resume_run
from modelops.runs.starting import start_run
from modelops.runs.stopping import stop_run
from tests.conftest import Cast
from tests.modelops.runs.conftest import Started
from tests.modelops.runs.small import RECIPE, frozen, told
from workers.models import Job

pytestmark = pytest.mark.django_db


def trail() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(action__startswith="run.").order_by("pk").values_list("action", "person_name"))


def jobs() -> list[tuple[str, str, dict[str, int]]]:
    return list(Job.objects.order_by("pk").values_list("queue", "key", "args"))


def code_of(dataset: DatasetVersion, recipe: Recipe = RECIPE, **values: object) -> str:
    with pytest.raises(ModelopsError) as caught:
        start_run(by=None, dataset=dataset, recipe=recipe, **values)  # type: ignore[arg-type]
    assert not TrainingRun.objects.exists()
    return caught.value.code


def test_a_run_waits_with_one_job_and_is_in_the_trail(dataset: DatasetVersion, cast: Cast) -> None:
    TriggerPolicy.objects.create(hourly_rate="30")
    run = start_run(by=cast.admin, dataset=dataset, recipe=RECIPE, note="first", preflight={"minutes": 3})
    assert (run.state, run.attempts, run.steps, run.folder, str(run.hourly_rate)) == ("queued", 1, 12, f"run-{run.pk}", "30.0000")
    assert (run.note, run.preflight, run.asked_by) == ("first", {"minutes": 3}, cast.admin)
    assert Recipe.from_json(run.recipe) == RECIPE
    assert jobs() == [("training", f"train:{run.pk}:1", {"run_id": run.pk, "attempt": 1})]
    assert trail() == [("run.started", "admin")]


def test_every_fault_of_a_recipe_is_told(dataset: DatasetVersion) -> None:
    with pytest.raises(RequestInvalid) as caught:
        start_run(by=None, dataset=dataset, recipe=replace(RECIPE, epochs=0, lora=LoraConfig(rank=0)))
    assert len(caught.value.extra["faults"]) == 2
    assert code_of(dataset, replace(RECIPE, lora=None, schedule=Schedule(learning_rate=1e-4))) == "recipe_invalid"
    assert code_of(dataset, note="x" * 501) == "note_too_long"
    assert code_of(dataset, launcher="ssh") == "launcher_unknown"


def test_a_data_set_that_is_not_frozen_or_lost_documents_is_refused(dataset: DatasetVersion) -> None:
    for values, code in (
        ({"state": DatasetVersion.State.COLLECTING}, "dataset_not_frozen"),
        ({"removed_documents": 1}, "dataset_has_removed_documents"),
        ({"data_hash": "0" * 64}, "dataset_changed"),
        ({"folder": "elsewhere"}, "dataset_unreadable"),
    ):
        other = DatasetVersion.objects.get(pk=dataset.pk)
        for name, value in values.items():
            setattr(other, name, value)
        assert code_of(other) == code
    assert code_of(frozen(number=2, train=0)) == "dataset_empty"


def test_all_reasons_are_told_together(dataset: DatasetVersion) -> None:
    dataset.removed_documents = 2
    found = refusals(dataset, replace(RECIPE, epochs=0), "nowhere")
    assert [error.code for error in found] == ["recipe_invalid", "dataset_has_removed_documents", "launcher_unknown"]


def test_without_a_base_model_nothing_is_started(dataset: DatasetVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(prepare.VARIABLE, str(tmp_path / "none"))
    assert code_of(dataset) == "base_missing"


def test_a_disk_without_room_is_refused_before_the_start(dataset: DatasetVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(space, "RESERVE_BYTES", 1 << 60)
    with pytest.raises(Refused, match=r"needs about [\d,]+ MB in .*runs, and [\d,]+ MB are free there\. Make room"):
        start_run(by=None, dataset=dataset, recipe=RECIPE)


def test_what_is_needed_grows_with_the_adapter(tiny_base: Path, tmp_path: Path) -> None:
    small, large = (space.needed_bytes(replace(RECIPE, lora=LoraConfig(rank=rank, alpha=8.0)), tiny_base) for rank in (4, 64))
    two = space.needed_bytes(replace(RECIPE, lora=LoraConfig(rank=4, alpha=8.0, targets=("q_proj", "v_proj"))), tiny_base)
    shape = json.loads((tiny_base / "config.json").read_text())
    assert shape["hidden_size"] == 32
    assert two - space.RESERVE_BYTES == 2 * 4 * (64 + 48) * 4 * 11
    assert two < small < large
    assert space.needed_bytes(RECIPE, tmp_path) > large, "a base that tells no shape"


def test_a_run_that_waits_is_stopped_at_once_and_one_that_runs_after_its_step(started: Started, cast: Cast) -> None:
    waiting, running = started(), started()
    assert stop_run(waiting, cast.admin).state == RunState.STOPPED
    TrainingRun.objects.filter(pk=running.pk).update(state=RunState.RUNNING)
    assert stop_run(running, cast.admin).state == RunState.STOPPING
    assert stop_run(running, cast.admin).state == RunState.STOPPED, "asked again: at once"
    for run in (waiting, running):
        with pytest.raises(Refused) as caught:
            stop_run(run, cast.admin)
        assert caught.value.code == "run_ended"
    assert trail()[2:] == [("run.stopped", "admin")] * 3


def test_a_stopped_and_a_failed_run_go_on_once(started: Started, cast: Cast) -> None:
    run = started()
    stop_run(run, None)
    stale = TrainingRun.objects.get(pk=run.pk)
    resumed = resume_run(run, cast.admin)
    assert (resumed.state, resumed.attempts, resumed.finished_at) == (RunState.QUEUED, 2, None)
    with pytest.raises(Refused, match="is waiting; only one that was stopped or failed can go on"):
        resume_run(stale, cast.admin)
    TrainingRun.objects.filter(pk=run.pk).update(state=RunState.FAILED, error_code="disk_full", error_message="Full.")
    assert resume_run(run, cast.admin).error_code == ""
    assert [key for _, key, _ in jobs()] == [f"train:{run.pk}:{attempt}" for attempt in (1, 2, 3)]
    assert told(run)[-1] == "Goes on with: training (attempt 3)."
    assert trail()[-1] == ("run.resumed", "admin")


def test_a_run_whose_documents_had_to_go_does_not_go_on(started: Started, dataset: DatasetVersion) -> None:
    run = started()
    stop_run(run, None)
    DatasetVersion.objects.update(removed_documents=1)
    with pytest.raises(Refused) as caught:
        resume_run(run, None)
    assert caught.value.code == "dataset_has_removed_documents"
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.STOPPED, 1)


def test_a_proposal_is_started_once(dataset: DatasetVersion, cast: Cast) -> None:
    proposal = TriggerProposal.objects.create(kind=TriggerProposal.Kind.SCHEDULE, key="schedule", sentence="Its time has come.")
    run = start_run(by=cast.admin, dataset=dataset, recipe=RECIPE, proposal=proposal)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.run, proposal.decided_by) == (TriggerProposal.State.STARTED, run, cast.admin)
    with pytest.raises(Refused) as caught:
        start_run(by=cast.admin, dataset=dataset, recipe=RECIPE, proposal=proposal)
    assert caught.value.code == "proposal_decided"
    assert TrainingRun.objects.count() == 1, "rolled back"


def test_the_default_base_need_not_be_ready(dataset: DatasetVersion, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(prepare.VARIABLE)
    assert prepare.base_at_hand(Path(settings.DATA_DIR) / "models") is None
    assert start_run(by=None, dataset=dataset, recipe=RECIPE).state == RunState.QUEUED
    assert not (Path(settings.DATA_DIR) / "models").exists()
