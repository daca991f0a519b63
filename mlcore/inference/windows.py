"""Long documents: cut into windows of rows that overlap, and the readings of the windows put together again. Pure.

Every window carries the top of the document (who writes, which number, which date), because a page in the middle says nothing of it.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from mlcore.documents import DocumentText
from mlcore.inference.certainty import Certainty
from mlcore.inference.places import Place
from mlcore.page_text import PageText, text_of_rows
from mlcore.readers.layout import Cell, Layout, Token, build_layout
from mlcore.schema import HEADER_FIELDS, item_path, split_item_path

ROW_CHARACTERS = 1000
"""Longest row that a model is shown."""
_SIGNS_PER_ROW = 2
"""Tokens that part a row from the next, at the most."""
OVERLAP = 4
"""Rows that a window shares with the one before, so that no line item is cut by both."""
LONGEST_WORD = 200
"""Characters; what is longer is no word of an invoice."""
_HALF = re.compile("[\ud800-\udfff]")
"""Halves of characters (lone surrogates), which no text can hold."""
_HEAD_SHARE = 0.25
_PREFERRED = 0.2
"""So much surer must another window be before a field is not taken from where it usually stands."""
FROM_THE_END = frozenset({"subtotal", "tax", "total"})
"""Fields that stand at the end of a document."""


@dataclass(frozen=True, slots=True)
class Window:
    """Rows of a layout that are read together: ``head`` (the top of the document) and ``body``, both as row numbers in order."""

    head: tuple[int, ...]
    body: tuple[int, ...]

    @property
    def rows(self) -> tuple[int, ...]:
        """All rows."""
        return (*self.head, *self.body)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One value that was said of a window: its text (``""`` for absence), how sure, the likeliest place, and how many there are."""

    text: str
    certainty: Certainty
    place: Place | None
    count: int


@dataclass(frozen=True, slots=True)
class WindowReading:
    """What was read in one window: field path -> what was said, in the order of the answer."""

    window: Window
    said: Mapping[str, Spoken]


def readable_page(document: DocumentText) -> PageText:
    """A document as a model is shown it (``tidy_layout``)."""
    layout = tidy_layout(build_layout(document), ROW_CHARACTERS)
    return text_of_rows(layout, range(len(layout.rows)))


def windows_of(page: PageText, tokens_of: Callable[[str], int], budget: int) -> list[Window]:
    """Windows over a page whose prompt may have ``budget`` tokens for its text; ``tokens_of`` counts those of a text."""
    return plan_windows([tokens_of(page.text[start:end]) + _SIGNS_PER_ROW for start, end, _ in page.rows], max(budget, 1))


def plan_windows(sizes: Sequence[int], budget: int) -> list[Window]:
    """Windows over rows of ``sizes`` tokens, each of at most ``budget`` tokens unless one row alone is more.

    One window when everything fits. Else the head takes a quarter of the budget at the most, and bodies overlap by ``OVERLAP`` rows.
    """
    if sum(sizes) <= budget:
        return [Window((), tuple(range(len(sizes))))]
    head = 0
    taken = 0
    while head < len(sizes) and taken + sizes[head] <= budget * _HEAD_SHARE:
        taken += sizes[head]
        head += 1
    room = budget - taken
    windows = []
    start = head
    while True:
        end, length = start, 0
        while end < len(sizes) and (end == start or length + sizes[end] <= room):
            length += sizes[end]
            end += 1
        windows.append(Window(tuple(range(head)), tuple(range(start, end))))
        if end >= len(sizes):
            return windows
        start = max(end - OVERLAP, start + 1)
        while start < end and sum(sizes[start : end + 1]) > room:  # a window must get further than the one before
            start += 1


def whole_characters(text: str) -> str:
    """The text with a replacement character for every half of one."""
    return _HALF.sub("\ufffd", text)


def tidy_layout(layout: Layout, most: int) -> Layout:
    """The layout as a model can be shown it: no word over ``LONGEST_WORD`` characters, no row over ``most`` characters, no half characters.

    Longer words are passed over, longer rows cut in several. Rows are numbered anew where that changed them.
    """
    if all(_shown(token) for token in layout.tokens) and all(_length(row) <= most for row in layout.rows):
        return layout
    rows: list[tuple[Token, ...]] = []
    for row in layout.rows:
        part: list[Token] = []
        for token in row:
            if len(token.text) > LONGEST_WORD:
                continue
            if part and _length(part) + len(token.text) > most:
                rows.append(tuple(part))
                part = []
            part.append(replace(token, text=whole_characters(token.text)))
        if part:
            rows.append(tuple(part))
    return _renumbered(layout, rows)


