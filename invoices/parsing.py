"""Reading a stored document: sandbox, pages, words, pictures; or a terminal failure with a reason.

``parse_document`` may run any number of times for a revision: pages are replaced in one transaction, and a
document that was read already, or asked for again meanwhile, is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from invoices import blobs, near_duplicates, signals
from invoices.failing import fail_document
from invoices.models import Document, DocumentStatus, Page
from invoices.sandbox.client import ReadPage, process_reader
from invoices.sandbox.failures import ReadingFailed
from invoices.sandbox.limits import Limits
from mlcore.documents import DocumentText, page_from_json, page_to_json
from mlcore.documents import Page as TextPage
from mlcore.near_text import text_signature

logger = logging.getLogger(__name__)

Fence = Callable[[], None]
"""Called inside the transaction that writes a result; raises to refuse it."""


@dataclass(frozen=True, slots=True)
class _StoredPage:
    page: TextPage
    image_sha256: str
    width: int
    height: int


def parse_document(document_id: int, revision: int, *, fence: Fence | None = None) -> DocumentStatus:
    """Read one document and return its status.

    Raises ``Document.DoesNotExist``, ``SandboxLost`` or ``BlobMissing``/``BlobDamaged`` (the attempt failed, not
    the document), and whatever ``fence`` raises. A document that cannot be read becomes ``failed``.
    """
    document = Document.objects.get(pk=document_id)
    if not _begin(document, revision):
        return DocumentStatus(document.status)
    pages: list[_StoredPage] = []

    def keep(read: ReadPage) -> None:
        pages.append(_StoredPage(read.page, blobs.store_bytes(read.image), read.width, read.height))

    try:
        with blobs.open_checked(document.sha256) as file:
            process_reader().read(file, document.media_type, replace(Limits(), pages=settings.MAX_PAGES), keep)
    except ReadingFailed as failure:
        _store_failure(document_id, revision, failure, fence)
        logger.info("Document %s cannot be read: %s", document_id, failure.code)
        return DocumentStatus.FAILED
    _store_pages(document_id, revision, pages, fence)
    logger.info("Document %s was read: %s pages", document_id, len(pages))
    return DocumentStatus.PARSING


def document_text(document: Document) -> DocumentText:
    """What was read off a document, as every extractor takes it. One query."""
    names = ("number", "width", "height", "source", "rotation", "skew", "words")
    return DocumentText(tuple(page_from_json({name: getattr(page, name) for name in names}) for page in document.pages.all()))


def _begin(document: Document, revision: int) -> bool:
    """Whether this revision still has to be read; marks the document as being read."""
    mine = Document.objects.filter(pk=document.pk, parse_revision=revision)
    fresh = mine.filter(status=DocumentStatus.RECEIVED).update(status=DocumentStatus.PARSING, parsed_at=None)
    return bool(fresh) or mine.filter(status=DocumentStatus.PARSING, parsed_at=None).exists()


def _store_pages(document_id: int, revision: int, pages: list[_StoredPage], fence: Fence | None) -> None:
    signature = text_signature(DocumentText(tuple(stored.page for stored in pages)))
    with transaction.atomic():
        if fence is not None:
            fence()
        current = Document.objects.filter(pk=document_id, parse_revision=revision, status=DocumentStatus.PARSING)
        if not current.update(parsed_at=timezone.now(), page_count=len(pages), text_signature=signature):
            return
        Page.objects.filter(document_id=document_id).delete()
        Page.objects.bulk_create(_row(document_id, stored) for stored in pages)
        near_duplicates.flag_same_text(document_id, signature)
        signals.document_parsed.send(sender=Document, document_id=document_id)


def _row(document_id: int, stored: _StoredPage) -> Page:
    page = page_to_json(stored.page)
    return Page(
        document_id=document_id,
        **{name: page[name] for name in ("number", "width", "height", "source", "rotation", "skew", "words")},
        image_sha256=stored.image_sha256,
        image_width=stored.width,
        image_height=stored.height,
    )


def _store_failure(document_id: int, revision: int, failure: ReadingFailed, fence: Fence | None) -> None:
    with transaction.atomic():
        if fence is not None:
            fence()
        reading = Q(parse_revision=revision, status=DocumentStatus.PARSING)
        fail_document(document_id, where=reading, code=failure.code, message=failure.message)
