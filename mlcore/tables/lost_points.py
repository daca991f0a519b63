"""Amounts that lost their decimal point in OCR: the other amounts of the table say that it was printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mlcore.tables.reading import CellReading, RowReading

_MONEY = ("unit_price", "total")
_WITH_CENTS = re.compile(r"[.,]\d{2}\D{0,4}$")
_DIGITS = re.compile(r"^[$€£]?(\d{3,})$")
_SHARE = 0.6
_FEWEST = 2


def with_points(rows: Sequence[RowReading]) -> tuple[RowReading, ...]:
    """The rows, with cents given back to amounts without a point where at least 60 % of the amounts print two decimals."""
    amounts = [cell for row in rows for name in _MONEY if (cell := row.cells.get(name)) is not None and cell.raw]
    printed = sum(bool(_WITH_CENTS.search(cell.raw.strip())) for cell in amounts)
    if printed < max(_FEWEST, _SHARE * len(amounts)):
        return tuple(rows)
    return tuple(RowReading({name: _restored(cell) if name in _MONEY else cell for name, cell in row.cells.items()}) for row in rows)


def _restored(cell: CellReading) -> CellReading:
    bare = _DIGITS.match(cell.raw.strip().replace(" ", ""))
    if bare is None or not isinstance(cell.value, Decimal) or cell.value != Decimal(bare[1]):
        return cell
    value = cell.value.scaleb(-2)
    note = f"Read {cell.raw}; the other amounts have cents, so {value:f} was printed."
    return replace(cell, value=value, note=note, confidence=cell.confidence * 0.85, alternatives=(cell.value, *cell.alternatives))
