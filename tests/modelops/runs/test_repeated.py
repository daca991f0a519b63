"""A run that came out as another one did, weights and numbers alike, makes the same model: it is told of that one to its end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from modelops.folders import run_folder
from modelops.models import DatasetVersion, ModelVersion, RunStage, RunState, TrainingRun
from modelops.runs import working
from modelops.runs.working import work_on
from tests.modelops.runs.conftest import Started
from tests.modelops.runs.small import frozen, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NUMBER = 2


@pytest.fixture
def version(dataset: DatasetVersion) -> DatasetVersion:
    """With so many validation documents that a model has confidence."""
    return frozen(number=NUMBER, validation=20)


def carry_out(run: TrainingRun) -> TrainingRun:
    run.refresh_from_db()
    work_on(run.pk, run.attempts, fence=lambda: None)
    run.refresh_from_db()
    return run


def test_a_repeated_run_is_judged_by_the_model_that_it_made_again(station: Path, started: Started, version: DatasetVersion) -> None:
    first = carry_out(started(dataset=version))
    model = ModelVersion.objects.get()
    verdict = model.gate_results.get()
    again = started(dataset=version)
    shutil.copytree(run_folder(first), run_folder(again), dirs_exist_ok=True)
    TrainingRun.objects.filter(pk=again.pk).update(state=RunState.RUNNING, stage=RunStage.PACKING)
    carry_out(again)
    assert (again.state, again.stage, again.error_message) == (RunState.FINISHED, RunStage.DONE, "")
    assert ModelVersion.objects.get() == model, "what is the same has one name, and one row"
    assert (model.run_id, model.evaluations.count()) == (first.pk, 1), "what was evaluated is not evaluated again"
    assert model.gate_results.get() == verdict, "asked again while nothing has changed, the verdict is the same one"
    assert any(f"Packed as {model.model_id}" in line and f"model {model.number}" in line for line in told(again))
    assert any(line.startswith(f"Evaluates model {model.number}") for line in told(again))
    assert told(again)[-2:] == ["The gate says: not passed.", "Finished."]


@pytest.mark.parametrize("stage", [RunStage.EVALUATING, RunStage.JUDGING])
def test_without_its_model_in_the_registry_a_run_fails_with_the_remedy(
    station: Path, started: Started, version: DatasetVersion, stage: RunStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "STAGES", {stage.value: working.STAGES[stage]})
    run = started(dataset=version)
    shutil.rmtree(run_folder(run) / "artifact", ignore_errors=True)
    carry_out(run)
    assert (run.state, run.error_code) == (RunState.FAILED, "model_missing")
    assert "is not in the registry; resume the run" in run.error_message
