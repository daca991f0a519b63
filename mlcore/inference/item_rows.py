"""Which rows of a page the line item under way stands on, told from its description. Pure.

Items follow each other down the page, and all of an item stands together: what is known of an answer so far says where the rest of the
item can be, and where the next one begins: further down, and not far.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ROW_END = re.compile(r"[\n\f]")
_AMOUNT = re.compile(r"\d[.,]\d{2,4}(?!\d)")
_AMOUNTS = 2
"""Amounts on a row from which on it is taken for the one with an item's numbers."""
_ABOVE, _BELOW = 1, 4
"""Rows above and below a description without numbers of its own on which they may stand."""
_PASSED = 2
"""Rows with numbers that may be passed over before the next item: a sum of a section, what a page carries forward."""
_WRAPPED = 6
"""Rows below its first one that a description may go on in."""


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Text of the rows of a description, of all rows of its item, and of those on which the next item may begin, from ``next_row`` on."""

    own: str
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
    start, end = _block(rows, top, last)
    below_end = _end_of_next(rows, max(end, last + 1))
    own, here, below = ("\n".join(part) for part in (rows[top : last + 1], rows[start:end], rows[top + 1 : below_end]))
    return ItemPlace(own, here, below, top + 1)


def _block(rows: Sequence[str], top: int, last: int) -> tuple[int, int]:
    """The rows ``start .. end`` of an item whose description stands on ``top .. last``.

    They reach down to the next row with numbers, which belongs to the next item where this one has its own numbers already.
    """
    numbered = [row for row in range(max(0, top - _ABOVE), min(len(rows), last + _BELOW + 1)) if _has_numbers(rows[row])]
    own = [row for row in numbered if top <= row <= last]
    below = [row for row in numbered if row > last]
    if own:
        return top, below[0] if below else last + _BELOW + 1
    return max(0, top - _ABOVE), (below[0] if below else last + _BELOW) + 1


def _end_of_next(rows: Sequence[str], start: int) -> int:
    """Where the rows end on which the next item may begin: rows without numbers after the last one with them may be of its description."""
    numbered = [row for row in range(start, len(rows)) if _has_numbers(rows[row])]
    return numbered[_PASSED + 1] if len(numbered) > _PASSED + 1 else len(rows)


def _has_numbers(row: str) -> bool:
    return len(_AMOUNT.findall(row)) >= _AMOUNTS


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
