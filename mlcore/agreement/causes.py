"""Why two labels differ: ``cause_of`` types a difference so that alike ones can be ruled together. The senior may correct it.

The tests, in this order; the first that holds decides:

1. **row**: a whole row that one record alone has.
2. **guideline**: one value is absent (what counts as "not on the document" is a question of rules), a line type, or the two dates
   are one date with day and month exchanged.
3. **format**: both are the same once case, accents, spaces and punctuation are folded, and trailing zeros of decimal fractions in
   texts. An identifier or a code whose separators stand at other digits (``1-23``, ``12-3``) is no matter of format. Closes itself.
4. **alias**: vendor names that the vendor master holds for one vendor, or that differ in the company form alone.
5. **place**: both values stand on the pages and no place of the one overlaps a place of the other.
6. **misread**: what OCR makes of the other (``confusable``): by the measured confusions; by a lost decimal point; or within few edits
   of a value that was read (it stands on a page, or the machine answered it) while the other was not. A slip of the keyboard looks
   the same and is counted here.
7. **guideline**: everything else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mlcore.agreement.confusable import confusable, near_reading
from mlcore.agreement.cosmetic import differs_in_form_alone
from mlcore.agreement.outcomes import Difference
from mlcore.balance.books import CENT
from mlcore.compare import same
from mlcore.documents import DocumentText, Evidence
from mlcore.normalize import comparison_key
from mlcore.readers.layout import Layout, build_layout, evidence_of
from mlcore.readers.locate import locate_tokens
from mlcore.record_json import read_value
from mlcore.retrieval.lines import core_of
from mlcore.schema import Value, ValueKind, spec_for


class Cause(StrEnum):
    """Why two labels differ."""

    FORMAT = "format"
    MISREAD = "misread"
    PLACE = "place"
    ROW = "row"
    ALIAS = "alias"
    GUIDELINE = "guideline"


def cause_of(
    difference: Difference,
    document: DocumentText | None = None,
    *,
    machine: str | None = None,
    aliases: Sequence[Collection[str]] = (),
) -> Cause:
    """The cause of one difference; the module's docstring has the rules.

    ``machine`` is the machine's value of this field (its text form), ``aliases`` one collection of names for each vendor. Without a
    document nothing stands on a page. Pure; symmetric in first and second.
    """
    return causes_of((difference,), document, machine=(machine,), aliases=aliases)[0]


def causes_of(
    differences: Sequence[Difference],
    document: DocumentText | None = None,
    *,
    machine: Sequence[str | None] = (),
    aliases: Sequence[Collection[str]] = (),
) -> tuple[Cause, ...]:
    """The cause of each difference of a document, whose pages are laid out once. ``machine`` is by difference, or empty."""
    layout = build_layout(document) if document is not None and differences else None
    names = [frozenset(comparison_key(ValueKind.TEXT, name) for name in group) for group in aliases]
    values = machine or (None,) * len(differences)
    return tuple(_cause(difference, layout, value, names) for difference, value in zip(differences, values, strict=True))


def _cause(difference: Difference, layout: Layout | None, machine: str | None, names: Sequence[frozenset[str]]) -> Cause:
    one, other = difference.value_first, difference.value_second
    if difference.is_row:
        return Cause.ROW
    kind = spec_for(difference.name).kind
    if one is None or other is None or kind is ValueKind.ITEM_TYPE or _day_and_month_exchanged(kind, one, other):
        return Cause.GUIDELINE
    if differs_in_form_alone(kind, one, other):
        return Cause.FORMAT
    if difference.name == "vendor.name" and _same_vendor(one, other, names):
        return Cause.ALIAS
    first, second = _Reading.of(layout, kind, one, machine), _Reading.of(layout, kind, other, machine)
    if first.places and second.places and not _overlap(first.places, second.places):
        return Cause.PLACE
    return Cause.MISREAD if _misread(kind, first, second) else Cause.GUIDELINE


def _day_and_month_exchanged(kind: ValueKind, one: str, other: str) -> bool:
    if kind is not ValueKind.DATE:
        return False
    year, month, day = one.split("-")
    return [year, day, month] == other.split("-")


def _same_vendor(one: str, other: str, names: Sequence[frozenset[str]]) -> bool:
    keys = {comparison_key(ValueKind.TEXT, one), comparison_key(ValueKind.TEXT, other)}
    core = core_of(one)
    return any(keys <= group for group in names) or bool(core and core == core_of(other))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A value, what it is compared by, where it stands, and whether it was read exactly so: off a page or by the machine."""

    value: Value
    text: str
    places: tuple[Evidence, ...]
    read: bool

    @classmethod
    def of(cls, layout: Layout | None, kind: ValueKind, text: str, machine: str | None) -> _Reading:
        value = _typed(kind, text)
        found = locate_tokens(layout, kind, value) if layout is not None else []
        key = comparison_key(kind, value)
        exact = found if kind is not ValueKind.TEXT else [ts for ts in found if comparison_key(kind, " ".join(t.text for t in ts)) == key]
        read = bool(exact) or (machine is not None and same(kind, value, _typed(kind, machine)))
        return cls(value, _compared(kind, value, text), tuple(place for tokens in exact or found for place in evidence_of(tokens)), read)


_TYPED = frozenset({ValueKind.MONEY, ValueKind.QUANTITY, ValueKind.DATE})


def _compared(kind: ValueKind, value: Value, text: str) -> str:
    """Numbers and dates as they are, amounts with their cents; other texts as written."""
    if kind is ValueKind.MONEY and isinstance(value, Decimal):
        return format(value.quantize(CENT) if value == value.quantize(CENT) else value.normalize(), "f")
    return comparison_key(kind, value) if kind in _TYPED else text


def _typed(kind: ValueKind, text: str) -> Value:
    """A text form as a value; a text that is none stays text."""
    value = read_value(kind, text)
    return value if isinstance(value, (str, Decimal, dt.date)) else text


def _overlap(left: Sequence[Evidence], right: Sequence[Evidence]) -> bool:
    return any(
        a.page == b.page and min(a.box.x1, b.box.x1) > max(a.box.x0, b.box.x0) and min(a.box.y1, b.box.y1) > max(a.box.y0, b.box.y0)
        for a in left
        for b in right
    )


def _misread(kind: ValueKind, first: _Reading, second: _Reading) -> bool:
    if confusable(first.text, second.text) or _point_lost(kind, first.value, second.value):
        return True
    edits = 1 if kind in _TYPED else None
    return first.read != second.read and near_reading(first.text, second.text, edits)


def _point_lost(kind: ValueKind, one: Value, other: Value) -> bool:
    """The same digits with the point elsewhere: exactly the cents of an amount, or any shift of two significant digits and more."""
    if not (isinstance(one, Decimal) and isinstance(other, Decimal)) or not one or not other:
        return False
    left, right = one.normalize().as_tuple(), other.normalize().as_tuple()
    if left.digits != right.digits or left.sign != right.sign:
        return False
    shift = abs(int(left.exponent) - int(right.exponent))
    return len(left.digits) > 1 or (kind is ValueKind.MONEY and shift == 2)
