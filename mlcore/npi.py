"""National Provider Identifiers printed on a page, and whether their check digit is right.

The record has no field for them, so this is a check of the document. Source: 45 CFR 162.406: ten digits, the first 1 or 2,
the last the Luhn check digit over the number with 80840 before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlcore.documents import Box, DocumentText, Evidence, Word

_LABEL = re.compile(r"^\(?N\.?P\.?I\.?(?:#|:|-|NO|NUMBER|\.)*\)?:?(?P<rest>[0-9A-Z-]*)$")
_FILLER = re.compile(r"^(?:#|:|-|NO\.?:?|NUMBER:?|NUM\.?|ID:?|IS|=)+$")
_NUMBER = re.compile(r"^[0-9OILSB-]{8,13}$")
_TRIM = "()[],.;:#|"
_MOST_FILLERS = 3
_LINES_BELOW = 2


@dataclass(frozen=True, slots=True)
class PrintedNpi:
    """What is printed beside or below the word NPI, upper case, without hyphens."""

    text: str
    place: Evidence


def npi_problem(text: str) -> str:
    """What is wrong with the number as a phrase that follows it, ``""`` when nothing is."""
    if not text.isdigit():
        return "has a letter in it; an NPI has ten digits"
    if len(text) != 10:
        return f"has {len(text)} digits; an NPI has ten"
    if text[0] not in "12":
        return f"begins with {text[0]}; an NPI begins with 1 or 2"
    if not _luhn(f"80840{text}"):
        return "has a wrong check digit: misprinted or misread"
    return ""


def printed_npis(document: DocumentText) -> tuple[PrintedNpi, ...]:
    """Every number near the word NPI, in reading order, each number once for each page."""
    found: dict[tuple[int, str], PrintedNpi] = {}
    for page in document.pages:
        for npi in _on_page(page.number, page.lines):
            found.setdefault((page.number, npi.text), npi)
    return tuple(found.values())


def _on_page(number: int, lines: Sequence[Sequence[Word]]) -> Iterator[PrintedNpi]:
    for index, line in enumerate(lines):
        for place, word in enumerate(line):
            label = _LABEL.match(word.text.upper())
            if label is None:
                continue
            if _is_number(label["rest"]):
                yield _printed(label["rest"], number, word)
            elif not label["rest"] and (found := _beside(line[place + 1 :]) or _below(word, lines[index + 1 : index + 1 + _LINES_BELOW])):
                yield _printed(found.text.upper(), number, found)


def _printed(text: str, page: int, word: Word) -> PrintedNpi:
    return PrintedNpi(text.strip(_TRIM).replace("-", ""), Evidence(page, word.box))


def _beside(words: Sequence[Word]) -> Word | None:
    for word in words[: _MOST_FILLERS + 1]:
        text = word.text.upper()
        if _is_number(text):
            return word
        if not _FILLER.match(text):
            return None
    return None


def _below(label: Word, lines: Sequence[Sequence[Word]]) -> Word | None:
    """The heading of a column: the number stands under it."""
    for line in lines:
        for word in line:
            if _is_number(word.text.upper()) and _overlap(label.box, word.box):
                return word
    return None


def _is_number(text: str) -> bool:
    body = text.strip(_TRIM)
    return bool(_NUMBER.match(body)) and sum(char.isdigit() for char in body) >= 8


def _overlap(first: Box, second: Box) -> bool:
    return first.x0 < second.x1 and second.x0 < first.x1


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
