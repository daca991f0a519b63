"""Working the demo set through in one process, for machines and tests without workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from invoices import prefill
from invoices.models import Document, DocumentStatus, User
from invoices.parsing import parse_document
from labeling import demo
from labeling.gold import examples_for_vendor
from labeling.models import GoldRecord
from labeling.sampling import open_document_ids, open_task


def work_through(records: Sequence[demo.DemoRecord], people: Sequence[User], *, progress: Callable[[int, int], None]) -> None:
    """Read and pre-fill every demo document, confirm ``records``, learn their vendors, pre-fill what profits again."""
    waiting = Document.objects.filter(source=demo.SOURCE, status__in=[DocumentStatus.RECEIVED, DocumentStatus.PARSING])
    known = {entry.document_id for entry in records}
    documents = sorted(waiting.values_list("id", "parse_revision"), key=lambda row: (row[0] not in known, row[0]))
    for count, (document_id, revision) in enumerate(documents, start=1):
        if parse_document(document_id, revision) != DocumentStatus.FAILED:
            prefill.prefill_document(document_id)
            open_task(document_id)
        progress(count, len(documents))
    confirmed = list(demo.confirm_ready(records, people))
    golds = GoldRecord.objects.filter(document__in=confirmed, is_current=True, vendor__isnull=False)
    for vendor_id in sorted(set(golds.values_list("vendor_id", flat=True))):
        assert vendor_id is not None
        prefill.learn_vendor(vendor_id, examples_for_vendor(vendor_id))
        for document_id in open_document_ids(vendor_id):
            prefill.prefill_document(document_id)
            open_task(document_id)
