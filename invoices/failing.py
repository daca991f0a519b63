"""A document that cannot be read: its row says why now, its history for good."""

from __future__ import annotations

from django.db.models import Q

from invoices.models import Document, DocumentStatus, ReadingEvent


def fail_document(document_id: int, *, where: Q, code: str, message: str) -> bool:
    """Put the document into its failed state if it is as ``where`` says; answers whether it was.

    Call it in the transaction that stores the outcome.
    """
    failed = Document.objects.filter(where, pk=document_id).update(
        status=DocumentStatus.FAILED, error_code=code, error_message=message, parsed_at=None
    )
    if failed:
        ReadingEvent.objects.create(document_id=document_id, kind=ReadingEvent.Kind.FAILED, message=message)
    return bool(failed)
