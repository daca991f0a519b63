"""Carrying a run out: from the stage that it is in to its end, whatever happens on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.db.models.functions import Coalesce, Now

from mlcore.errors import MlcoreError
from modelops.errors import ModelopsError
from modelops.folders import run_folder
from modelops.models import RunLine, RunStage, RunState, TrainingRun
from modelops.runs.calibrating_stage import calibrate
from modelops.runs.failing import disk_failure
from modelops.runs.faults import RunFailed, RunStopped, RunTaken
from modelops.runs.hold import Hold
from modelops.runs.judging_stage import evaluate, judge
from modelops.runs.launching import launcher_named
from modelops.runs.locking import only_here
from modelops.runs.packing_stage import pack
from modelops.runs.reading_stage import read
from modelops.runs.starting import recipe_of
from modelops.runs.training_stage import train
from modelops.runs.work import Work

STAGES: dict[str, Callable[[Work], None]] = {
    RunStage.TRAINING: train,
    RunStage.READING: read,
    RunStage.CALIBRATING: calibrate,
    RunStage.PACKING: pack,
    RunStage.EVALUATING: evaluate,
    RunStage.JUDGING: judge,
}
"""In their order."""


def work_on(run_id: int, attempt: int, *, fence: Callable[[], None], got_on: Callable[[], None] = lambda: None) -> None:
    """Carry out attempt ``attempt`` at a run, from the stage that it is in. Nothing when that attempt is over.

    Designed faults end the run as failed, with their code and remedy; a wish to stop ends it as stopped. Anything else (a fault of this
    program, a database that is away, what ``fence`` raises) is raised, and the ledger has it done again. Raises ``DoesNotExist``.
    """
    run = _begun(run_id, attempt, fence)
    if run is None:
        return
    hold = Hold(run_id, attempt, fence, got_on, hourly_rate=run.hourly_rate, seconds=run.seconds)
    folder = run_folder(run)
    try:
        _carry_out(run, hold, folder)
    except RunTaken:
        return
    except RunStopped:
        hold.write("Stopped; it can go on from here.", state=RunState.STOPPED, finished_at=Now(), eta_seconds=None)
    except OSError as error:
        _fail(hold, disk_failure(error, folder))
    except MlcoreError as error:
        _fail(hold, RunFailed(getattr(error, "code", "training_failed"), str(error)))
    except ModelopsError as error:
        _fail(hold, error)


def _begun(run_id: int, attempt: int, fence: Callable[[], None]) -> TrainingRun | None:
    """The run, now in the hands of this worker; ``None`` when there is nothing to do. One that was to stop has stopped."""
    with transaction.atomic():
        fence()
        mine = TrainingRun.objects.filter(pk=run_id, attempts=attempt)
        mine.filter(state=RunState.STOPPING).update(state=RunState.STOPPED, finished_at=Now(), eta_seconds=None)
        again = mine.filter(state=RunState.RUNNING).exists()
        open_one = mine.filter(state__in=[RunState.QUEUED, RunState.RUNNING])
        taken = open_one.update(state=RunState.RUNNING, started_at=Coalesce("started_at", Now()), told_at=Now())
        if again:
            RunLine.objects.create(run_id=run_id, text="Its worker ended; another one goes on.")
        run = TrainingRun.objects.select_related("dataset", "asked_by", "start_model__dataset").get(pk=run_id)
    return run if taken else None


def _carry_out(run: TrainingRun, hold: Hold, folder: Path) -> None:
    hold.processes = launcher_named(run.launcher).processes
    with only_here(folder, hold.check) as lock:
        work = Work(run, recipe_of(run), hold, folder, lock)
        stages = list(STAGES)
        for stage in stages[stages.index(run.stage) if run.stage in STAGES else 0 :]:
            hold.write(stage=stage)
            work.look()
            STAGES[stage](work)
        _tidy(work)
        hold.write("Finished.", state=RunState.FINISHED, stage=RunStage.DONE, finished_at=Now(), eta_seconds=None)


def _tidy(work: Work) -> None:
    """A finished run goes on no more: its checkpoints and its draft make room."""
    for place in (*work.folder.glob("step-*"), work.draft):
        shutil.rmtree(place, ignore_errors=True)


def _fail(hold: Hold, error: ModelopsError) -> None:
    code, message = error.code[:60], error.detail[:600]
    hold.write(message, state=RunState.FAILED, finished_at=Now(), error_code=code, error_message=message, eta_seconds=None)
