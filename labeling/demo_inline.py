"""Working the demo set through in one process: before the workers start, and where there are none."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from invoices import prefill
from invoices.models import Document, DocumentStatus, User
from invoices.parsing import parse_document
from labeling import demo
from labeling.gold import examples_for_vendor
from labeling.models import GoldRecord
from labeling.sampling import open_document_ids, open_task

DIGITAL = "application/pdf"
FIRST_WORK = 6
"""How many open documents are ready before the first person signs in."""


def work_through(
    records: Sequence[demo.DemoRecord], people: Sequence[User], *, progress: Callable[[int, int], None], seconds: float | None = None
) -> None:
    """Read and pre-fill every demo document; those of ``records`` first, so that the others profit from them.

    With ``seconds`` those of ``records``, digital ones before scans, until the time is used up, and then
    ``FIRST_WORK`` of the others, so that whoever signs in finds work; the workers read the rest. What is read and
    pre-filled is confirmed in any case.
    """
    waiting = Document.objects.filter(source=demo.SOURCE, status__in=[DocumentStatus.RECEIVED, DocumentStatus.PARSING])
    documents = list(waiting.order_by("id").values_list("id", "parse_revision", "media_type"))
    known = {entry.document_id for entry in records}
    history = sorted((row for row in documents if row[0] in known), key=lambda row: row[2] != DIGITAL)
    others = sorted((row for row in documents if row[0] not in known), key=lambda row: row[2] != DIGITAL)
    started, done = time.monotonic(), 0
    for group in (history, others if seconds is None else others[:FIRST_WORK]):
        for document_id, revision, _ in group:
            if group is history and seconds is not None and time.monotonic() - started > seconds:
                break
            _read_and_prefill(document_id, revision)
            done += 1
            progress(done, len(documents))
        _learn(list(demo.confirm_ready(records, people)))


def _read_and_prefill(document_id: int, revision: int) -> None:
    if parse_document(document_id, revision) == DocumentStatus.FAILED:
        return
    prefill.prefill_document(document_id)
    open_task(document_id)


def _learn(confirmed: list[int]) -> None:
    golds = GoldRecord.objects.filter(document__in=confirmed, is_current=True).exclude(vendor=None)
    for vendor_id in golds.order_by("vendor_id").values_list("vendor_id", flat=True).distinct():
        assert vendor_id is not None
        prefill.learn_vendor(vendor_id, examples_for_vendor(vendor_id))
        for document_id in open_document_ids(vendor_id):
            prefill.prefill_document(document_id)
            open_task(document_id)
