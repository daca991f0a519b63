"""Which vendor a confirmed record belongs to."""

from __future__ import annotations

from invoices.models import Document
from mlcore.schema import InvoiceRecord


def confirmed_vendor(document: Document, record: InvoiceRecord) -> int | None:
    """The vendor's id."""
    return document.vendor_id
