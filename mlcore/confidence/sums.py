"""Whether the arithmetic of an invoice holds with a value in its place. Equations and tolerances are those of ``mlcore.balance``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from mlcore.balance.books import CENT, Books, Row, books_of, lines_tolerance
from mlcore.schema import InvoiceRecord, Value

HEADER = ("subtotal", "tax", "total")
CELLS = ("quantity", "unit_price", "total")


@dataclass(frozen=True, slots=True)
class Fits:
    """1.0 where the equation holds, -1.0 where it does not, 0.0 where it cannot be told."""

    product: float = 0.0
    lines: float = 0.0
    total: float = 0.0

    def or_else(self, other: Fits) -> Fits:
        """What holds in either of two records."""
        return Fits(_either(self.product, other.product), _either(self.lines, other.lines), _either(self.total, other.total))


class Arithmetic:
    """The equations of one record."""

    def __init__(self, record: InvoiceRecord) -> None:
        self.books = books_of(record)

    def sums(self) -> Fits:
        """The record as it is."""
        return _fits_of(self.books, None)

    def with_header(self, name: str, value: Value) -> Fits:
        """With another value of a header field; nothing for a field that is no amount."""
        if name not in HEADER:
            return Fits()
        changed: dict[str, Any] = {name: value if isinstance(value, Decimal) else None}
        return _fits_of(replace(self.books, **changed), None)

    def with_cell(self, row: int, name: str, value: Value) -> Fits:
        """With another value in a cell of a row of this record; nothing for a column that is no number."""
        if name not in CELLS or row >= len(self.books.rows):
            return Fits()
        amount = value if isinstance(value, Decimal) else None
        changed = replace(self.books.rows[row], **{name: amount})
        books = replace(self.books, lines_sum=self.books.lines_sum - self.books.rows[row].amount + changed.amount)
        return _fits_of(books, changed)

    def row(self, row: int) -> Fits:
        """A row as it is."""
        return _fits_of(self.books, self.books.rows[row]) if row < len(self.books.rows) else Fits()


def either(found: Sequence[Fits]) -> Fits:
    """What holds in any of several records."""
    best = Fits()
    for fits in found:
        best = best.or_else(fits)
    return best


def _fits_of(books: Books, row: Row | None) -> Fits:
    count = len(books.rows)
    product = _sign(row.residual, CENT) if row is not None else 0.0
    return Fits(product, _sign(books.lines_residual(count), lines_tolerance(count)), _sign(books.total_residual(count), CENT))


def _sign(residual: Decimal | None, tolerance: Decimal) -> float:
    if residual is None:
        return 0.0
    return 1.0 if abs(residual) <= tolerance else -1.0


def _either(left: float, right: float) -> float:
    return max(left, right) if 1.0 in (left, right) else min(left, right)
