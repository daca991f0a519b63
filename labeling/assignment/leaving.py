"""Giving a task back: release, skip, postpone. Drafts are kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import User
from labeling.assignment.strategies import POSTPONE_MINUTES, kinds_for
from labeling.blindness import theirs
from labeling.errors import LeaseLost, RequestInvalid, TaskNotFound
from labeling.models import LabelingTask, SkipReason, TaskSkip, TaskState

_FREED: dict[str, Any] = {"assignee": None, "lease_expires_at": None, "claimed_at": None, "prefetched": False}


def release(*, user: User, task_id: int) -> None:
    """Give the task back to the queue. Releasing what one does not hold changes nothing."""
    with transaction.atomic():
        if _held(user, task_id).update(**_FREED):
            record(Action.TASK_RELEASED, actor=user, object=Target("task", task_id))
        else:
            _visible(user, task_id)


def skip(*, user: User, task_id: int, reason: SkipReason, comment: str = "") -> None:
    """Give the task back for good: this person is not handed it again. The same skip again changes nothing.

    ``needs_senior`` puts it in front of the seniors' queue; ``other`` needs a comment.
    """
    if reason is SkipReason.OTHER and not comment.strip():
        raise RequestInvalid("comment_missing", "The reason 'other' needs a comment: say in a few words what is wrong.")
    with transaction.atomic():
        values = {**_FREED, "escalated": True} if reason is SkipReason.NEEDS_SENIOR else _FREED
        if not _held(user, task_id).update(**values):
            _visible(user, task_id)
            if not TaskSkip.objects.filter(task=task_id, user=user).exists():
                raise _not_holding(task_id)
            return
        TaskSkip.objects.get_or_create(task_id=task_id, user=user, defaults={"reason": reason, "comment": comment.strip()})
        record(Action.TASK_SKIPPED, actor=user, object=Target("task", task_id), after={"reason": reason.value})


def postpone(*, user: User, task_id: int, minutes: int) -> None:
    """Put the task away for some minutes; nobody is handed it meanwhile, and it returns to this person first."""
    if minutes not in POSTPONE_MINUTES:
        limits = f"{POSTPONE_MINUTES.start} to {POSTPONE_MINUTES.stop - 1:,} minutes"
        raise RequestInvalid("minutes_out_of_range", f"{minutes} minutes cannot be postponed; choose {limits} (a week).")
    until = Now() + dt.timedelta(minutes=minutes)
    with transaction.atomic():
        if _held(user, task_id).update(**_FREED, postponed_until=until, postponed_by=user):
            record(Action.TASK_POSTPONED, actor=user, object=Target("task", task_id), after={"minutes": minutes})
        elif _visible(user, task_id).postponed_by_id != user.pk:
            raise _not_holding(task_id)


def _held(user: User, task_id: int) -> Any:
    return LabelingTask.objects.filter(pk=task_id, state=TaskState.OPEN, assignee=user)


def _visible(user: User, task_id: int) -> LabelingTask:
    task = LabelingTask.objects.filter(theirs(user), pk=task_id, kind__in=kinds_for(user.role)).first()
    if task is None:
        raise TaskNotFound(f"There is no task {task_id} for you.")
    return task


def _not_holding(task_id: int) -> LeaseLost:
    return LeaseLost(f"You do not hold task {task_id} any more, so there is nothing to put away. Open the next one.")
