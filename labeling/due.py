"""When a document has to be done: some days after it came in, as the policy says, or by a day that a senior set."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.models import Document, Role, User
from labeling.assignment.lease_sql import DUE_SOON_SECONDS
from labeling.errors import RequestInvalid, RoleNeeded, TaskNotFound
from labeling.models import LabelingPolicy, LabelingTask, TaskState
from labeling.task_list import visible_tasks

SOON = dt.timedelta(seconds=DUE_SOON_SECONDS)
"""What is due within this time is handed out first."""

FURTHEST = dt.timedelta(days=3650)


def due_after(received_at: dt.datetime, policy: LabelingPolicy) -> dt.datetime | None:
    """The end of the day on which a document is due that came in then; ``None`` where the policy sets no time."""
    if not policy.due_days:
        return None
    return end_of(timezone.localtime(received_at).date() + dt.timedelta(days=policy.due_days))


def end_of(day: dt.date) -> dt.datetime:
    """The last second of a day in the server's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59, 59)))


def standing(task: LabelingTask, now: dt.datetime) -> str:
    """``over``, ``soon`` or ``""`` for an open task."""
    if task.due_at is None or task.state != TaskState.OPEN:
        return ""
    return "over" if task.due_at <= now else "soon" if task.due_at <= now + SOON else ""


def set_due(*, user: User, document_id: int, due_on: dt.date | None) -> dt.datetime | None:
    """Every open task of the document is due by the end of that day (``None``: at no time); answers when that is. For seniors.

    All of them, those of the other side of a blind pair too: two labels of one document never differ in it. Raises ``RoleNeeded``,
    ``TaskNotFound`` when nothing of it is open for this person, and ``RequestInvalid`` (``due_invalid``).
    """
    if not user.has_role(Role.SENIOR):
        raise RoleNeeded("Setting when a document is due needs the role of a senior or an admin.")
    today = timezone.localdate()
    if due_on is not None and not today <= due_on <= today + FURTHEST:
        raise RequestInvalid("due_invalid", f"{due_on} cannot be set; choose a day from today, {today}, on, within ten years.")
    due = end_of(due_on) if due_on is not None else None
    with transaction.atomic():
        Document.objects.select_for_update().filter(pk=document_id).values_list("pk").first()
        before = visible_tasks(user).filter(document=document_id, state=TaskState.OPEN).order_by("pk").first()
        if before is None:
            raise TaskNotFound(f"Nothing of document {document_id} is open for you, so there is nothing to be due.")
        LabelingTask.objects.filter(document=document_id, state=TaskState.OPEN).update(due_at=due)
        old, new = ({"due": when.isoformat() if when else None} for when in (before.due_at, due))
        record(Action.DUE_SET, actor=user, object=Target("document", document_id), before=old, after=new)
    return due
