"""Claiming: one statement finds the task, one conditional UPDATE takes its lease. Nobody gets a task twice.

On PostgreSQL the finding statement locks the row and skips rows that another claim has locked; on SQLite
the transaction is IMMEDIATE, so claims stand in line. The clock is the database's. Costs do not grow with
the queue: the candidate comes off the ``task_claim`` index.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now

from invoices.models import Role, User
from labeling.assignment.strategies import Step, claim_steps, kinds_for
from labeling.errors import RequestInvalid, TaskFinished, TaskHeld, TaskNotFound, TaskWithdrawn
from labeling.finished import answer_of
from labeling.models import LabelingTask, TaskDraft, TaskKind, TaskSkip, TaskState

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """A task with its lease as this person sees it. ``draft`` is this person's own, or ``None``."""

    task: LabelingTask
    draft: TaskDraft | None
    now: dt.datetime


def claim_next(*, user: User, kind: str | None = None, prefetch: bool = False, current: int | None = None) -> Claim | None:
    """The task to work on next, with a fresh lease; ``None`` when nothing is left for this person.

    ``prefetch`` takes the one after ``current`` ahead of time, under its own lease. Raises
    ``RequestInvalid`` (``kind_not_allowed``) for a kind that this person's role is not handed.
    """
    kinds = _kinds(user, kind)
    for _ in range(_ATTEMPTS):
        with transaction.atomic():
            task = _found(user, kinds, prefetch=prefetch, current=current).first()
            if task is None:
                return None
            if _take(task, user, prefetched=prefetch):
                return Claim(task, own_draft(task), task.now)
    return None


def claim_task(*, user: User, task_id: int) -> Claim:
    """Open one given task. Raises ``TaskNotFound``, ``TaskHeld``, ``TaskFinished`` or ``TaskWithdrawn``."""
    with transaction.atomic():
        task = with_draft(user).filter(pk=task_id, kind__in=kinds_for(user.role)).select_for_update(of=("self",)).first()
        if task is None:
            raise TaskNotFound(f"There is no task {task_id} for you. Open the next one instead.")
        refuse_closed(task, user)
        if not _take(task, user, prefetched=False):
            raise TaskHeld(f"Somebody else has task {task_id} open. Open the next one instead.")
        return Claim(task, own_draft(task), task.now)


def refuse_closed(task: LabelingTask, user: User) -> None:
    """Raise ``TaskFinished`` or ``TaskWithdrawn`` unless the task is open."""
    if task.state == TaskState.DONE:
        raise TaskFinished(f"Task {task.pk} was submitted already. Open the next one.", {"current": answer_of(task, user)})
    if task.state == TaskState.WITHDRAWN:
        raise TaskWithdrawn(f"Task {task.pk} is no longer needed. Open the next one.")


def own_draft(task: LabelingTask) -> TaskDraft | None:
    """The draft that ``with_draft`` loaded along."""
    draft: TaskDraft | None = getattr(task, "own_draft", None)
    return draft


def with_draft(user: User) -> QuerySet[LabelingTask]:
    """Tasks with document, vendor, prediction, annotation, this user's draft and the database's ``now``, in one statement."""
    return (
        LabelingTask.objects.annotate(
            own_draft=FilteredRelation("drafts", condition=Q(drafts__author=user)),
            now=Now(output_field=DateTimeField()),
        )
        .select_related("document__vendor", "prediction", "annotation", "own_draft")
        .defer("document__text_signature")
    )


def free() -> Q:
    """Whether nobody holds the task: never claimed, released, or the lease ran out."""
    return Q(assignee__isnull=True) | Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lte=Now())


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
    return with_draft(user).filter(pk=Coalesce(*choices, Value(-1)))


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


def _take(task: LabelingTask, user: User, *, prefetched: bool) -> bool:
    """Set the lease on the row and on ``task``; ``False`` when somebody else holds it."""
    mine = task.assignee_id == user.pk and task.lease_expires_at is not None and task.lease_expires_at > task.now
    lease = {
        "assignee": user,
        "claimed_at": task.claimed_at if mine and task.claimed_at else task.now,
        "lease_expires_at": task.now + settings.LEASE,
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
