"""Sending a document to a review because somebody saw something wrong on it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, Q

from invoices.models import Prediction
from labeling.models import LabelingTask, TaskKind, TaskState
from labeling.review.doubted import describe
from labeling.task_view import free


def open_reviews(document_ids: Sequence[int], *, drawn_for: str) -> int:
    """Make sure that a person reviews these documents; answers how many have an open review now. Call it in a transaction.

    A label task that nobody has touched, or that was withdrawn, becomes the review, and a withdrawn review is open again. A label in work
    stays beside it.
    """
    newest = Prediction.objects.filter(document__in=document_ids).values("document").annotate(newest=Max("pk")).values("newest")
    predictions = {one.document_id: one for one in Prediction.objects.filter(pk__in=newest)}
    tasks = LabelingTask.objects.filter(document__in=document_ids, reserved_for=None).select_related("prediction")
    reviewed = list(tasks.filter(kind=TaskKind.REVIEW).values_list("document", flat=True))
    unused = Q(free(), state=TaskState.OPEN, drafts=None) | Q(state=TaskState.WITHDRAWN)
    labels = LabelingTask.objects.filter(unused, document__in=document_ids, kind=TaskKind.LABEL, side=None, reserved_for=None)
    labels = labels.exclude(document__in=reviewed)
    LabelingTask.objects.filter(pk__in=list(labels.values_list("pk", flat=True))).update(kind=TaskKind.REVIEW, drawn_for=drawn_for)
    tasks.filter(kind=TaskKind.REVIEW, state=TaskState.WITHDRAWN).update(state=TaskState.OPEN, finished_at=None)
    reviews = {task.document_id: task for task in tasks.filter(kind=TaskKind.REVIEW)}
    due = dict(tasks.filter(due_at__isnull=False).order_by("-pk").values_list("document", "due_at"))
    count = 0
    for document_id in document_ids:
        task = reviews.get(document_id)
        if task is None:
            task = LabelingTask.objects.create(
                document_id=document_id,
                kind=TaskKind.REVIEW,
                prediction=predictions.get(document_id),
                drawn_for=drawn_for,
                due_at=due.get(document_id),
            )
        if task.state == TaskState.OPEN:
            describe(task)
            count += 1
    return count
