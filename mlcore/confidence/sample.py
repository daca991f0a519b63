"""One document to learn confidence from."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.documents import DocumentText, Extraction, GoldExample
from mlcore.inference.reading import DocumentReading


@dataclass(frozen=True)
class ConfidenceSample:
    """A document as both readers read it, with its confirmed record.

    ``document_id`` names the document itself: one that comes in several times, with another template each time, counts once when
    something is certified. ``vendor_key`` groups documents that are alike; neither reader may have learned from this document.
    ``model`` is ``None`` where no model read it.
    """

    document_id: str
    vendor_key: str
    document: DocumentText
    template: Extraction
    model: DocumentReading | None
    gold: GoldExample
