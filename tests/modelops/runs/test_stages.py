"""A run goes on with the stage that it was in."""

from __future__ import annotations

from functools import partial

import pytest

from modelops.models import RunStage, RunState, TrainingRun
from modelops.runs import working
from modelops.runs.work import Work
from modelops.runs.working import STAGES, work_on
from tests.modelops.runs.conftest import Started
from tests.modelops.runs.small import told

pytestmark = pytest.mark.django_db


def note(done: list[str], stage: str, work: Work) -> None:
    done.append(stage)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done; the stages themselves only say that they were."""
    found: list[str] = []
    monkeypatch.setattr(working, "STAGES", {str(one): partial(note, found, str(one)) for one in STAGES})
    return found


def test_the_stages_are_those_of_the_row_in_their_order() -> None:
    assert list(STAGES) == [stage for stage in RunStage if stage != RunStage.DONE]


@pytest.mark.parametrize("stage", [stage.value for stage in RunStage if stage != RunStage.DONE])
def test_killed_in_a_stage_it_does_that_one_and_those_after_it(stage: str, started: Started, done: list[str]) -> None:
    run = started()
    TrainingRun.objects.update(state=RunState.RUNNING, stage=stage)
    work_on(run.pk, 1, fence=lambda: None)
    run.refresh_from_db()
    assert done == [str(one) for one in STAGES][[str(one) for one in STAGES].index(stage) :]
    assert (run.state, run.stage, run.attempts) == (RunState.FINISHED, RunStage.DONE, 1)
    assert told(run) == ["Its worker ended; another one goes on.", "Finished."]
    work_on(run.pk, 1, fence=lambda: None)
    assert told(run)[-1] == "Finished.", "what is over is over"


def test_a_wish_to_stop_is_obeyed_between_stages(started: Started, done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run = started()

    def asks_to_stop(work: Work) -> None:
        done.append("reading")
        TrainingRun.objects.filter(pk=run.pk).update(state=RunState.STOPPING)

    monkeypatch.setitem(working.STAGES, RunStage.READING.value, asks_to_stop)
    work_on(run.pk, 1, fence=lambda: None)
    run.refresh_from_db()
    assert done == ["training", "reading"]
    assert (run.state, run.stage) == (RunState.STOPPED, RunStage.CALIBRATING)


def test_a_fault_of_the_program_is_the_ledgers_to_try_again(started: Started, done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(work: Work) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(working.STAGES, RunStage.READING.value, broken)
    run = started()
    with pytest.raises(ZeroDivisionError):
        work_on(run.pk, 1, fence=lambda: None)
    run.refresh_from_db()
    assert (run.state, run.stage) == (RunState.RUNNING, RunStage.READING)


def test_a_disk_that_refuses_the_worker_itself_fails_the_run_with_the_remedy(
    started: Started, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(work: Work) -> None:
        raise OSError(28, "No space left on device", str(work.folder / "readings.jsonl"))

    monkeypatch.setitem(working.STAGES, RunStage.READING.value, full)
    run = started()
    work_on(run.pk, 1, fence=lambda: None)
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "disk_full")
    assert "readings.jsonl (No space left on device). Make room there, then resume the run" in run.error_message
