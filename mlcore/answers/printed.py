"""A record as printed: for each field path the text on the page, and back from text to typed values."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.answers.form import row_count
from mlcore.compare import same
from mlcore.documents import DocumentText, Evidence, GoldExample
from mlcore.normalize import DateOrder, NumberStyle, collapse_spaces, parse_date, parse_decimal
from mlcore.readers.amounts import number_style
from mlcore.readers.dates import DateForm, choose_order, find_dates
from mlcore.readers.layout import Layout, Token, build_layout
from mlcore.readers.locate import locate_tokens
from mlcore.readers.row_text import row_text
from mlcore.record_json import value_to_json
from mlcore.schema import (
    InvoiceRecord,
    ItemType,
    Value,
    ValueKind,
    iter_values,
    record_with,
    spec_for,
)

TYPE_SIGNS = {
    ItemType.STANDARD_MEDICATION: "S",
    ItemType.COMPOUND_MEDICATION: "C",
    ItemType.DME_RENTAL: "R",
    ItemType.BUNDLED_SERVICE: "B",
}
"""The type of a line is seldom printed; an answer says it with one letter."""

_TYPES = {sign: kind for kind, sign in TYPE_SIGNS.items()}
Printed = Mapping[str, str]
"""Field path -> text as printed; absent values are left out. Types are their sign."""


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """The text of a value and the tokens of the page that print it; none for a type, and for what was typed and stands nowhere."""

    text: str
    tokens: tuple[Token, ...] = ()


def printed_record(example: GoldExample) -> dict[str, str]:
    """Every value of a confirmed record as its page prints it (``printed_values``)."""
    return {path: one.text for path, one in printed_values(example, build_layout(example.document)).items()}


def printed_values(example: GoldExample, layout: Layout) -> dict[str, PrintedValue]:
    """Every value of a confirmed record as ``layout``, that of its document, prints it; field path -> value, absent ones left out.

    From the confirmed places where they say the value, else from the best place that ``locate`` finds, else the value as
    ``record_json`` writes it (a value that was typed and stands nowhere).
    """
    printed = {}
    for path, value in iter_values(example.record):
        if value is None:
            continue
        sign = PrintedValue(TYPE_SIGNS[value]) if isinstance(value, ItemType) else None
        printed[path] = sign or _print_of(layout, example.evidence.get(path, ()), spec_for(path).kind, value)
    return printed


def _print_of(layout: Layout, places: tuple[Evidence, ...], kind: ValueKind, value: Value) -> PrintedValue:
    for tokens in itertools.chain((_tokens_at(layout, places),), _located(layout, kind, value)):
        text = collapse_spaces(" ".join(token.text for token in tokens))
        if text and _says(kind, text, value):
            return PrintedValue(text, tokens)
    return PrintedValue(value_to_json(value) or "")


def _located(layout: Layout, kind: ValueKind, value: Value) -> Iterator[tuple[Token, ...]]:
    yield from locate_tokens(layout, kind, value)  # looked for only where the confirmed places do not say the value


def _tokens_at(layout: Layout, places: tuple[Evidence, ...]) -> tuple[Token, ...]:
    found = []
    for place in places:
        for token in layout.tokens:
            x, y = token.box.center
            inside = place.box.x0 - 1e-4 <= x <= place.box.x1 + 1e-4 and place.box.y0 - 1e-4 <= y <= place.box.y1 + 1e-4
            if token.page == place.page and inside:
                found.append(token)
    return tuple(found)


def _says(kind: ValueKind, text: str, value: Value) -> bool:
    if kind is ValueKind.DATE:
        return any(parse_date(text, order) == value for order in DateOrder)
    if kind in (ValueKind.MONEY, ValueKind.QUANTITY):
        return any(same(kind, parse_decimal(text, style), value) for style in NumberStyle)
    return same(kind, text, value)


def record_of(printed: Printed, *, order: DateOrder = DateOrder.MONTH_FIRST, style: NumberStyle = NumberStyle.AUTO) -> InvoiceRecord:
    """The typed record; a text that is no value of its field is left out (``None``). Raises ``KeyError`` for a path of no field."""
    values = {path: value_of(spec_for(path).kind, text, order, style) for path, text in printed.items()}
    return record_with(values, row_count(printed))


def value_of(kind: ValueKind, text: str, order: DateOrder, style: NumberStyle) -> Any:
    """One printed text as a typed value, or ``None``."""
    text = collapse_spaces(text)
    if not text:
        return None
    if kind is ValueKind.ITEM_TYPE:
        return _TYPES.get(text)
    if kind is ValueKind.DATE:
        return parse_date(text, order)
    if kind in (ValueKind.MONEY, ValueKind.QUANTITY):
        return parse_decimal(text, style)
    return text


def habits(document: DocumentText) -> tuple[DateOrder, NumberStyle]:
    """Order of day and month, and the decimal mark, that a document shows by itself."""
    layout = build_layout(document)
    rows = [row_text(row) for row in layout.rows]
    forms = choose_order(layout, rows, find_dates(rows))
    numeric = next(form for form in forms if form in (DateForm.DAY_MONTH_YEAR, DateForm.MONTH_DAY_YEAR))
    return DateOrder.DAY_FIRST if numeric is DateForm.DAY_MONTH_YEAR else DateOrder.MONTH_FIRST, number_style(rows)
