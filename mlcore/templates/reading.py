"""What the template reader sees of a document before it decides, and the extraction that comes of deciding. Pure.

Kept apart so that what else is known of the candidates may change their scores before the arithmetic speaks (``mlcore.rescoring``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mlcore.arithmetic import reconcile
from mlcore.checks import check_document, check_record, contradicts
from mlcore.documents import Check, DocumentText, Extraction, FieldPrediction, Route
from mlcore.readers.candidates import Candidate
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord, Value, VendorParty, item_path
from mlcore.tables.reading import TableReading
from mlcore.templates.decide import MOST_SURE, header_predictions, merge_equal

Candidates = Mapping[str, Sequence[Candidate]]


@dataclass(frozen=True, slots=True)
class TemplateReading:
    """``candidates`` of every header field, the scores of each field summing to at most 1, and the ``table`` of line items.

    ``known``: a template of the vendor had a part in it.
    """

    document: DocumentText
    model_id: str
    candidates: Candidates
    table: TableReading
    known: bool

    def extraction(self, candidates: Candidates | None = None) -> Extraction:
        """The candidates that the scores and the arithmetic choose; ``candidates`` are others than its own. Deterministic."""
        weighed = self.candidates if candidates is None else candidates
        decided = reconcile(merge_equal(weighed), self.table)
        fields = list(header_predictions(weighed, decided))
        record = _record(fields, decided.table)
        fields.extend(_cells(decided.table))
        checks = (*check_record(record), *check_document(self.document))
        return Extraction(self.model_id, record, tuple(fields), checks, _route(record, checks))


def _cells(table: TableReading) -> Iterator[FieldPrediction]:
    for n, row in enumerate(table.rows):
        for spec in LINE_ITEM_FIELDS:
            cell = row.cells.get(spec.name)
            if cell is not None and cell.value is not None:
                confidence = min(cell.confidence, MOST_SURE)
                yield FieldPrediction(item_path(n, spec.name), cell.value, confidence, cell.evidence, cell.raw, cell.note)


def _record(fields: Sequence[FieldPrediction], table: TableReading) -> InvoiceRecord:
    values = {field.path: field.value for field in fields}
    return InvoiceRecord(
        line_items=table.items,
        invoice_number=_text(values.get("invoice_number")),
        date=_date(values.get("date")),
        vendor=VendorParty(_text(values.get("vendor.name")), _text(values.get("vendor.address"))),
        subtotal=_money(values.get("subtotal")),
        tax=_money(values.get("tax")),
        total=_money(values.get("total")),
    )


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _date(value: Value) -> dt.date | None:
    return value if isinstance(value, dt.date) else None


def _money(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _route(record: InvoiceRecord, checks: Sequence[Check]) -> Route:
    """No threshold is certified yet: every document is reviewed, and one that contradicts itself is flagged."""
    return Route.FLAGGED if contradicts(record, checks) else Route.REVIEW
