"""What a person may know of documents that are being labeled twice, as conditions for queries.

A pair is blind as long as one of its tasks is open. Until then a person sees a task of it only when it is on that person's side
(``labeling.halves``), and of its annotations only their own. Nothing that a blind pair does moves the document: its status,
vendor and pre-fill stay until the last label is in (``labeling.pairing``).
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from invoices.models import Role, User
from invoices.prepared import Slot
from labeling.halves import EITHER, labels_blind, sides_of
from labeling.models import Annotation, LabelingTask, TaskDraft, TaskKind, TaskState

_TOLD = (TaskKind.LABEL, TaskKind.REVIEW, TaskKind.ADJUDICATE)


def blind(document: str = "document") -> Exists:
    """Whether a document's labels are still blind; ``document`` is the outer query's column of the document's id."""
    return Exists(LabelingTask.objects.filter(document=OuterRef(document), side__isnull=False, state=TaskState.OPEN))


def is_blind(document_id: int) -> bool:
    """``blind`` for one document."""
    return LabelingTask.objects.filter(document=document_id, side__isnull=False, state=TaskState.OPEN).exists()


def theirs(user: User) -> Q:
    """Tasks that this person may do as far as blind pairs go: of no pair, or on their side; and none that is reserved for somebody else."""
    if not labels_blind(user):
        return Q(_not_another_ones(user), side__isnull=True)
    sides = Q(side__isnull=True) | Q(side__in=sides_of(user.pk)) | Q(Q(side=EITHER), ~Exists(_had_by(user.pk)))
    return _not_another_ones(user) & sides


def may_see(user: User) -> Q:
    """Tasks whose existence this person may know of: never one of a test of somebody else's, whose list is elsewhere."""
    if not labels_blind(user):
        return _not_another_ones(user)
    return theirs(user) | Q(Q(~blind()), _not_another_ones(user))


def readable_annotations(annotations: QuerySet[Annotation], user: User) -> QuerySet[Annotation]:
    """Those that this person may read: their own, and those of documents that are not blind any more.

    Labels of tests of others are the seniors' to read.
    """
    may = annotations.filter(Q(author=user) | Q(~blind()))
    return may if user.has_role(Role.SENIOR) else may.filter(Q(author=user) | Q(task__reserved_for__isnull=True))


def shown_kind(kind: str, *, lifted: bool) -> str:
    """The kind of a task as people are told: second labels and audits are labels until blindness has lifted."""
    return kind if lifted or kind in _TOLD else TaskKind.LABEL.value


def _not_another_ones(user: User) -> Q:
    return Q(reserved_for__isnull=True) | Q(reserved_for=user)


def _had_by(user: int | Slot) -> QuerySet[LabelingTask]:
    """Other blind tasks of the document of the outer query's task that this person has, did or began."""
    others = LabelingTask.objects.filter(document=OuterRef("document"), side__isnull=False).exclude(pk=OuterRef("pk"))
    drafts = TaskDraft.objects.filter(task=OuterRef("pk"), author=user)
    return others.filter(Q(assignee=user) | Exists(drafts))
