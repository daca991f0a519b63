"""Lines between the items that belong to none: headings of groups of items, and remarks. Without a learned template only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mlcore.tables.rows import BodyRow, Line
from mlcore.tables.vocabulary import column_word

APART = 0.1
"""A line stands apart when it is this many em further away than the lines of one item are from each other."""

_TITLE_WORDS = 4
"""A heading has at most this many words."""
_REMARK_WORDS = 2
_REMARK_END = 5


def with_asides(rows: Sequence[BodyRow], kinds: Sequence[Line]) -> list[Line]:
    """The kinds of the rows of one page, lines of text that are headings or remarks named so.

    A heading stands above an item, further away from what is before and behind it than lines of one item are, or where all lines are
    evenly spaced, when neither it nor the item's description is so long that the line had to be broken there. A line whose words a sum
    repeats (``Subtotal Respiratory``) is one too. A remark is a sentence
    in a table whose descriptions are none.
    """
    items = [place for place, kind in enumerate(kinds) if kind is Line.ITEM]
    if not items:
        return list(kinds)
    named = list(kinds)
    plain = not any(_ends_sentence(rows[place]) for place in items)
    spacing = _Spacing(rows[: items[-1] + 1])
    sums = [_words(row) for row, kind in zip(rows, kinds, strict=True) if kind is not Line.ITEM and _may_be_sum(row, kind)]
    for place, kind in enumerate(kinds):
        if kind is not Line.TEXT or rows[place].roles:
            continue
        if plain and _is_remark(rows[place]):
            named[place] = Line.NOTE
        elif place > items[-1] or kinds[place + 1] not in (Line.ITEM, Line.TEXT):
            continue
        elif any(_words(rows[place]) < words for words in sums) or spacing.stands_apart(place, kinds[place + 1]):
            named[place] = Line.SECTION
    if named[0] is Line.SECTION:
        _add_like_the_first(rows[: items[-1] + 1], named)
    return named


def _add_like_the_first(rows: Sequence[BodyRow], kinds: list[Line]) -> None:
    """Where a table begins with a heading, in lines that are evenly spaced, name the other lines that are set like it headings too.

    Like it: a few words of which the first alone has a capital, where the words before need no more of them.
    """
    if not _is_title(rows[0]) or not _Spacing(rows).even:
        return
    for place in range(1, len(rows) - 1):
        before, row = rows[place - 1], rows[place]
        follows = kinds[place + 1] in (Line.ITEM, Line.TEXT) and not rows[place].roles
        open_end = bool(before.description) and before.description[-1].text[-1:] in ",-(/;:&"
        if kinds[place] is Line.TEXT and follows and not open_end and _is_title(row):
            kinds[place] = Line.SECTION


def _is_title(row: BodyRow) -> bool:
    text = " ".join(token.text for token in row.tokens)
    words = text.split()
    capital = text[:1].isupper() and not text.isupper() and all(word.islower() for word in words[1:])
    return capital and len(words) <= _TITLE_WORDS and not any(char.isdigit() for char in text) and text[-1:].isalpha()


def _may_be_sum(row: BodyRow, kind: Line) -> bool:
    return kind in (Line.SECTION, Line.SUMMARY) or row.roles == {"total"}


class _Spacing:
    """The white space between the lines of a table, down to its last item."""

    def __init__(self, rows: Sequence[BodyRow]) -> None:
        self.rows = rows
        self.gaps = [below.top - above.bottom for above, below in pairwise(rows)]
        self.least = min(self.gaps, default=0.0)
        self.even = max(self.gaps, default=0.0) - self.least <= APART
        self.right = max((row.description[-1].x1 for row in rows if row.description), default=0.0)

    def stands_apart(self, place: int, below: Line) -> bool:
        """Whether the line at a place is no part of the items above and below it. ``below`` is what stands under it.

        Above further words, such as the first line of a description, only the white space around it tells that.
        """
        if not self.rows[place + 1].description:
            return False
        if not self.even:
            wide = self.least + APART
            return self.gaps[place] > wide and (place == 0 or self.gaps[place - 1] > wide)
        if below is not Line.ITEM:
            return False
        return self._unbroken(place) and self._unbroken(0) and not self.rows[0].roles and (place == 0 or self._unbroken(place - 1))

    def _unbroken(self, place: int) -> bool:
        """Whether the first word of the next line would have had room behind this one: nobody had to begin a new line."""
        above, below = self.rows[place].description, self.rows[place + 1].description
        if not above or not below:
            return False
        return above[-1].x1 + 1.0 + (below[0].x1 - below[0].x0) < self.right


def _words(row: BodyRow) -> set[str]:
    return {word for word in (column_word(token.text) for token in row.tokens) if word}


def _is_remark(row: BodyRow) -> bool:
    words = row.description
    text = " ".join(token.text for token in words)
    return (
        len(words) >= _REMARK_WORDS
        and _ends_sentence(row)
        and text[:1].isupper()
        and not any(char.isdigit() for char in text)
        and len(words) == len(row.tokens)
    )


def _ends_sentence(row: BodyRow) -> bool:
    last = row.description[-1].text if row.description else ""
    return last.endswith(".") and len(last) >= _REMARK_END and last[:-1].isalpha()
