"""``reconcile``: header candidates and table cells made to agree, with a support for each value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from mlcore.arithmetic.complete import completed
from mlcore.arithmetic.lines import CELLS, Repair, looks_taxed, nearly_fits, numbers_of, readings_of, repairs_of, row_fits
from mlcore.arithmetic.misreadings import misreadings
from mlcore.arithmetic.totals import CENT, MONEY_FIELDS, Choice, LinesSum, amount_of, choose_totals
from mlcore.readers.candidates import Candidate
from mlcore.schema import LINE_ITEM_FIELDS, item_path
from mlcore.tables.reading import RowReading, TableReading

SYSTEMATIC = 0.5
"""When at least this share of the complete rows does not multiply out, prices carry a discount: repair nothing."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the arithmetic made of the readings.

    ``header`` is the chosen candidate of every field (fields without a candidate left out), ``support`` -1..1
    by field path (absent: nothing to check), ``notes`` a sentence by path for each value that was changed.
    ``table`` has repaired values and adjusted confidences.
    """

    header: Mapping[str, Candidate]
    table: TableReading
    support: Mapping[str, float]
    notes: Mapping[str, str]


def adjusted_confidence(confidence: float, support: float) -> float:
    """Confidence after the arithmetic has spoken: support 1 halves the doubt twice, -1 takes 45 % away."""
    if support >= 0:
        return 1 - (1 - confidence) * (1 - 0.75 * support)
    return confidence * (1 + 0.45 * support)


def reconcile(header: Mapping[str, Sequence[Candidate]], table: TableReading) -> Reconciled:
    """Choose and repair. Candidates of other fields than the amounts pass through: the first by score."""
    rows = list(table.rows)
    notes: dict[str, str] = {}
    trusted = _rows_multiply_out(rows)
    amounts = choose_totals(header, lines_sum(rows))
    if trusted and table.ocr:
        _repair_rows(rows, amounts, notes)
        _repair_amounts(rows, amounts, notes)
        _complete(rows, notes)
    amounts = choose_totals(header, lines_sum(rows))
    if table.ocr:
        amounts = _repair_header(amounts, lines_sum(rows), notes)
    support = _supports(rows, amounts, trusted)
    chosen = {name: max(found, key=lambda c: c.score) for name, found in header.items() if found and name not in MONEY_FIELDS}
    chosen.update((name, candidate) for name, candidate in amounts.items() if candidate is not None)
    adjusted = tuple(_adjust(row, index, support) for index, row in enumerate(rows))
    return Reconciled(chosen, replace(table, rows=adjusted), support, notes)


def lines_sum(rows: Sequence[RowReading]) -> LinesSum:
    """The sum of the amounts, unknown when a row has none."""
    amounts = [row.value("total") for row in rows]
    known = [amount for amount in amounts if isinstance(amount, Decimal)]
    return LinesSum(sum(known, Decimal(0)) if known and len(known) == len(rows) else None, len(rows))


def _rows_multiply_out(rows: Sequence[RowReading]) -> bool:
    complete = [row for row in rows if row_fits(row) is not None]
    wrong = sum(not (row_fits(row) or nearly_fits(row)) for row in complete)
    return not complete or len(complete) == 1 or wrong < SYSTEMATIC * len(complete)


def _repair_rows(rows: list[RowReading], amounts: Choice, notes: dict[str, str]) -> None:
    """Repair rows whose product does not fit, where exactly one reading makes it fit."""
    lines_hold = lines_sum(rows).equals(amount_of(amounts["subtotal"]))
    for index, row in enumerate(rows):
        if row_fits(row) is not False or nearly_fits(row) or looks_taxed(row):
            continue
        names = ("quantity", "unit_price") if lines_hold else CELLS
        repair = _only(repairs_of(row, names)) or _by_sum(rows, index, amounts)
        if repair is not None:
            rows[index] = _with(row, repair, index, notes, "makes quantity x price fit")


def _complete(rows: list[RowReading], notes: dict[str, str]) -> None:
    for index, name, cell in completed(rows):
        rows[index] = RowReading({**rows[index].cells, name: cell})
        notes[item_path(index, name)] = cell.note


def _only(repairs: Sequence[Repair]) -> Repair | None:
    cheap = [repair for repair in repairs if repair.cost == repairs[0].cost] if repairs else []
    return cheap[0] if len(cheap) == 1 else None


def _by_sum(rows: Sequence[RowReading], index: int, amounts: Choice) -> Repair | None:
    """Among several repairs of a row, the one of its amount that also makes the lines sum up."""
    subtotal, lines = amount_of(amounts["subtotal"]), lines_sum(rows)
    present = numbers_of(rows[index])[2]
    if subtotal is None or lines.value is None or present is None:
        return None
    fitting = [r for r in repairs_of(rows[index], ("total",)) if LinesSum(lines.value - present + r.value, lines.rows).equals(subtotal)]
    return fitting[0] if len(fitting) == 1 else None


def _repair_amounts(rows: list[RowReading], amounts: Choice, notes: dict[str, str]) -> None:
    """Repair one amount of a row that has no product, where the sum of the lines asks for exactly it."""
    subtotal, lines = amount_of(amounts["subtotal"]), lines_sum(rows)
    if subtotal is None or lines.value is None or lines.equals(subtotal):
        return
    found: list[tuple[int, Repair]] = []
    for index, row in enumerate(rows):
        present = numbers_of(row)[2]
        if present is None or row_fits(row) is not None:
            continue
        needed = present + subtotal - lines.value
        found.extend(
            (index, Repair("total", value, cost)) for value, cost in readings_of(row.cells["total"]) if abs(value - needed) <= CENT
        )
    if len(found) == 1:
        index, repair = found[0]
        rows[index] = _with(rows[index], repair, index, notes, "makes the lines sum to the subtotal")


def _with(row: RowReading, repair: Repair, index: int, notes: dict[str, str], reason: str) -> RowReading:
    cell = row.cells[repair.name]
    note = f"Read {cell.raw}; {repair.value:f} {reason}."
    notes[item_path(index, repair.name)] = note
    changed = replace(cell, value=repair.value, note=note, confidence=cell.confidence * (0.9 if repair.cost == 1 else 0.8))
    return RowReading({**row.cells, repair.name: changed})


def _repair_header(amounts: Choice, lines: LinesSum, notes: dict[str, str]) -> Choice:
    """Repair one amount of the totals when both the lines and the sum ask for the same misread value."""
    subtotal, tax, total = (amount_of(amounts[name]) for name in MONEY_FIELDS)
    if lines.value is None or lines.rows < 1 or subtotal is None or total is None or tax is None:
        return amounts
    needed = {"subtotal": total - tax, "total": subtotal + tax, "tax": total - subtotal}
    holds = lines.equals(subtotal)
    if abs(subtotal + tax - total) <= CENT:
        return amounts
    names = ("total", "tax") if holds else ("subtotal",) if lines.equals(needed["subtotal"]) else ()
    fitting = []
    for name in names:
        candidate = amounts[name]
        if candidate is not None and isinstance(candidate.value, Decimal) and needed[name] in misreadings(candidate.raw, candidate.value):
            fitting.append((name, candidate))
    if len(fitting) != 1:
        return amounts
    name, candidate = fitting[0]
    notes[name] = f"Read {candidate.raw}; {needed[name]:f} makes subtotal + tax = total fit."
    return {**amounts, name: replace(candidate, value=needed[name], score=candidate.score * 0.9)}


def _supports(rows: Sequence[RowReading], amounts: Choice, trusted: bool) -> dict[str, float]:
    support: dict[str, float] = {}
    subtotal, tax, total = (amount_of(amounts[name]) for name in MONEY_FIELDS)
    lines = lines_sum(rows)
    target = subtotal if subtotal is not None else (total - (tax or 0) if total is not None else None)
    included = lines.equals(total)
    sums = None if lines.value is None or target is None else lines.equals(target) or included
    for index, row in enumerate(rows):
        fits = row_fits(row) if trusted else None
        if fits is False and nearly_fits(row):
            fits = None
        for name in CELLS:
            if name not in row.cells:
                continue
            value = 0.0 if fits is None else (0.7 if fits else -0.7)
            if name == "total" and sums is not None:
                value += 0.4 if sums else (-0.1 if fits else -0.3)
            elif sums and fits:
                value += 0.2
            if value:
                support[item_path(index, name)] = max(-1.0, min(1.0, value))
    _header_supports(support, (subtotal, tax, total), sums, included)
    return support


def _header_supports(support: dict[str, float], triple: tuple[Decimal | None, ...], sums: bool | None, included: bool) -> None:
    subtotal, tax, total = triple
    holds = None
    if subtotal is not None and total is not None:
        holds = abs(subtotal + (tax or 0) - total) <= CENT or (subtotal == total and included)
    for name, amount in zip(MONEY_FIELDS, triple, strict=True):
        if amount is None:
            continue
        value = 0.0 if holds is None else (0.7 if holds else -0.6)
        if name == "subtotal" and sums is not None:
            value += 0.5 if sums else -0.3
        elif sums and (holds or included):
            value += 0.2
        if value:
            support[name] = max(-1.0, min(1.0, value))


def _adjust(row: RowReading, index: int, support: Mapping[str, float]) -> RowReading:
    cells = dict(row.cells)
    for spec in LINE_ITEM_FIELDS:
        path = item_path(index, spec.name)
        if path in support and spec.name in cells:
            cell = cells[spec.name]
            cells[spec.name] = replace(cell, confidence=adjusted_confidence(cell.confidence, support[path]))
    return RowReading(cells)