def _renumbered(layout: Layout, rows: Sequence[Sequence[Token]]) -> Layout:
    cells: list[Cell] = []
    renumbered = []
    for place, row in enumerate(rows):
        tokens: list[Token] = []
        for _, group in itertools.groupby(row, key=lambda token: token.cell):
            part = tuple(replace(token, row=place, cell=len(cells)) for token in group)
            cells.append(Cell(len(cells), place, part[0].page, part))
            tokens.extend(part)
        renumbered.append(tuple(tokens))
    return replace(layout, rows=tuple(renumbered), cells=tuple(cells))


def _shown(token: Token) -> bool:
    return len(token.text) <= LONGEST_WORD and not _HALF.search(token.text)


def _length(row: Sequence[Token]) -> int:
    return sum(len(token.text) + 1 for token in row)


def merge_windows(readings: Sequence[WindowReading]) -> dict[str, Spoken]:
    """One answer from the answers of all windows, in the order of the schema.

    A header field comes from the window that is surest of it; the first is preferred, for the amounts at the end the last. Line items that
    stand on the same words are one item, kept as the window says it in which it stands farther from the edges; items go by their rows.
    """
    if len(readings) == 1:
        return dict(readings[0].said)
    merged = {spec.name: said for spec in HEADER_FIELDS if (said := _header(readings, spec.name)) is not None}
    for row, cells in enumerate(_items(readings)):
        merged.update({item_path(row, name): said for name, said in cells.items()})
    return merged


def _header(readings: Sequence[WindowReading], name: str) -> Spoken | None:
    order = list(reversed(readings)) if name in FROM_THE_END else list(readings)
    said = [reading.said[name] for reading in order if name in reading.said]
    spoken = [one for one in said if one.text]
    if not spoken:
        return said[0] if said else None
    return max(enumerate(spoken), key=lambda entry: (_sureness(entry[1].certainty) + (0.0 if entry[0] else _PREFERRED), -entry[0]))[1]


def _sureness(certainty: Certainty) -> float:
    """The probability of the least likely token; certain when nothing was the model's choice."""
    return math.exp(min(certainty.log_probabilities, default=0.0))


@dataclass(frozen=True, slots=True)
class _Item:
    cells: Mapping[str, Spoken]
    tokens: frozenset[Token]
    order: tuple[float, ...]
    room: int

    def repeats(self, other: _Item) -> bool:
        """Whether most of the words of the smaller item are words of the other; without words: whether they say the same."""
        if not self.tokens or not other.tokens:
            return not self.tokens and not other.tokens and _texts(self.cells) == _texts(other.cells)
        return 2 * len(self.tokens & other.tokens) >= min(len(self.tokens), len(other.tokens))


def _texts(cells: Mapping[str, Spoken]) -> dict[str, str]:
    return {name: said.text for name, said in cells.items()}


def _items(readings: Sequence[WindowReading]) -> list[Mapping[str, Spoken]]:
    kept: list[_Item] = []
    for number, reading in enumerate(readings):
        before = len(kept)
        for item in _items_of(reading, number):
            same = next((place for place in range(before) if kept[place].repeats(item)), None)
            if same is None:
                kept.append(item)
            elif item.room > kept[same].room:
                kept[same] = replace(item, order=min(item.order, kept[same].order))
    return [item.cells for item in sorted(kept, key=lambda item: item.order)]


def _items_of(reading: WindowReading, number: int) -> list[_Item]:
    rows: dict[int, dict[str, Spoken]] = {}
    for path, said in reading.said.items():
        cell = split_item_path(path)
        if cell is not None:
            rows.setdefault(cell[0], {})[cell[1]] = said
    found: list[_Item] = []
    body = reading.window.body
    for place, (_, cells) in enumerate(sorted(rows.items())):
        tokens = frozenset(token for said in cells.values() if said.place for token in said.place.tokens)
        standing = sorted(token.row for token in tokens)
        above = found[-1].order[0] if found else float(body[0] if body else 0)
        row = float(standing[0]) if standing else above
        room = min(standing[0] - body[0], body[-1] - standing[-1]) if standing and body else 0
        found.append(_Item(cells, tokens, (row, number, place), room))
    return found
