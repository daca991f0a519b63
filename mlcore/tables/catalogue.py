"""Descriptions that the vendor is known to print correct letters that OCR misread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from mlcore.normalize import comparison_key
from mlcore.schema import ValueKind
from mlcore.tables.reading import RowReading

_DIGITS = re.compile(r"\d+")
_LEAST_LENGTH = 5


def correct_descriptions(rows: Sequence[RowReading], catalogue: Sequence[str]) -> tuple[RowReading, ...]:
    """The rows, with a description replaced where exactly one confirmed one is a few letters away.

    One letter may differ in 5 to 9, two in 10 to 19, three in 20 and more. Digits must be the same: a strength is
    never corrected.
    """
    if not catalogue:
        return tuple(rows)
    known = {comparison_key(ValueKind.TEXT, text): text for text in catalogue}
    return tuple(_corrected(row, known) for row in rows)


def _corrected(row: RowReading, known: dict[str, str]) -> RowReading:
    cell = row.cells.get("description")
    if cell is None or not isinstance(cell.value, str):
        return row
    key = comparison_key(ValueKind.TEXT, cell.value)
    if key in known or len(key) < _LEAST_LENGTH:
        return row
    limit = 1 if len(key) < 10 else 2 if len(key) < 20 else 3
    candidates = [other for other in known if _DIGITS.findall(other) == _DIGITS.findall(key)]
    near = process.extract(key, candidates, scorer=Levenshtein.distance, score_cutoff=limit, limit=2)
    if not near or (len(near) > 1 and near[1][1] == near[0][1]):
        return row
    text = known[near[0][0]]
    note = f"Read {cell.value}; confirmed lines of this vendor say {text}."
    return RowReading({**row.cells, "description": replace(cell, value=text, note=note)})
