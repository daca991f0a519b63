"""Gold records as examples: a confirmed record together with the words of its document."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch, Q

from invoices.models import Page
from invoices.parsing import document_text
from labeling.models import GoldRecord
from mlcore.documents import GoldExample, evidence_from_json
from mlcore.record_json import record_from_json

CHUNK = 200


def examples_for_vendor(vendor_id: int, limit: int | None = None) -> Iterator[GoldExample]:
    """Confirmed documents of a vendor (and of those merged into it), newest first, with their text.

    Two statements for every ``CHUNK`` examples. ``vendor_key`` is the vendor's id as text.
    """
    vendor = Q(vendor=vendor_id) | Q(vendor__merged_into=vendor_id)
    golds = GoldRecord.objects.filter(vendor, is_current=True).order_by("-id").select_related("document")
    golds = golds.prefetch_related(Prefetch("document__pages", queryset=Page.objects.order_by("number")))
    for gold in (golds[:limit] if limit is not None else golds).iterator(chunk_size=CHUNK):
        yield example_of(gold, str(vendor_id))


def all_examples() -> Iterator[tuple[GoldRecord, GoldExample]]:
    """Every current gold record in order of id as an example; two statements for every ``CHUNK``.

    ``vendor_key`` is the vendor's id, of a merged one the id of that which it went into; without a vendor ``document-`` and the id of
    the document, so that documents of unknown senders are not taken for one vendor's.
    """
    golds = GoldRecord.objects.filter(is_current=True).order_by("id").select_related("document", "vendor")
    golds = golds.prefetch_related(Prefetch("document__pages", queryset=Page.objects.order_by("number")))
    for gold in golds.iterator(chunk_size=CHUNK):
        key = str(gold.vendor.merged_into_id or gold.vendor.pk) if gold.vendor else f"document-{gold.document_id}"
        yield gold, example_of(gold, key)


def example_of(gold: GoldRecord, vendor_key: str) -> GoldExample:
    """A gold record with its document's text as the pure core takes it."""
    evidence = {path: tuple(evidence_from_json(place) for place in places) for path, places in gold.evidence.items()}
    return GoldExample(document_text(gold.document), record_from_json(gold.record, ignore_unknown=True), vendor_key, evidence)
