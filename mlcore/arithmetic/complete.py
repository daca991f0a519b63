"""The one number of a row that OCR did not see, from the two that it saw."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from mlcore.arithmetic.lines import CELLS, numbers_of, product_fits
from mlcore.balance.books import round_to
from mlcore.documents import Box, Evidence
from mlcore.tables.reading import CellReading, RowReading

CONFIDENCE = 0.55
"""Of a number that nobody has read: below every limit under which a person is asked."""

_MOST_UNITS = 100_000


def completed(rows: Sequence[RowReading]) -> list[tuple[int, str, CellReading]]:
    """``(row, column, cell)`` for every row that lacks exactly one of quantity, unit price and amount.

    Only in columns that at least half of the rows print, and only where the missing number comes out even: a whole
    quantity, a price in cents. The place of the cell is where its column crosses its row.
    """
    usual = [name for name in CELLS if 2 * sum(name in row.cells for row in rows) >= len(rows)]
    found = []
    for index, row in enumerate(rows):
        missing = [name for name in CELLS if row.value(name) is None]
        if len(missing) != 1 or missing[0] not in usual:
            continue
        value = _missing(*numbers_of(row))
        if value is not None:
            found.append((index, missing[0], _cell(value, missing[0], row, rows)))
    return found


def _missing(quantity: Decimal | None, price: Decimal | None, total: Decimal | None) -> Decimal | None:
    if quantity is None and price and total is not None:
        units = round_to(total / price, 0)
        return units if 0 < units < _MOST_UNITS and product_fits(units, price, total) else None
    if total is None and quantity is not None and price is not None:
        return round_to(quantity * price, 2)
    if price is None and quantity and total is not None:
        each = round_to(total / quantity, 2)
        return each if quantity * each == total else None
    return None


def _cell(value: Decimal, name: str, row: RowReading, rows: Sequence[RowReading]) -> CellReading:
    reasons = {"quantity": "amount / unit price", "unit_price": "amount / quantity", "total": "quantity x unit price"}
    note = f"Not read; {reasons[name]} is {value:f}."
    return CellReading(value, "", _crossing(name, row, rows), CONFIDENCE, note=note)


def _crossing(name: str, row: RowReading, rows: Sequence[RowReading]) -> tuple[Evidence, ...]:
    """Where the column of ``name`` crosses the row; nothing when either is unknown."""
    beside = [place for other in CELLS if (cell := row.cells.get(other)) is not None for place in cell.evidence]
    column = [place for other in rows if (cell := other.cells.get(name)) is not None for place in cell.evidence]
    if not beside or not column:
        return ()
    page, boxes = beside[0].page, [place.box for place in beside if place.page == beside[0].page]
    top, bottom = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    return (Evidence(page, Box(min(place.box.x0 for place in column), top, max(place.box.x1 for place in column), bottom)),)
