"""Confirmed documents of synthetic companies as the product stores them: pages with words, a label behind each gold record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from invoices.models import Document, DocumentStatus, Page, Prediction, User, Vendor
from labeling.models import Annotation, GoldRecord, LabelingTask
from mlcore.dataset.synthetic import SyntheticDocument, generate
from mlcore.dataset.synthetic.composed import compose_vendor
from mlcore.documents import page_to_json
from mlcore.record_json import record_to_json
from mlcore.schema import iter_values


@lru_cache(maxsize=64)
def company(number: int, documents: int, first: int = 0) -> tuple[SyntheticDocument, ...]:
    """Documents of one synthetic company, always the same ones."""
    maker = compose_vendor(number, 3)
    return tuple(islice(generate(first + documents, 90 + number, (maker,)), first, None))


def confirm(paper: SyntheticDocument, vendor: Vendor | None, by: User, **more: Any) -> GoldRecord:
    """The paper as a document of the vendor, with a gold record of one person's label.

    ``source`` (confirmed), ``active_ms`` (60 s), ``keystrokes`` (0), ``shown`` (True) and ``provenance`` may be given.
    """
    words = [page_to_json(page) for page in paper.gold.document.pages]
    sha256 = hashlib.sha256(f"{paper.id}:{vendor and vendor.pk}:{Document.objects.count()}".encode()).hexdigest()
    document = Document.objects.create(
        sha256=sha256, name=f"{paper.id}.pdf", media_type="application/pdf", size=9, status=DocumentStatus.GOLD,
        page_count=len(words), vendor=vendor,
    )  # fmt: skip
    Page.objects.bulk_create(
        Page(document=document, image_sha256=sha256, image_width=100, image_height=130, **page) for page in words
    )  # fmt: skip
    record = record_to_json(paper.gold.record)
    shown = Prediction.objects.create(document=document, model_id="template:test", record=record, fields=[], route="review")
    task = LabelingTask.objects.create(
        document=document, state="done", assignee=by, prediction=shown, hides_prefill=not more.get("shown", True)
    )
    annotation = Annotation.objects.create(
        task=task, document=document, author=by, prediction=shown, record=record, request_hash="0" * 64,
        active_ms=more.get("active_ms", 60_000), keystrokes=more.get("keystrokes", 0),
    )  # fmt: skip
    entry = {"source": more.get("source", "confirmed"), "by": by.pk, "model_id": "template:test"}
    provenance = {path: dict(entry) for path, value in iter_values(paper.gold.record) if value is not None}
    return GoldRecord.objects.create(
        document=document, vendor=vendor, annotation=annotation, record=record, provenance=more.get("provenance", provenance)
    )


def companies(by: User, sizes: list[int]) -> Iterator[tuple[Vendor, list[GoldRecord]]]:
    """A vendor for each size, with as many confirmed documents of a company of its own."""
    for number, size in enumerate(sizes):
        papers = company(number, size)
        vendor = Vendor.objects.create(name=papers[0].vendor.name, status="confirmed")
        yield vendor, [confirm(paper, vendor, by) for paper in papers]
