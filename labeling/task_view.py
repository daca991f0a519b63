"""A task as one person sees it, loaded in one statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from invoices.models import User
from invoices.prepared import Slot
from labeling.assignment.strategies import kinds_for
from labeling.blindness import is_blind
from labeling.errors import TaskFinished, TaskWithdrawn
from labeling.halves import EITHER, labels_blind, sides_of
from labeling.models import FieldVerification, LabelingTask, TaskDraft, TaskState

WITH_DOCUMENT: tuple[str, ...] = ("document__vendor", "prediction", "own_draft")
WITHOUT_DOCUMENT: tuple[str, ...] = ("prediction", "own_draft")


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task with this person's own draft (or ``None``) and the database's clock at the time of reading.

    Prediction, and by default document and vendor, are loaded along; nobody else's draft ever is.
    """

    task: LabelingTask
    draft: TaskDraft | None
    now: dt.datetime


def tasks_for(user: User | Slot, related: tuple[Any, ...] = WITH_DOCUMENT) -> QuerySet[LabelingTask]:
    """What ``view_of`` needs, in one statement, in no order. ``has_verified``: values were verified in a batch."""
    own_draft = FilteredRelation("drafts", condition=Q(drafts__author=user))
    tasks = LabelingTask.objects.annotate(own_draft=own_draft, now=Now(output_field=DateTimeField()))
    rows = tasks.select_related(*related)
    if "document__vendor" not in related:
        return rows
    verified = FieldVerification.objects.filter(document=OuterRef("document"))
    return rows.annotate(has_verified=Exists(verified)).defer("document__text_signature")


def view_of(row: Any) -> TaskView:
    """The view of a row of ``tasks_for``."""
    return TaskView(row, getattr(row, "own_draft", None), row.now)


def free() -> Q:
    """Whether nobody holds a task: never claimed, released, or the lease ran out by the database's clock."""
    return Q(assignee__isnull=True) | Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lte=Now())


def is_for(task: LabelingTask, user: User) -> bool:
    """Whether the task is of a kind that the person's role is handed and on the person's side, held or not.

    One that is reserved for somebody is nobody else's.
    """
    theirs = task.side is None or (labels_blind(user) and (task.side == EITHER or task.side in sides_of(user.pk)))
    return task.kind in kinds_for(user.role) and theirs and task.reserved_for_id in (None, user.pk)


def refuse_closed(task: LabelingTask, user: User) -> None:
    """Raise ``TaskFinished`` (with the answer that counts) or ``TaskWithdrawn`` unless the task is open.

    Somebody else's label of a pair is withheld (``record`` is ``None``) until both are in.
    """
    if task.state == TaskState.WITHDRAWN:
        raise TaskWithdrawn(f"Task {task.pk} is no longer needed. Open the next one.")
    if task.state == TaskState.DONE:
        annotation = task.annotation
        withheld = task.side is not None and annotation.author_id != user.pk and is_blind(task.document_id)
        current = {
            "record": None if withheld else annotation.record,
            "submitted_at": annotation.submitted_at.isoformat().replace("+00:00", "Z"),
            "by_me": annotation.author_id == user.pk,
        }
        raise TaskFinished(f"Task {task.pk} was submitted already. Open the next one.", {"current": current})
