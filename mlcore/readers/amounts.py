"""Finds amounts of money in rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mlcore.normalize import NumberStyle, parse_decimal
from mlcore.readers.row_text import RowText

_MARK = r"(?:US\$|USD|EUR|MYR|RM|RN|GBP|CHF|CAD|AUD|INR|[$€£¥₹])"
_POINT = re.compile(
    rf"(?<![\w.,/:-])(?P<mark>{_MARK}[\s.:]{{0,2}})?(?P<neg>[-(−–]\s?)?(?P<mark2>[$€£]\s?)?"
    r"(?P<number>\d{1,3}(?:[,' ]\d{3})+(?:\.\d{1,4})?|\d{1,9}\s?\.\s?\d{2,4}|\d{1,9}(?:[.,]\d{1,4})?|\.\d{2})"
    r"(?P<after>\s?(?:CR\b|-(?!\d)|\)))?(?P<mark3>\s?(?:€|EUR|USD|RM|MYR|DH|Dh))?(?![\w/:%]|[.,]\d|-\d)"
)
_COMMA = re.compile(
    rf"(?<![\w.,/:-])(?P<mark>{_MARK}[\s.:]{{0,2}})?(?P<neg>[-(−–+]\s?)?(?P<mark2>[$€£]\s?)?"
    r"(?P<number>\d{1,3}(?:[.' ]\d{3})+(?:,\s?\d{1,4})?|\d{4,6}(?: \d{3})+,\d{2}|\d{1,9}\s?,\s?\d{2,4}|\d{1,9}(?:[.,]\d{1,4})?|,\d{2})"
    r"(?P<after>\s?(?:CR\b|-(?!\d)|\)))?(?P<mark3>\s?(?:€|EUR|USD|CHF|DH|Dh))?(?![\w/:%]|[.,]\d|-\d)"
)
_POINT_HINT = re.compile(r"\d\.\d{2}(?![\d.,])")
_COMMA_HINT = re.compile(r"\d,\d{2}(?![\d.,])")
_DAMAGED = re.compile(r"(?<=[\d.,])[OoQ](?=[\d.,]|\b)|(?<=\d[.,])[OoQ]{2}\b")


@dataclass(frozen=True, slots=True)
class AmountSpan:
    """A printed amount in one row: tokens ``first`` to before ``last``. ``mark`` is its currency sign or ``""``."""

    row: int
    first: int
    last: int
    raw: str
    value: Decimal
    decimals: int
    mark: str


def number_style(rows: Sequence[RowText]) -> NumberStyle:
    """Whether two decimals follow a point or a comma in most numbers of the document."""
    points = sum(len(_POINT_HINT.findall(row.text)) for row in rows)
    commas = sum(len(_COMMA_HINT.findall(row.text)) for row in rows)
    return NumberStyle.COMMA if commas > points else NumberStyle.POINT


def find_amounts(rows: Sequence[RowText], style: NumberStyle) -> list[AmountSpan]:
    """Every amount in reading order; whole numbers too, since some vendors print no cents."""
    return [span for number, row in enumerate(rows) for span in _amounts_in(number, row, style)]


def _amounts_in(number: int, row: RowText, style: NumberStyle) -> Iterator[AmountSpan]:
    text = _DAMAGED.sub(lambda match: "0" * len(match[0]), row.text)
    pattern = _COMMA if style is NumberStyle.COMMA else _POINT
    for match in pattern.finditer(text):
        printed = re.sub(r"\s?([.,])\s?", r"\1", match["number"])
        if style is NumberStyle.POINT and " " in printed:
            yield from _separate(number, row, match, printed)
            continue
        value = _value(printed, style)
        if value is None:
            continue
        if (match["neg"] or "").strip() not in ("", "+") or (match["after"] or "").strip() in ("-", "CR"):
            value = -value
        first, last = row.tokens_of(match.start(), match.end())
        mark = (match["mark"] or match["mark2"] or match["mark3"] or "").strip(" .:")
        yield AmountSpan(number, first, last, row.text[match.start() : match.end()].strip(), value, _decimals(printed), mark)


def _value(printed: str, style: NumberStyle) -> Decimal | None:
    value = parse_decimal(printed, style)
    return value if value is not None else parse_decimal(printed.replace(" ", ""), NumberStyle.AUTO)


def _decimals(printed: str) -> int:
    cut = max(printed.rfind("."), printed.rfind(","))
    return len(printed) - cut - 1 if cut >= 0 else 0


def _separate(number: int, row: RowText, match: re.Match[str], printed: str) -> Iterator[AmountSpan]:
    """``2 350.00`` in a document with decimal points is two numbers."""
    start = match.start("number")
    for piece in re.finditer(r"\S+", printed):
        value = _value(piece[0], NumberStyle.POINT)
        if value is not None and start + piece.end() <= len(row.text):
            first, last = row.tokens_of(start + piece.start(), start + piece.end())
            yield AmountSpan(number, first, last, piece[0], value, _decimals(piece[0]), "")
