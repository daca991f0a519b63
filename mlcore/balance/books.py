"""The equations of an invoice: residuals, tolerances, and what one change would do to them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mlcore.schema import InvoiceRecord

CENT = Decimal("0.01")
HALF_CENT = Decimal("0.005")
ZERO = Decimal(0)
LINES = "lines"
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Residuals:
    """Left side minus right side of each equation; ``None`` where a value is absent.

    ``rows`` has one entry for every row of the record.
    """

    rows: tuple[Decimal | None, ...]
    lines: Decimal | None
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """The numbers of one row; absent ones are ``None``."""

    quantity: Decimal | None
    unit_price: Decimal | None
    total: Decimal | None

    @property
    def amount(self) -> Decimal:
        """What the row adds to the sum of the lines."""
        if self.total is not None:
            return self.total
        if self.quantity is None or self.unit_price is None:
            return ZERO
        return round_to(self.quantity * self.unit_price, 2)

    @property
    def is_credit(self) -> bool:
        """Whether any number of the row is negative."""
        return any(value is not None and value < 0 for value in (self.quantity, self.unit_price, self.total))

    @property
    def residual(self) -> Decimal | None:
        """quantity x unit_price - total."""
        if self.quantity is None or self.unit_price is None or self.total is None:
            return None
        return self.quantity * self.unit_price - self.total


@dataclass(frozen=True, slots=True)
class Books:
    """All numbers of an invoice. ``lines_sum`` is the sum of ``amount`` over ``rows``."""

    rows: tuple[Row, ...]
    lines_sum: Decimal
    subtotal: Decimal | None
    tax: Decimal | None
    total: Decimal | None

    @property
    def is_credit_note(self) -> bool:
        """Whether the invoice gives money back: a number of a row, the subtotal or the total is negative."""
        sums = (value for value in (self.subtotal, self.total) if value is not None)
        return any(value < 0 for value in sums) or any(row.is_credit for row in self.rows)

    def lines_residual(self, count: int) -> Decimal | None:
        """Residual of the lines equation when there are ``count`` rows."""
        if count == 0:
            return None
        if self.subtotal is not None:
            return self.lines_sum - self.subtotal
        if self.total is None:
            return None
        if abs(self.lines_sum - self.total) <= lines_tolerance(count):
            return ZERO
        return self.lines_sum - (self.total - (self.tax or ZERO))

    def total_residual(self, count: int) -> Decimal | None:
        """Residual of subtotal + tax = total; 0 when prices plainly include the tax."""
        if self.subtotal is None or self.total is None:
            return None
        lines = self.lines_residual(count)
        if self.subtotal == self.total and lines is not None and abs(lines) <= lines_tolerance(count):
            return ZERO
        return self.subtotal + (self.tax or ZERO) - self.total

    def violated_sums(self, count: int) -> frozenset[str]:
        """Which of the two sums do not hold."""
        lines, total = self.lines_residual(count), self.total_residual(count)
        names = []
        if lines is not None and abs(lines) > lines_tolerance(count):
            names.append(LINES)
        if total is not None and abs(total) > CENT:
            names.append(TOTAL)
        return frozenset(names)


def round_to(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def lines_tolerance(count: int) -> Decimal:
    """What the sum of ``count`` rounded amounts may miss."""
    return max(CENT, HALF_CENT * count)


def row_violated(row: Row) -> bool:
    """Whether the row's equation is known and does not hold."""
    residual = row.residual
    return residual is not None and abs(residual) > CENT


def books_of(record: InvoiceRecord) -> Books:
    """The numbers of a record."""
    rows = tuple(Row(item.quantity, item.unit_price, item.total) for item in record.line_items)
    return Books(rows, sum((row.amount for row in rows), ZERO), record.subtotal, record.tax, record.total)


def residuals_of(books: Books) -> Residuals:
    """Every residual of the invoice."""
    count = len(books.rows)
    return Residuals(tuple(row.residual for row in books.rows), books.lines_residual(count), books.total_residual(count))
