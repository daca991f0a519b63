"""Removing a document: because its time is over, or because the patient asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.erasing import erase_document
from invoices.models import Document, Role, User
from labeling.erasing import erase_labels
from modelops.datasets.removal_files import finish_removal, lines_are_few
from modelops.datasets.removal_marks import Touched, affected, descendants_of
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import DatasetItem, DatasetVersion, DocumentRemoval, ModelVersion, ShadowDocument
from modelops.signals import document_removed

__all__ = ["MAX_REASON", "Touched", "affected", "held_of", "remove"]

MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Held:
    """How much the station holds of a document: what would be erased."""

    pages: int
    predictions: int
    labels: int
    golds: int

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"pages": self.pages, "predictions": self.predictions, "labels": self.labels, "gold_records": self.golds}


def held_of(document_id: int) -> Held:
    """Counts for whoever is asked to confirm. One statement. Raises ``NotFound``."""
    counts = {name: Count(path, distinct=True) for name, path in _COUNTED.items()}
    rows: list[tuple[int, ...]] = list(Document.objects.filter(pk=document_id).annotate(**counts).values_list(*_COUNTED))
    if not rows:
        raise NotFound("document_not_found", f"There is no document {document_id}.")
    return Held(*rows[0])


_COUNTED = {"page_rows": "pages", "prediction_rows": "predictions", "label_rows": "annotations", "gold_rows": "gold_records"}


def remove(document_id: int, ground: str, reason: str, by: User) -> DocumentRemoval:
    """Erase a document and mark what used it; a second call for the same document finishes what the first left undone.

    In one transaction: the removal with what it touched, the items and versions and models that it marks, and what the station holds of
    pages, words, predictions, labels and gold values. Then its lines leave the frozen files and what runs and evaluations wrote, and its
    files are deleted: here when they are few, else by a worker (``finished_at`` of the row says when). Names, hashes and who did what stay.
    Weights of models that learned from it are not changed by this; they are marked.

    Raises ``NotFound``, ``RequestInvalid`` (``ground_unknown``, ``reason_missing``, ``reason_too_long``), ``Refused`` (``admin_needed``),
    ``OSError`` where the disk refuses: then a worker goes on.
    """
    why = _checked(by, ground, reason)
    with transaction.atomic():
        _hold_versions()
        document = Document.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
        if document is None:
            raise NotFound("document_not_found", f"There is no document {document_id}.")
        removal = DocumentRemoval.objects.filter(document=document).first()
        if removal is None:
            touched = affected(document_id)
            removal = DocumentRemoval(document=document, ground=ground, reason=why, touched=touched.to_json(), removed_by=by)
            _mark(document_id, touched)
            erase_labels(document_id)
            removal.files = erase_document(document_id)
            removal.save()
            told = {name: len(found) for name, found in touched.to_json().items()}
            record(Action.DOCUMENT_REMOVED, actor=by, object=Target("document", document_id), after={"ground": ground, **told})
            document_removed.send(sender=DocumentRemoval, removal_id=removal.pk)
    if removal.finished_at is None and lines_are_few(removal):
        finish_removal(removal.pk)
        removal.refresh_from_db()
    return removal


def _hold_versions() -> None:
    """Whoever freezes a version takes the same row: either it misses the document, or this finds the document in it."""
    list(DatasetVersion.objects.select_for_update(of=("self",)).filter(state=DatasetVersion.State.COLLECTING).order_by("pk"))


def _mark(document_id: int, touched: Touched) -> None:
    DatasetItem.objects.filter(gold__document=document_id, removed_at=None).update(removed_at=timezone.now())
    DatasetVersion.objects.filter(number__in=touched.versions).update(removed_documents=F("removed_documents") + 1)
    trained = touched.trained
    learned = Q(dataset__number__in=trained) | Q(run__dataset__number__in=trained) | Q(pk__in=descendants_of(trained))
    models = ModelVersion.objects.filter(learned, number__in=touched.models).values_list("pk", flat=True)
    ModelVersion.objects.filter(pk__in=list(models)).update(removed_documents=F("removed_documents") + 1)
    ShadowDocument.objects.filter(document=document_id).delete()


def _checked(by: User, ground: str, reason: str) -> str:
    if not by.has_role(Role.ADMIN):
        raise Refused("admin_needed", "Removing a document is the admins' to do.")
    if ground not in DocumentRemoval.Ground.values:
        raise RequestInvalid("ground_unknown", f"{ground[:40]!r} is no ground; choose one of {', '.join(DocumentRemoval.Ground.values)}.")
    why = " ".join(reason.split())
    if not why:
        raise RequestInvalid("reason_missing", "Say why the document has to go; the reason is kept, the document is not.")
    if len(why) > MAX_REASON:
        raise RequestInvalid("reason_too_long", f"The reason has {len(why)} characters; the limit is {MAX_REASON}. Shorten it.")
    return why
