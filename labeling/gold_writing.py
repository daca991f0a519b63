"""Writing the truth about a document down: the one place where a gold record is made of labels."""

from __future__ import annotations

from typing import Any

from invoices.models import Document, DocumentStatus
from invoices.prepared import insert
from labeling.models import Annotation, GoldRecord
from labeling.signals import gold_recorded, truth_changed


def write_gold(
    annotation: Annotation | None,
    *,
    document_id: int,
    record: dict[str, Any],
    vendor_id: int | None,
    evidence: dict[str, Any],
    provenance: dict[str, Any],
    supersedes: int | None,
) -> GoldRecord:
    """``record`` becomes the document's gold record, and the document gold; announces ``gold_recorded``, and ``truth_changed``
    where more than one label may be held to it.

    ``annotation`` is the one whose record it is, ``None`` for one that was put together of several.

    ``supersedes`` is the id of the record that counted so far. Call it in the transaction that decided, with the document locked.
    """
    if supersedes is not None:
        GoldRecord.objects.filter(pk=supersedes).update(is_current=False)
    gold = GoldRecord(
        document_id=document_id,
        vendor_id=vendor_id,
        annotation=annotation,
        record=record,
        evidence=evidence,
        provenance=provenance,
        supersedes_id=supersedes,
    )
    insert([gold])
    Document.objects.filter(pk=document_id).update(status=DocumentStatus.GOLD, vendor_id=vendor_id)
    if annotation is None or supersedes is not None or annotation.task.side is not None:
        truth_changed.send(sender=GoldRecord, document_id=document_id, gold_id=gold.pk, counts=True)
    gold_recorded.send(sender=GoldRecord, gold_id=gold.pk, document_id=document_id, vendor_id=vendor_id)
    return gold
