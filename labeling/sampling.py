"""Opening work: which documents wait for a person, and with which pre-fill."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from invoices.models import Document, Prediction
from labeling.assignment.strategies import priority
from labeling.models import LabelingTask, TaskDraft, TaskKind, TaskState
from labeling.task_view import free


def open_task(document_id: int, *, fence: Callable[[], None] | None = None) -> int:
    """Make sure the document has its label task; answers the task's id. Idempotent. ``fence`` raises to refuse a late result.

    A task that nobody has touched (open, no draft, no live lease) gets the document's newest prediction and
    the priority that goes with it; a task in work keeps the pre-fill that its person was shown.
    """
    with transaction.atomic():
        if fence is not None:
            fence()
        document = Document.objects.only("received_at").get(pk=document_id)
        newest = Prediction.objects.filter(document=document_id).order_by("-id").first()
        rank = priority(waiting=timezone.now() - document.received_at, confidence=mean_confidence(newest))
        task, created = LabelingTask.objects.get_or_create(
            document=document, kind=TaskKind.LABEL, ordinal=1, defaults={"prediction": newest, "priority": rank}
        )
        if not created:
            _untouched().filter(pk=task.pk).update(prediction=newest, priority=rank)
    return task.pk


def open_document_ids(vendor_id: int) -> list[int]:
    """Documents of a vendor whose label task nobody has touched: those a new template may pre-fill again."""
    vendor = Q(document__vendor=vendor_id) | Q(document__vendor__merged_into=vendor_id)
    return list(untouched_documents().filter(vendor).order_by("document_id").values_list("document_id", flat=True))


def untouched_documents() -> models.QuerySet[LabelingTask]:
    """The label tasks that nobody has touched, in no order."""
    return _untouched().filter(kind=TaskKind.LABEL)


def begun_document_ids(document_ids: Sequence[int]) -> set[int]:
    """Which of these documents a person has begun or finished: a new pre-fill would not be shown to anybody."""
    tasks = LabelingTask.objects.filter(document__in=document_ids, kind=TaskKind.LABEL)
    untouched = untouched_documents().filter(document__in=document_ids).values("pk")
    return set(tasks.exclude(pk__in=untouched).values_list("document_id", flat=True))


def mean_confidence(prediction: Prediction | None) -> float | None:
    """Mean confidence (0..1) of the values that a prediction has; ``None`` without any."""
    fields = prediction.fields if prediction else []
    found = [float(field["confidence"]) for field in fields if field.get("value") is not None]
    return sum(found) / len(found) if found else None


def _untouched() -> models.QuerySet[LabelingTask]:
    drafts = TaskDraft.objects.filter(task=OuterRef("pk"))
    return LabelingTask.objects.filter(state=TaskState.OPEN).filter(free()).filter(~Exists(drafts))
