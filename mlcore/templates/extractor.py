"""The extractor that needs no model: general readers, a vendor's template when there is one, and the arithmetic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from mlcore.arithmetic import reconcile
from mlcore.checks import check_document, check_record, contradicts
from mlcore.documents import Check, DocumentText, Extraction, FieldPrediction, Route
from mlcore.readers.candidates import Candidate
from mlcore.readers.context import Context
from mlcore.readers.header import Hints, read_header
from mlcore.readers.layout import build_layout
from mlcore.schema import LINE_ITEM_FIELDS, InvoiceRecord, Value, VendorParty, item_path
from mlcore.tables.read import read_table
from mlcore.tables.reading import TableReading
from mlcore.templates.decide import MOST_SURE, header_predictions, merge_equal
from mlcore.templates.fingerprint import fingerprint, similarity
from mlcore.templates.header import constants_only, read_by_template
from mlcore.templates.model import LayoutTemplate, VendorTemplate
from mlcore.templates.sightings import Surface

ENGINE_VERSION = "7"
"""Raised whenever the same document and template may give another answer."""

_FAMILY = "template-"
_NO_TEMPLATE = "zero-shot"

_USABLE_LAYOUT = 0.12
"""Below this likeness of the fingerprints no layout of the vendor fits, and the general reading stands."""


def template_id_of(model_id: str) -> str | None:
    """The template behind a ``model_id`` of this extractor, of any engine version: ``""`` when it had none.

    ``None`` for the ``model_id`` of another extractor.
    """
    engine, separator, name = model_id.partition(":")
    if not separator or not engine.startswith(_FAMILY):
        return None
    return "" if name == _NO_TEMPLATE else name


class TemplateExtractor:
    """Reads documents of one vendor by its template, or of any vendor without one (zero-shot)."""

    def __init__(self, template: VendorTemplate | None = None) -> None:
        self._template = template if template is not None and template.layouts else None

    @property
    def model_id(self) -> str:
        """``template-<engine version>:<template id>``, or ``zero-shot`` in place of the id."""
        name = self._template.template_id if self._template else _NO_TEMPLATE
        return f"{_FAMILY}{ENGINE_VERSION}:{name}"

    def extract(self, documents: Sequence[DocumentText]) -> list[Extraction]:
        """One extraction for each document; a document without words gives an empty, flagged record."""
        return [self._extract(document) for document in documents]

    def _extract(self, document: DocumentText) -> Extraction:
        layout = build_layout(document)
        context = Context(layout)
        known = self._layout_for(context)
        hints = Hints(known.date_forms, known.number_style) if known else Hints()
        candidates: Mapping[str, Sequence[Candidate]] = read_header(context, hints)
        if known is not None:
            candidates = read_by_template(Surface(layout), known, candidates)
        table = read_table(document, known.table if known else None)
        decided = reconcile(merge_equal(candidates), table)
        fields = list(header_predictions(candidates, decided))
        table = decided.table
        record = _record(fields, table)
        fields.extend(_cells(table))
        checks = (*check_record(record), *check_document(document))
        return Extraction(self.model_id, record, tuple(fields), checks, _route(record, checks))

    def _layout_for(self, context: Context) -> LayoutTemplate | None:
        if self._template is None or not context.layout.rows:
            return None
        marks = fingerprint(context.layout)
        likeness, best = max(
            ((similarity(marks, layout.fingerprint), -n) for n, layout in enumerate(self._template.layouts)), default=(0.0, 0)
        )
        return self._template.layouts[-best] if likeness >= _USABLE_LAYOUT else constants_only(self._template)


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
