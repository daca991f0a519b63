"""What a number might have been before OCR read it: one confused digit, a lost point, a doubled digit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from mlcore.normalize import NumberStyle, parse_decimal

_PAIRS = ("08", "06", "09", "17", "14", "27", "23", "35", "38", "39", "49", "56", "58", "68", "69", "89")
_CONFUSED = {digit: "".join(pair.replace(digit, "") for pair in _PAIRS if digit in pair) for digit in "0123456789"}
_LETTERS = {
    "S": "5",
    "s": "5",
    "B": "8",
    "O": "0",
    "o": "0",
    "Q": "0",
    "D": "0",
    "l": "1",
    "I": "1",
    "i": "1",
    "|": "1",
    "Z": "2",
    "G": "6",
    "g": "9",
}
_LETTER_TABLE = str.maketrans(_LETTERS)
_NUMBERISH = re.compile(r"[^\d.,\- ]")


def misreadings(raw: str, value: Decimal) -> Iterator[Decimal]:
    """Values that one OCR error turns into ``raw``, without ``value`` itself and without repeats.

    ``raw`` is the printed text. A confused digit, a doubled digit, a digit that was lost beside its twin, and a
    decimal point that was lost (two decimals) are considered.
    """
    seen = {value}
    for text in _variants(_NUMBERISH.sub("", raw.translate(_LETTER_TABLE)).strip()):
        for style in NumberStyle:
            number = parse_decimal(text, style)
            if number is not None and number not in seen and (number < 0) == (value < 0):
                seen.add(number)
                yield number
    if value and value == value.to_integral_value():
        for places in (2, 1):
            shifted = value.scaleb(-places)
            if shifted not in seen:
                seen.add(shifted)
                yield shifted


def _variants(text: str) -> Iterator[str]:
    yield text
    for i, char in enumerate(text):
        for other in _CONFUSED.get(char, ""):
            yield text[:i] + other + text[i + 1 :]
        if char.isdigit() and i and text[i - 1] == char:
            yield text[:i] + text[i + 1 :]
        if char in ".,":
            yield text[:i] + text[i + 1 :]
    for i, char in enumerate(text):
        if char.isdigit():
            yield text[: i + 1] + char + text[i + 1 :]
