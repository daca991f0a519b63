"""A task as one person sees it, loaded in one statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import DateTimeField, Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from invoices.models import User
from invoices.prepared import Slot
from labeling.errors import TaskFinished, TaskWithdrawn
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


def refuse_closed(task: LabelingTask, user: User) -> None:
    """Raise ``TaskFinished`` (with the answer that counts) or ``TaskWithdrawn`` unless the task is open."""
    if task.state == TaskState.WITHDRAWN:
        raise TaskWithdrawn(f"Task {task.pk} is no longer needed. Open the next one.")
    if task.state == TaskState.DONE:
        annotation = task.annotation
        current = {
            "record": annotation.record,
            "submitted_at": annotation.submitted_at.isoformat().replace("+00:00", "Z"),
            "by_me": annotation.author_id == user.pk,
        }
        raise TaskFinished(f"Task {task.pk} was submitted already. Open the next one.", {"current": current})
