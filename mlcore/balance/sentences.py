"""What an explanation says to a biller."""

from __future__ import annotations

from decimal import Decimal

from mlcore.balance.slips import Slip, decimals_of
from mlcore.schema import InvoiceRecord, spec_for, split_item_path, value_at

_CELL_CLAUSE = {
    Slip.SIGN: "the sign is turned",
    Slip.DECIMAL_SHIFT: "the decimal point is shifted",
    Slip.TRANSPOSED_DIGITS: "two neighbouring digits are swapped",
    Slip.DIGIT_TYPO: "one digit differs",
    Slip.DROPPED_DIGIT: "a digit is missing",
    Slip.EXTRA_DIGIT: "there is a digit too many",
    Slip.RECOMPUTED: "the other values give it",
}
_ROW_SENTENCE = {
    Slip.DUPLICATED_ROW: "Row {row} ({value}) stands there twice; without it the lines add up.",
    Slip.TAX_LINE_AS_ITEM: "Row {row} ({value}) looks like the tax; without it the lines add up.",
    Slip.EXTRA_ROW: "Without row {row} ({value}) the lines add up; it may be a subtotal or a carried amount.",
    Slip.MISSING_ROW: "A row of {value} is missing from the lines.",
}


def format_value(name: str, value: Decimal) -> str:
    """Money with 2 decimals, more only if needed; a quantity without trailing zeros."""
    decimals = decimals_of(value)
    return f"{value:.{decimals if name == 'quantity' else max(2, decimals)}f}"


def _grouped(plain: str) -> str:
    """A plain number as people write it: ``"1234.50"`` is ``"1,234.50"``."""
    whole, point, fraction = plain.partition(".")
    return f"{int(whole):,}{point}{fraction}" if whole not in ("", "-", "-0") else plain


def sentence_for(path: str, kind: Slip, value: str, record: InvoiceRecord) -> str:
    """One plain sentence for an explanation."""
    value = _grouped(value)
    if kind in _ROW_SENTENCE:
        row = int(path.removeprefix("line_items[").rstrip("]"))
        return _ROW_SENTENCE[kind].format(row=row + 1, value=value)
    cell = split_item_path(path)
    label = spec_for(path).label
    place = f"Row {cell[0] + 1}, {label}" if cell else label
    present = value_at(record, path)
    if not isinstance(present, Decimal):
        return f"{place} is empty; {value} makes it add up."
    name = cell[1] if cell else path
    return f"{place} is {_grouped(format_value(name, present))}; {value} fits: {_CELL_CLAUSE[kind]}."
