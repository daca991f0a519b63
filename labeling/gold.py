"""The gold records: what is learned from, looked up and exported."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch, Q, QuerySet

from invoices.models import Page
from labeling.models import GoldRecord
from mlcore.documents import DocumentText, GoldExample, evidence_from_json, page_from_json
from mlcore.record_json import record_from_json

CHUNK = 200


def current_gold(document_id: int) -> GoldRecord | None:
    """The gold record that counts, or ``None``."""
    return GoldRecord.objects.select_related("vendor").filter(document=document_id, is_current=True).first()


def examples_for_vendor(vendor_id: int, limit: int | None = None) -> Iterator[GoldExample]:
    """Confirmed documents of a vendor (and of those merged into it), newest first, with their text.

    Two statements for every ``CHUNK`` examples. ``vendor_key`` is the vendor's id as text.
    """
    vendor = Q(vendor=vendor_id) | Q(vendor__merged_into=vendor_id)
    golds = GoldRecord.objects.filter(vendor, is_current=True).order_by("-id").select_related("document")
    golds = golds.prefetch_related(Prefetch("document__pages", queryset=Page.objects.order_by("number")))
    for gold in (golds[:limit] if limit is not None else golds).iterator(chunk_size=CHUNK):
        yield example_of(gold, str(vendor_id))


def example_of(gold: GoldRecord, vendor_key: str) -> GoldExample:
    """A gold record with its document's text as the pure core takes it."""
    evidence = {path: tuple(evidence_from_json(place) for place in places) for path, places in gold.evidence.items()}
    return GoldExample(document_text(gold), record_from_json(gold.record, ignore_unknown=True), vendor_key, evidence)


def document_text(gold: GoldRecord) -> DocumentText:
    """The words of the document as they were read."""
    pages = gold.document.pages.all()
    return DocumentText(tuple(page_from_json(_page_json(page)) for page in pages))


def export_rows() -> QuerySet[GoldRecord]:
    """Every current gold record in order of id, with document, vendor and annotator, without the page text."""
    rows = GoldRecord.objects.filter(is_current=True).order_by("id").select_related("document", "vendor", "annotation__author")
    return rows.only(
        "id",
        "record",
        "provenance",
        "evidence",
        "created_at",
        "document__name",
        "document__sha256",
        "vendor__name",
        "annotation__author__username",
    )


def _page_json(page: Page) -> dict[str, object]:
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "source": page.source,
        "rotation": page.rotation,
        "skew": page.skew,
        "words": page.words,
    }
