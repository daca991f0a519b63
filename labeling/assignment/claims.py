"""Claiming: one statement finds the task, one conditional UPDATE takes its lease. Nobody gets a task twice.

On PostgreSQL the finding statement locks the row and skips rows that another claim has locked; on SQLite
the transaction is IMMEDIATE, so claims stand in line. The clock is the database's. Costs do not grow with
the queue: the candidate comes off the ``task_claim`` index.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now

from invoices.models import Role, User
from labeling.assignment.strategies import Step, claim_steps, kinds_for
from labeling.errors import RequestInvalid, TaskHeld, TaskNotFound
from labeling.models import LabelingTask, TaskKind, TaskSkip, TaskState
from labeling.task_view import TaskView, free, refuse_closed, tasks_for, view_of

_ATTEMPTS = 3


def claim_next(*, user: User, kind: str | None = None, prefetch: bool = False, current: int | None = None) -> TaskView | None:
    """The task to work on next, with a fresh lease; ``None`` when nothing is left for this person.

    ``prefetch`` takes the one after ``current`` ahead of time, under its own lease. Raises
    ``RequestInvalid`` (``kind_not_allowed``) for a kind that this person's role is not handed.
    """
    kinds = _kinds(user, kind)
    for _ in range(_ATTEMPTS):
        with transaction.atomic():
            row = _found(user, kinds, prefetch=prefetch, current=current).first()
            if row is None:
                return None
            view = view_of(row)
            if _take(view, user, prefetched=prefetch):
                return view
    return None


def claim_task(*, user: User, task_id: int) -> TaskView:
    """Open one given task. Raises ``TaskNotFound``, ``TaskHeld``, ``TaskFinished`` or ``TaskWithdrawn``."""
    with transaction.atomic():
        row = tasks_for(user).filter(pk=task_id, kind__in=kinds_for(user.role)).select_for_update(of=("self",)).first()
        if row is None:
            raise TaskNotFound(f"There is no task {task_id} for you. Open the next one instead.")
        refuse_closed(row, user)
        view = view_of(row)
        if not _take(view, user, prefetched=False):
            raise TaskHeld(f"Somebody else has task {task_id} open. Open the next one instead.")
        return view


def _kinds(user: User, kind: str | None) -> tuple[str, ...]:
    allowed = kinds_for(user.role)
    if kind is None:
        return allowed
    if kind not in allowed:
        raise RequestInvalid(
            "kind_not_allowed", f"Your role is not handed {TaskKind(kind).label.lower()} tasks; yours: {', '.join(allowed)}."
        )
    return (kind,)


def _found(user: User, kinds: tuple[str, ...], *, prefetch: bool, current: int | None) -> QuerySet[LabelingTask]:
    steps = claim_steps(senior=user.has_role(Role.SENIOR), prefetch=prefetch)
    choices = [Subquery(_step(step, user, kinds, current).values("pk")[:1]) for step in steps]
    return tasks_for(user).filter(pk=Coalesce(*choices, Value(-1)))


def _step(step: Step, user: User, kinds: tuple[str, ...], current: int | None) -> QuerySet[LabelingTask]:
    open_tasks = LabelingTask.objects.filter(state=TaskState.OPEN).exclude(pk=current or 0)
    tasks = open_tasks.filter(kind=kinds[0]) if len(kinds) == 1 else open_tasks.filter(kind__in=kinds)
    if step in (Step.OPENED, Step.PREFETCHED):
        live = tasks.filter(assignee=user, lease_expires_at__gt=Now(), prefetched=step is Step.PREFETCHED)
        return live.order_by("claimed_at", "id")
    skipped = TaskSkip.objects.filter(task=OuterRef("pk"), user=user)
    candidates = tasks.filter(free()).filter(~Exists(skipped))
    if step is Step.RETURNED:
        candidates = candidates.filter(postponed_by=user, postponed_until__lte=Now()).order_by("postponed_until", "id")
    else:
        returned_to_all = Q(postponed_until__isnull=True) | Q(postponed_until__lte=Now() - settings.LEASE)
        candidates = candidates.filter(returned_to_all).order_by("-priority", "id")
        if step is Step.ESCALATED:
            candidates = candidates.filter(escalated=True)
    if connection.features.has_select_for_update_skip_locked:
        candidates = candidates.select_for_update(skip_locked=True)
    return candidates


def _take(view: TaskView, user: User, *, prefetched: bool) -> bool:
    """Set the lease on the row and on the loaded task; ``False`` when somebody else holds it."""
    task, now = view.task, view.now
    mine = task.assignee_id == user.pk and task.lease_expires_at is not None and task.lease_expires_at > now
    lease: dict[str, Any] = {
        "assignee": user,
        "claimed_at": task.claimed_at if mine and task.claimed_at else now,
        "lease_expires_at": now + settings.LEASE,
        "prefetched": prefetched,
        "postponed_until": None,
        "postponed_by": None,
    }
    rows = LabelingTask.objects.filter(pk=task.pk, state=TaskState.OPEN).filter(Q(assignee=user) | free())
    if not rows.update(**lease):
        return False
    for name, value in lease.items():
        setattr(task, name, value)
    return True
