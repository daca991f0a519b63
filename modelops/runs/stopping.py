"""Stopping a run: first gently, after the step under way; asked once more, at once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from modelops.errors import Refused
from modelops.models import RunLine, RunState, TrainingRun

_NEXT = {
    RunState.QUEUED: (RunState.STOPPED, "Stopped before it began."),
    RunState.RUNNING: (RunState.STOPPING, "Asked to stop: it saves where it is, and ends."),
    RunState.STOPPING: (RunState.STOPPED, "Stopped at once; it goes on from what was saved last."),
}


def stop_run(run: TrainingRun, by: User | None) -> TrainingRun:
    """Stop a run that waits at once, and one that runs after the step under way (state ``STOPPING``, for the time of a step).

    Asked again while it stops, it is stopped whatever its worker does, which notices within seconds; so a run whose worker is gone for
    good can be ended too. Raises ``Refused`` (``run_ended``) when there is nothing to stop.
    """
    with transaction.atomic():
        for state, (after, text) in _NEXT.items():
            ended = {"finished_at": timezone.now(), "eta_seconds": None} if after == RunState.STOPPED else {}
            if run.state == state and TrainingRun.objects.filter(pk=run.pk, state=state).update(state=after, **ended):
                RunLine.objects.create(run_id=run.pk, text=text)
                record(Action.RUN_STOPPED, actor=by, object=Target("training_run", run.pk), before={"state": state}, after={"state": after})
                run.refresh_from_db()
                return run
        now = TrainingRun.objects.get(pk=run.pk)
    if now.state != run.state and now.state in _NEXT:
        return stop_run(now, by)
    raise Refused(
        "run_ended", f"Training run {now.pk} is {now.get_state_display().lower()} already; there is nothing to stop.", {"state": now.state}
    )
