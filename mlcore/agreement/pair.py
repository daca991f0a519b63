"""A blind pair compared: ``compare_pair``. Made once, of first submissions only, and stored frozen (``PairOutcome.to_json``).

Same and different are those of ``mlcore.compare``; so is the matching of rows (most equal cells, no pair without an equal cell).
Between matchings with as many equal cells the one with fewer differing cells is taken, then that of closer rows: the order of rows
matters in a tie alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from mlcore.agreement.outcomes import ROWS, Difference, FieldAgreement, FieldOutcome, MatchedRow, PairOutcome
from mlcore.compare import Outcome, match_rows, outcome_of
from mlcore.record_json import record_to_json, value_to_json
from mlcore.schema import (
    HEADER_FIELDS,
    LINE_ITEM_FIELDS,
    InvoiceRecord,
    LineItem,
    header_value,
    item_path,
    item_value,
    spec_for,
)

__all__ = ["Difference", "FieldAgreement", "FieldOutcome", "MatchedRow", "PairOutcome", "compare_pair"]

Marks = Mapping[str, str]
_AGREEMENT = {
    Outcome.CORRECT: FieldAgreement.SAME,
    Outcome.WRONG: FieldAgreement.DIFFERING,
    Outcome.MISSING: FieldAgreement.FIRST_ONLY,
    Outcome.SPURIOUS: FieldAgreement.SECOND_ONLY,
    Outcome.BOTH_ABSENT: FieldAgreement.BOTH_ABSENT,
}


def compare_pair(
    first: InvoiceRecord,
    second: InvoiceRecord,
    *,
    marks_first: Marks | None = None,
    marks_second: Marks | None = None,
    vendor_first: str = "",
    vendor_second: str = "",
) -> PairOutcome:
    """Compare two labels of one document.

    Marks are by field path. Absent is absent: different marks on two absent values are kept but are no difference. Symmetric:
    exchanging the records mirrors the outcome.
    """
    left, right = (first, marks_first or {}, vendor_first), (second, marks_second or {}, vendor_second)
    if _order(first) > _order(second):  # ties of the matching must not hang on who came first
        return _compare(*right, *left).mirrored
    return _compare(*left, *right)


def _order(record: InvoiceRecord) -> str:
    return json.dumps(record_to_json(record), sort_keys=True)


def _compare(
    first: InvoiceRecord, marks_first: Marks, vendor_first: str, second: InvoiceRecord, marks_second: Marks, vendor_second: str
) -> PairOutcome:
    left, right = _filled(first), _filled(second)
    pairs = match_rows([item for _, item in left], [item for _, item in right])
    header = tuple(_header(first, second, marks_first, marks_second))
    matched = tuple(_matched(left[i], right[j], marks_first, marks_second) for i, j in sorted(pairs))
    partnered_left, partnered_right = {i for i, _ in pairs}, {j for _, j in pairs}
    alone_left = [row for at, row in enumerate(left) if at not in partnered_left]
    alone_right = [row for at, row in enumerate(right) if at not in partnered_right]
    differences = (
        *_differing_header(header, first, second),
        *(cell for row in matched for cell in _differing_cells(row, first, second)),
        *(_row_difference(index, item, first=True) for index, item in alone_left),
        *(_row_difference(index, item, first=False) for index, item in alone_right),
    )
    alone = tuple(index for index, _ in alone_left), tuple(index for index, _ in alone_right)
    return PairOutcome(header, matched, *alone, differences, vendor_first, vendor_second)


def _filled(record: InvoiceRecord) -> list[tuple[int, LineItem]]:
    """Rows with any value, with their indexes: a row of nothing says nothing."""
    return [(index, item) for index, item in enumerate(record.line_items) if item != LineItem()]


def _header(first: InvoiceRecord, second: InvoiceRecord, marks_first: Marks, marks_second: Marks) -> Iterator[FieldOutcome]:
    for spec in HEADER_FIELDS:
        one, other = header_value(first, spec.name), header_value(second, spec.name)
        outcome = _AGREEMENT[outcome_of(spec.kind, one, other)]
        yield _marked(spec.name, outcome, marks_first.get(spec.name, ""), marks_second.get(spec.name, ""))


def _matched(left: tuple[int, LineItem], right: tuple[int, LineItem], marks_first: Marks, marks_second: Marks) -> MatchedRow:
    (i, one), (j, other) = left, right
    cells = []
    for spec in LINE_ITEM_FIELDS:
        outcome = _AGREEMENT[outcome_of(spec.kind, item_value(one, spec.name), item_value(other, spec.name))]
        marks = marks_first.get(item_path(i, spec.name), ""), marks_second.get(item_path(j, spec.name), "")
        cells.append(_marked(f"{ROWS}.{spec.name}", outcome, *marks))
    return MatchedRow(i, j, tuple(cells), one.type or "", other.type or "")


def _marked(name: str, outcome: FieldAgreement, mark_first: str, mark_second: str) -> FieldOutcome:
    """A mark beside a value says nothing: it is taken where that value is absent."""
    present_first = outcome in (FieldAgreement.SAME, FieldAgreement.DIFFERING, FieldAgreement.FIRST_ONLY)
    present_second = outcome in (FieldAgreement.SAME, FieldAgreement.DIFFERING, FieldAgreement.SECOND_ONLY)
    return FieldOutcome(name, outcome, "" if present_first else mark_first, "" if present_second else mark_second)


def _differing_header(header: Sequence[FieldOutcome], first: InvoiceRecord, second: InvoiceRecord) -> Iterator[Difference]:
    for field in header:
        if not field.outcome.agrees:
            one, other = value_to_json(header_value(first, field.name)), value_to_json(header_value(second, field.name))
            critical = spec_for(field.name).critical
            yield Difference(field.name, field.name, field.name, one, other, critical, field.mark_first, field.mark_second)


def _differing_cells(row: MatchedRow, first: InvoiceRecord, second: InvoiceRecord) -> Iterator[Difference]:
    for cell in row.cells:
        if not cell.outcome.agrees:
            name = cell.name.removeprefix(f"{ROWS}.")
            one = value_to_json(item_value(first.line_items[row.first], name))
            other = value_to_json(item_value(second.line_items[row.second], name))
            paths = item_path(row.first, name), item_path(row.second, name)
            yield Difference(cell.name, *paths, one, other, spec_for(cell.name).critical, cell.mark_first, cell.mark_second)


def _row_difference(index: int, item: LineItem, *, first: bool) -> Difference:
    """A row that one record alone has: one difference, critical when it has a value in a critical column."""
    cells = {spec.name: value_to_json(item_value(item, spec.name)) for spec in LINE_ITEM_FIELDS}
    value, path = json.dumps(cells, ensure_ascii=False), f"{ROWS}[{index}]"
    critical = any(spec.critical and cells[spec.name] is not None for spec in LINE_ITEM_FIELDS)
    return Difference(ROWS, path if first else "", "" if first else path, value if first else None, None if first else value, critical)
