"""Erasing what is stored of a document. Its row and its hash stay, so that the same file is known and never taken in again."""

from __future__ import annotations

from typing import Final

from django.core.files.storage import storages
from django.db.models import F

from invoices.blobs import path_of
from invoices.models import Document, DocumentStatus, Page, Prediction, ReadingEvent, TextBand
from mlcore.record_json import record_to_json
from mlcore.schema import InvoiceRecord

REMOVED: Final = "removed"
"""``Document.error_code`` of a document that was removed."""

MESSAGE: Final = "This document was removed. Nothing of its file, its words or its values is kept here."
_EMPTY: Final = record_to_json(InvoiceRecord())


def erase_document(document_id: int) -> list[str]:
    """Erase name, words, pages and predictions of a document, inside the caller's transaction; answers the hashes of its files.

    Those are to be given to ``delete_files`` once the transaction is committed. Reading that is under way is outdated by it. What points
    to it as a near-duplicate forgets why, since the reason has a number and a total.
    """
    pages = Page.objects.filter(document=document_id)
    document = Document.objects.get(pk=document_id)
    files = [document.sha256, *pages.values_list("image_sha256", flat=True)]
    pages.delete()
    TextBand.objects.filter(document=document_id).delete()
    Prediction.objects.filter(document=document_id).update(record=_EMPTY, fields=[], checks=[])
    ReadingEvent.objects.filter(document=document_id).update(message="")
    Document.objects.filter(near_duplicate_of=document_id).update(near_duplicate_of=None, near_duplicate_reason="")
    Document.objects.filter(pk=document_id).update(
        name=f"removed-{document_id}",
        status=DocumentStatus.FAILED,
        error_code=REMOVED,
        error_message=MESSAGE,
        vendor_hint="",
        near_duplicate_of=None,
        near_duplicate_reason="",
        text_signature=[],
        parse_revision=F("parse_revision") + 1,
        page_count=0,
    )
    return sorted(set(files))


def is_removed(sha256: str) -> bool:
    """Whether the document with these bytes was removed."""
    return Document.objects.filter(sha256=sha256, error_code=REMOVED).exists()


def delete_files(files: list[str]) -> int:
    """Delete stored files that no document has any more; answers how many were there. Repeating it changes nothing."""
    kept = set(Document.objects.filter(sha256__in=files).exclude(error_code=REMOVED).values_list("sha256", flat=True))
    kept |= set(Page.objects.filter(image_sha256__in=files).values_list("image_sha256", flat=True))
    storage, deleted = storages["blobs"], 0
    for sha256 in files:
        if sha256 not in kept and storage.exists(path_of(sha256)):
            storage.delete(path_of(sha256))
            deleted += 1
    return deleted
