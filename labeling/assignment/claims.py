"""Claiming: one statement finds the task, one conditional UPDATE takes its lease. Nobody gets a task twice.

On PostgreSQL the finding statement locks the row and skips rows that another claim has locked; on SQLite
the transaction is IMMEDIATE, so claims stand in line. The clock is the database's. Costs do not grow with
the queue: the candidate comes off the ``task_claim`` index. The statements are in ``lease_sql``.
"""

from __future__ import annotations

from django.db import transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Role, User
from invoices.prepared import Prepared, Slot
from labeling.assignment import lease_sql
from labeling.assignment.strategies import claim_steps, kinds_for, lines_for
from labeling.blindness import theirs
from labeling.errors import OwnLabel, RequestInvalid, TaskHeld, TaskNotFound
from labeling.models import Annotation, LabelingTask, TaskKind
from labeling.pausing.pausing import refuse_paused
from labeling.task_view import TaskView, is_for, refuse_closed, tasks_for, view_of

_ATTEMPTS = 3
_TASK = Prepared(lambda: tasks_for(Slot("user")).filter(pk=Slot("task")))


def claim_next(*, user: User, kind: str | None = None, prefetch: bool = False, current: int | None = None) -> TaskView | None:
    """The task to work on next, with a fresh lease; ``None`` when nothing is left for this person.

    Without a ``kind`` it is one for the labeling screen. An adjudication is never handed to a person who labeled its document.
    ``prefetch`` takes the one after ``current`` ahead of time, under its own lease. Raises
    ``RequestInvalid`` (``kind_not_allowed``) for a kind that this person's role is not handed, and ``QueuePaused`` when there is nothing
    because the person's queue is paused.
    """
    line = _line(user, kind)
    steps = claim_steps(senior=user.has_role(Role.SENIOR), prefetch=prefetch)
    for _ in range(_ATTEMPTS):
        with transaction.atomic():
            found = lease_sql.find(steps, user=user, line=line, other_than=current or 0)
            if found is None:
                break
            if lease_sql.take(found, user=user, prefetched=prefetch):
                return _taken(view_of(_TASK.first(task=found, user=user.pk)), user)
    if not prefetch:
        refuse_paused(user)
    return None


def claim_task(*, user: User, task_id: int) -> TaskView:
    """Open one given task. Raises ``TaskNotFound``, ``TaskHeld``, ``TaskFinished``, ``TaskWithdrawn``, ``OwnLabel`` or ``QueuePaused``."""
    with transaction.atomic():
        if not lease_sql.take(task_id, user=user, prefetched=False):
            _refuse(task_id, user)
        row = _TASK.first(task=task_id, user=user.pk)
        if row is None or not is_for(row, user):
            raise TaskNotFound(f"There is no task {task_id} for you. Open the next one instead.")
        return _taken(view_of(row), user)


def _taken(view: TaskView, user: User) -> TaskView:
    """Claiming opens the document to the person, so each claim is recorded."""
    task = view.task
    opened = Target("task", task.pk, document=task.document_id)
    record(Action.TASK_CLAIMED, actor=user, object=opened, after={"kind": task.kind, "prefetched": task.prefetched})
    return view


def _refuse(task_id: int, user: User) -> None:
    task = LabelingTask.objects.filter(theirs(user), pk=task_id, kind__in=kinds_for(user.role)).first()
    if task is None:
        raise TaskNotFound(f"There is no task {task_id} for you. Open the next one instead.")
    refuse_closed(task, user)
    if task.kind == TaskKind.ADJUDICATE and Annotation.objects.filter(document=task.document_id, author=user).exists():
        raise OwnLabel("One of the two labels is yours, so another senior has to settle this document. Open the next one.")
    refuse_paused(user)
    raise TaskHeld(f"Somebody else has task {task_id} open. Open the next one instead.")


def _line(user: User, kind: str | None) -> str:
    lines = lines_for(user.role)
    if kind is None:
        return lines[0]
    if kind not in lines:
        raise RequestInvalid(
            "kind_not_allowed", f"Your role is not handed {TaskKind(kind).label.lower()} tasks; yours: {', '.join(lines)}."
        )
    return kind
