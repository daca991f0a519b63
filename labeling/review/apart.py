"""Which documents may be worked on many at a time, and which are kept apart: nothing that other people said may show on those."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from invoices.models import Document, DocumentStatus
from labeling.models import LabelingTask, TaskDraft, TaskKind, TaskPurpose, TaskState


def kept_apart(document: str = "pk") -> Exists:
    """Whether a document is one of a blind pair, or drawn to become one. ``document`` is the path to its id from the query's model.

    Any second label counts, also one that was withdrawn or is done: what was compared once must stay as it was. An audit, whose person
    judges alone, and a label task that was drawn for anything are left alone too.
    """
    drawn = (
        Q(kind__in=[TaskKind.SECOND_LABEL, TaskKind.AUDIT])
        | Q(side__isnull=False)
        | Q(ordinal__gt=1)
        | (Q(kind=TaskKind.LABEL) & ~Q(drawn_for=""))
    )
    return Exists(LabelingTask.objects.filter(drawn, document=OuterRef(document)))


def in_nobodys_hands() -> QuerySet[Document]:
    """Pre-filled documents that nobody has labeled, holds or has begun, in no order; none kept apart, no test, no altered pre-fill."""
    tasks = LabelingTask.objects.filter(document=OuterRef("pk"))
    begun = Q(lease_expires_at__gt=Now()) | Exists(TaskDraft.objects.filter(task=OuterRef("pk"))) | Q(state=TaskState.DONE)
    special = ~Q(purpose=TaskPurpose.WORK) | ~Q(seeded={}) | Q(hides_prefill=True)
    return Document.objects.filter(~kept_apart(), ~Exists(tasks.filter(begun | special)), status=DocumentStatus.PREFILLED)
