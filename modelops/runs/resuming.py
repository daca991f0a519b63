"""Having a run go on that was stopped or failed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from mlcore.errors import RecipeError
from modelops.errors import Refused
from modelops.models import RunLine, RunState, TrainingRun
from modelops.runs.readiness import refuse_unready
from modelops.runs.starting import recipe_of
from modelops.signals import run_wanted

RESUMABLE = (RunState.STOPPED, RunState.FAILED)


def resume_run(run: TrainingRun, by: User | None) -> TrainingRun:
    """Queue it again; it goes on with the stage that it was in, from the last checkpoint. Of two at once one wins.

    Raises ``Refused``: ``run_not_resumable`` for a run that waits, runs or has finished, and what stands against starting it
    (``modelops.runs.readiness``).
    """
    now = TrainingRun.objects.select_related("dataset", "start_model__dataset").get(pk=run.pk)
    if now.state not in RESUMABLE:
        raise _not_resumable(now)
    try:
        refuse_unready(now.dataset, recipe_of(now), now.launcher, now.start_model)
    except RecipeError as error:
        raise Refused("recipe_invalid", f"The recipe of training run {now.pk} is known no more: {error}") from error
    with transaction.atomic():
        waiting = {"state": RunState.QUEUED, "attempts": F("attempts") + 1, "error_code": "", "error_message": "", "finished_at": None}
        if not TrainingRun.objects.filter(pk=now.pk, state=now.state, attempts=now.attempts).update(**waiting):
            raise _not_resumable(TrainingRun.objects.get(pk=now.pk))
        run.refresh_from_db()
        RunLine.objects.create(run_id=run.pk, text=f"Goes on with: {run.get_stage_display().lower()} (attempt {run.attempts}).")
        before = {"state": now.state, "stage": now.stage, "step": now.step}
        record(Action.RUN_RESUMED, actor=by, object=Target("training_run", run.pk), before=before, after={"attempt": run.attempts})
        run_wanted.send(sender=None, run_id=run.pk, attempt=run.attempts)
    return run


def _not_resumable(run: TrainingRun) -> Refused:
    told = f"Training run {run.pk} is {run.get_state_display().lower()}; only one that was stopped or failed can go on."
    return Refused("run_not_resumable", told, {"state": run.state})
