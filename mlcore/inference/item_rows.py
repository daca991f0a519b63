"""Which rows of a page the line item under way stands on, told from its description. Pure.

Items follow each other down the page, and all of an item stands together: what is known of an answer so far says where the rest of the
item can be, and that the next one begins further down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ROW_END = re.compile(r"[\n\f]")
_ABOVE, _BELOW = 1, 3
"""Rows above and below a description on which values of its item may stand: a row that the scan cut in two, codes and amounts beneath."""
_WRAPPED = 6
"""Rows below its first one that a description may go on in."""


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Text of the rows of an item, text of the rows on which a later item may begin, and the first of those rows."""

    here: str
    below: str
    next_row: int


def rows_of(text: str) -> tuple[str, ...]:
    """The rows of ``PageText.text``, single spaces within cells, cells still parted."""
    return tuple(_ROW_END.split(text))


def place_of(description: str, rows: Sequence[str], first: int) -> ItemPlace | None:
    """Where an item stands among ``rows``, of which those before ``first`` belong to earlier items; ``None`` when nowhere.

    The row is the one with the longest beginning of the description, the upper one of two alike.
    """
    words = description.split()
    begun = [_beginning(words, row) for row in rows[first:]]
    longest = max(begun, default=0)
    if not longest:
        return None
    top = first + begun.index(longest)
    last = _last_row(words[longest:], rows, top)
    here = rows[max(0, top - _ABOVE) : last + _BELOW + 1]
    return ItemPlace("\n".join(here), "\n".join(rows[top + 1 :]), top + 1)


def _beginning(words: Sequence[str], row: str) -> int:
    """How many of the first words stand in the row one after the other, cells notwithstanding."""
    plain = " ".join(row.split())
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        if " ".join(words[:middle]) in plain:
            low = middle
        else:
            high = middle - 1
    return low


def _last_row(words: Sequence[str], rows: Sequence[str], top: int) -> int:
    """The row in which the rest of a wrapped description ends."""
    last, row = top, top
    while words and row < min(len(rows), top + _WRAPPED + 1):
        found = _beginning(words, rows[row]) if row > top else 0
        if found:
            words, last = words[found:], row
        row += 1
    return last
