"""Ranked one-change explanations of an imbalance; the algorithm is specified in the package docstring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from mlcore.balance.books import CENT, LINES, TOTAL, ZERO, Books, Residuals, Row, books_of, residuals_of, round_to, row_violated
from mlcore.balance.sentences import format_value, sentence_for
from mlcore.balance.slips import Slip, decimals_of, slip_between
from mlcore.schema import InvoiceRecord, LineItem, item_path

MAX_EXPLANATIONS = 8
BASE_SCORE = {
    Slip.DUPLICATED_ROW: 90,
    Slip.TAX_LINE_AS_ITEM: 88,
    Slip.TRANSPOSED_DIGITS: 80,
    Slip.DECIMAL_SHIFT: 78,
    Slip.SIGN: 76,
    Slip.FILL_IN: 70,
    Slip.DIGIT_TYPO: 60,
    Slip.DROPPED_DIGIT: 58,
    Slip.EXTRA_DIGIT: 57,
    Slip.EXTRA_ROW: 55,
    Slip.MISSING_ROW: 50,
    Slip.RECOMPUTED: 30,
}
FURTHER_EQUATION = 25
TAX_WORDS = ("tax", "vat", "gst", "sst", "hst", "pst", "tva", "taxe", "taxes", "mwst", "ust", "umsatzsteuer", "mehrwertsteuer", "iva")
_HEADER = ("subtotal", "tax", "total")
_CELLS = ("", "quantity", "unit_price", "total")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One change that would make the invoice add up better.

    ``path`` is a cell, or a whole row (``line_items[3]``) to take away or, one past the last, to add.
    ``value`` is the proposed value as a string; for a row, its amount.
    """

    path: str
    kind: Slip
    value: str
    sentence: str
    score: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Residuals and ranked explanations; no explanations when everything adds up or nothing single explains it."""

    residuals: Residuals
    explanations: tuple[Explanation, ...]
    violated: int
    """How many equations are known and do not hold."""

    @property
    def balanced(self) -> bool:
        """Whether no known equation is violated."""
        return self.violated == 0


@dataclass(frozen=True, slots=True)
class _Change:
    """``row`` is ``None`` for a header cell; ``name`` is ``""`` for a whole row."""

    row: int | None
    name: str
    kind: Slip
    value: Decimal

    @property
    def path(self) -> str:
        if self.row is None:
            return self.name
        return item_path(self.row, self.name) if self.name else f"line_items[{self.row}]"

    @property
    def is_negative_amount(self) -> bool:
        """Whether a row is to get a negative amount."""
        return self.row is not None and self.name == "total" and self.value < 0

    def order(self) -> tuple[int, int, Decimal]:
        if self.row is None:
            return (1 << 30, _HEADER.index(self.name), self.value)
        return (self.row, _CELLS.index(self.name), self.value)


def explain_imbalance(record: InvoiceRecord) -> Balance:
    """Residuals of the record and up to ``MAX_EXPLANATIONS`` single changes that repair an equation."""
    books = books_of(record)
    sums = books.violated_sums(len(books.rows))
    bad_rows = [index for index, row in enumerate(books.rows) if row_violated(row)]
    best: dict[tuple[str, str], tuple[int, _Change]] = {}
    credit_note = books.is_credit_note
    for change in _changes(books, record.line_items, sums, bad_rows):
        if change.is_negative_amount and not credit_note:
            continue
        repaired = _repaired(books, change, sums)
        if repaired < 1:
            continue
        score = BASE_SCORE[change.kind] + FURTHER_EQUATION * (repaired - 1)
        key = (change.path, format_value(change.name or "total", change.value))
        if key not in best or score > best[key][0]:
            best[key] = (score, change)
    ranked = sorted(best.items(), key=lambda entry: (-entry[1][0], entry[1][1].order()))
    explanations = tuple(
        Explanation(path, change.kind, value, sentence_for(path, change.kind, value, record), score)
        for (path, value), (score, change) in ranked[:MAX_EXPLANATIONS]
    )
    return Balance(residuals_of(books), explanations, len(sums) + len(bad_rows))


def _changes(books: Books, items: tuple[LineItem, ...], sums: frozenset[str], bad_rows: list[int]) -> Iterator[_Change]:
    for index in bad_rows:
        for name, needed in needed_in_row(books.rows[index]):
            yield from _cell(index, name, getattr(books.rows[index], name), needed)
    residual = books.lines_residual(len(books.rows))
    if LINES in sums and residual is not None:
        for index, row in enumerate(books.rows):
            if row.total is not None or row.quantity is None or row.unit_price is None:
                yield from _cell(index, "total", row.total, (row.total or ZERO) - residual)
        if books.subtotal is not None:
            yield from _cell(None, "subtotal", books.subtotal, books.subtotal + residual)
        yield from _row_changes(books, items, residual)
    if TOTAL in sums and books.subtotal is not None and books.total is not None:
        tax = books.tax or ZERO
        yield from _cell(None, "subtotal", books.subtotal, books.total - tax)
        yield from _cell(None, "tax", books.tax, books.total - books.subtotal)
        yield from _cell(None, "total", books.total, books.subtotal + tax)


def _cell(row: int | None, name: str, present: Decimal | None, needed: Decimal) -> Iterator[_Change]:
    kind = slip_between(present, needed, 0 if name == "quantity" else 2)
    if kind is None or (kind is Slip.RECOMPUTED and present is not None and (needed * present < 0 or (needed == 0 and row is not None))):
        return
    if name == "quantity" and present is not None and decimals_of(present) == 0 < decimals_of(needed):
        return
    yield _Change(row, name, kind, needed)


def needed_in_row(row: Row) -> Iterator[tuple[str, Decimal]]:
    """``(cell, value)`` pairs, each of which alone makes quantity x unit price equal the amount."""
    quantity, price, total = row.quantity, row.unit_price, row.total
    if quantity is None or price is None or total is None:
        return
    yield "total", round_to(quantity * price, 2)
    for name, other, choices in (("quantity", price, (0, 2, 3)), ("unit_price", quantity, (2, 4))):
        if other == 0:
            continue
        for decimals in choices:
            needed = _quotient(total, other, decimals)
            if abs(needed * other - total) <= CENT:
                yield name, needed
                break


def _quotient(left: Decimal, right: Decimal, decimals: int) -> Decimal:
    """``left / right`` rounded half away from zero, without rounding twice."""
    exact = Fraction(left) / Fraction(right) * 10**decimals
    whole = int(abs(exact) + Fraction(1, 2))
    return Decimal(-whole if exact < 0 else whole).scaleb(-decimals)


def _row_changes(books: Books, items: tuple[LineItem, ...], residual: Decimal) -> Iterator[_Change]:
    if residual < 0:
        yield _Change(len(books.rows), "", Slip.MISSING_ROW, -residual)
    seen: set[tuple[object, ...]] = set()
    for index, (row, item) in enumerate(zip(books.rows, items, strict=True)):
        words = _plain(item.description)
        key = (row.amount, row.quantity, row.unit_price, words)
        if row.amount != 0 and abs(row.amount - residual) <= CENT:
            yield _Change(index, "", _row_kind(books, row, item, key in seen), row.amount)
        seen.add(key)


def _row_kind(books: Books, row: Row, item: LineItem, repeated: bool) -> Slip:
    if repeated:
        return Slip.DUPLICATED_ROW
    if books.tax is not None and abs(row.amount - books.tax) <= CENT:
        return Slip.TAX_LINE_AS_ITEM
    words = ("".join(char for char in word if char.isalpha()) for word in (item.description or "").casefold().split())
    return Slip.TAX_LINE_AS_ITEM if any(word in TAX_WORDS for word in words) else Slip.EXTRA_ROW


def _plain(text: str | None) -> str:
    return "".join(char for char in (text or "").casefold() if char.isalnum())


def _repaired(books: Books, change: _Change, sums: frozenset[str]) -> int:
    """How many violated equations the change repairs; -1 when it breaks one that held."""
    count, before, after = len(books.rows), 0, 0
    if change.row is None:
        changed = _with_header(books, change.name, change.value)
    elif change.kind is Slip.MISSING_ROW:
        changed, count = replace(books, lines_sum=books.lines_sum + change.value), count + 1
    else:
        row = books.rows[change.row]
        before = int(row_violated(row))
        if change.name:
            new = _with_cell(row, change.name, change.value)
            after = int(row_violated(new))
            changed = replace(books, lines_sum=books.lines_sum - row.amount + new.amount)
        else:
            tax = change.value if change.kind is Slip.TAX_LINE_AS_ITEM and books.tax is None else books.tax
            changed, count = replace(books, lines_sum=books.lines_sum - row.amount, tax=tax), count - 1
    now = changed.violated_sums(count)
    if now - sums or after > before:
        return -1
    return len(sums - now) + before - after


def _with_header(books: Books, name: str, value: Decimal) -> Books:
    if name == "subtotal":
        return replace(books, subtotal=value)
    return replace(books, tax=value) if name == "tax" else replace(books, total=value)


def _with_cell(row: Row, name: str, value: Decimal) -> Row:
    if name == "quantity":
        return replace(row, quantity=value)
    return replace(row, unit_price=value) if name == "unit_price" else replace(row, total=value)
