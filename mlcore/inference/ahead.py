"""Guesses how an answer goes on, from what the page shows without a model. Pure.

The header is guessed by the general readers, and so are the line items, as long as what was said of the last one is what they read there.
Where the model reads otherwise it is followed: what it said of the last item shows which column each value came from, and the next row of
the same columns is then the next item, cell by cell. A guess costs little and decides nothing: the model checks it (``decoding``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mlcore.answers.form import AnswerForm, Spelled
from mlcore.answers.printed import TYPE_SIGNS
from mlcore.inference.places import Finder, Place, main_rows
from mlcore.page_text import PageText
from mlcore.readers.header import read_header
from mlcore.readers.layout import Cell
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, ItemType, ValueKind, item_path, split_item_path
from mlcore.tables.read import scan_table
from mlcore.tables.reading import RowReading

_LIKE = 0.6
"""Share of an item's columns that a row must have to be the next item."""
_WRAPPED = 3
"""Rows below an item that its wrapped description may go on in."""


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a value came from: so many rows below the item's, in a column from ``x0`` to ``x1``.

    ``before`` and ``after`` are what was cut off around it; a cell that lacks them gives its words from ``first`` up to ``last``.
    """

    below: int
    x0: float
    x1: float
    before: str
    after: str
    first: int
    last: int | None

    def value_in(self, text: str) -> str:
        """The value in another cell of the column."""
        if len(self.before) + len(self.after) < len(text) and text.startswith(self.before) and text.endswith(self.after):
            return text[len(self.before) : len(text) - len(self.after)]
        return " ".join(text.split()[self.first : self.last])


@dataclass(frozen=True)
class _Pattern:
    """How an item was read: its row, the sources of its values, and values that are said without a place (the type)."""

    row: int
    sources: Mapping[str, _Source]
    fixed: Mapping[str, str]


class Ahead:
    """Guesses for one document's answer."""

    def __init__(self, page: PageText, form: AnswerForm) -> None:
        self._page = page
        self._form = form
        self._finder = Finder(page)
        self._cells = page.layout.row_cells
        self._order = sorted({index for _, _, index in page.rows})
        self._patterns: dict[int, _Pattern | None] = {}

    def text(self, said: str, items: int = 2) -> str:
        """How ``said`` goes on for the rest of an item begun and up to ``items`` more; ``""`` without a guess."""
        values = self._form.read(said)
        rows: dict[int, dict[str, Spelled]] = {}
        for one in values:
            cell = split_item_path(one.path)
            if cell is not None:
                rows.setdefault(cell[0], {})[cell[1]] = one
        printed = {one.path: one.text for one in values if one.text}
        if not rows and len(values) < len(HEADER_FIELDS):
            said_so_far = {one.path: one.text for one in values}
            return self._going_on(said, {**self._header, **_paths(0, self._items_read[:items]), **said_so_far})
        complete = [row for row in sorted(rows) if len(rows[row]) == len(LINE_ITEM_FIELDS)]
        number = complete[-1] + 1 if complete else 0
        last = {name: one.text for name, one in rows[number - 1].items()} if complete else None
        begun = {name: one.text for name, one in rows.get(number, {}).items()}
        ahead = self._read_after(last, begun, items) or self._in_columns_of(number - 1, last, begun, items)
        ahead = ahead or self._items_read[number : number + items]
        if not ahead:
            return ""
        return self._going_on(said, {**printed, **_paths(number, [{**ahead[0], **begun}, *ahead[1:]])})

    def _read_after(self, last: Mapping[str, str] | None, begun: Mapping[str, str], items: int) -> list[dict[str, str]]:
        """Items of the general readers behind the last one that was said, if they have that one so too."""
        read = self._items_read
        at = 0 if last is None else next((n + 1 for n, one in enumerate(read) if _without_type(one) == _without_type(last)), len(read))
        description = begun.get("description", "")
        at = next((n for n in range(at, len(read)) if description in read[n].get("description", "")), at)
        return read[at : at + items]

    def _in_columns_of(self, number: int, last: Mapping[str, str] | None, begun: Mapping[str, str], items: int) -> list[dict[str, str]]:
        """Items in the columns that the last one was read from."""
        pattern = self._pattern(number, last) if last is not None else None
        found: list[dict[str, str]] = []
        while pattern is not None and len(found) < items:
            row = self._next_row(pattern, begun)
            if row is None:
                break
            found.append(self._item(pattern, row))
            pattern, begun = _Pattern(row, pattern.sources, pattern.fixed), {}
        return found

    def _going_on(self, said: str, printed: Mapping[str, str]) -> str:
        """What is missing of the answer that says ``printed``.

        Where the value in work was begun otherwise, it goes on as that of the guess does behind the same signs, or ends.
        """
        parts = tuple(self._form.spell(printed))
        start = 0
        for number, part in enumerate(parts):
            if not said.startswith(part.text, start):
                begun = said[start:]
                if not part.text.startswith(begun) and not part.path:
                    return ""
                inside = part.text.find(begun)
                rest = part.text[inside + len(begun) :] if inside >= 0 else ""
                return rest + "".join(one.text for one in parts[number + 1 :])
            start += len(part.text)
        return ""

    @cached_property
    def _header(self) -> dict[str, str]:
        """The best candidate of the general readers for each field."""
        found = read_header(self._finder.context)
        return {path: max(candidates, key=lambda one: one.score).raw for path, candidates in found.items() if candidates}

    @cached_property
    def _items_read(self) -> list[dict[str, str]]:
        """What the general readers take for line items, as printed, in the order of the page."""
        shown = {index for _, _, index in self._page.rows}
        if len(shown) < len(self._page.layout.rows):
            return []  # a window: the table is cut off, and the columns of the last item are the better guide
        scan = scan_table(self._page.layout, None)
        return [_printed(row) for row in scan.rows] if scan is not None else []

    def _pattern(self, number: int, cells: Mapping[str, str]) -> _Pattern | None:
        if number not in self._patterns:
            self._patterns[number] = self._learn(number, cells)
        return self._patterns[number]

    def _learn(self, number: int, cells: Mapping[str, str]) -> _Pattern | None:
        kinds = {spec.name: spec.kind for spec in LINE_ITEM_FIELDS}
        fixed = {name: text for name, text in cells.items() if kinds[name] is ValueKind.ITEM_TYPE}
        above = self._patterns.get(number - 1)
        floor = above.row if above is not None else -1
        found = {name: self._places(text, floor) for name, text in cells.items() if name not in fixed and text}
        found = {name: places for name, places in found.items() if places}
        if not found:
            return None
        (row,) = main_rows([found])
        sources: dict[str, _Source] = {}
        taken: set[int] = set()
        for name, places in found.items():
            place = min(places, key=lambda one: (one.tokens[0].cell in taken, abs(one.row - row), one.x))
            cell = self._cell_of(place)
            taken.add(cell.number)
            text = " ".join(token.text for token in place.tokens if token.row == place.row)
            said = text if len(place.tokens) > 1 else cells[name]
            before, found_in, after = cell.text.partition(said)
            if found_in:
                last = len((before + said).split()) if after.split() else None
                sources[name] = _Source(place.row - row, cell.x0, cell.x1, before, after, len(before.split()), last)
        return _Pattern(row, sources, fixed)

    def _places(self, text: str, floor: int) -> list[Place]:
        """Exact places below ``floor``; of a text in several pieces the places of its longest beginning that stands in one run."""
        words = text.split()
        for size in range(len(words), 0, -1):
            places = [place for place in self._finder.exact(" ".join(words[:size])) if place.row > floor]
            if places:
                return places
        return []

    def _cell_of(self, place: Place) -> Cell:
        number = place.tokens[0].cell
        return next(cell for cell in self._cells[place.row] if cell.number == number)

    def _next_row(self, pattern: _Pattern, begun: Mapping[str, str]) -> int | None:
        """The first row below with the columns of the pattern, and with the values that were said already."""
        columns = [source for source in pattern.sources.values() if source.below == 0]
        for row in self._order[bisect_left(self._order, pattern.row + 1) :]:
            alike = sum(self._column(row, source) is not None for source in columns)
            if columns and alike >= _LIKE * len(columns) and self._has(pattern, row, begun):
                return row
        return None

    def _has(self, pattern: _Pattern, row: int, begun: Mapping[str, str]) -> bool:
        for name, text in begun.items():
            source = pattern.sources.get(name)
            cell = self._column(row + source.below, source) if source is not None and text else None
            if cell is not None and not all(word in cell.text for word in text.split()[:1]):
                return False
        return True

    def _item(self, pattern: _Pattern, row: int) -> dict[str, str]:
        guessed = dict(pattern.fixed)
        for name, source in pattern.sources.items():
            cell = self._column(row + source.below, source)
            if cell is None:
                continue
            guessed[name] = source.value_in(cell.text)
        if "description" in guessed:
            guessed["description"] += self._wrapped(pattern, row)
        return guessed

    def _wrapped(self, pattern: _Pattern, row: int) -> str:
        """What stands below a description in its column, where nothing else of the item stands."""
        source = pattern.sources["description"]
        elsewhere = {other.below for name, other in pattern.sources.items() if name != "description"}
        more = []
        for below in range(1, _WRAPPED + 1):
            cell = self._column(row + source.below + below, source)
            if cell is None or below in elsewhere or len(self._cells[cell.row]) > 1:
                break
            more.append(f" {cell.text}")
        return "".join(more)

    def _column(self, row: int, source: _Source) -> Cell | None:
        """The cell of a row that shares most of the source's width."""
        if not 0 <= row < len(self._cells):
            return None
        best, most = None, 0.0
        for cell in self._cells[row]:
            shared = min(cell.x1, source.x1) - max(cell.x0, source.x0)
            if shared > most:
                best, most = cell, shared
        return best


def _printed(row: RowReading) -> dict[str, str]:
    found = {name: cell.raw for name, cell in row.cells.items() if cell.raw and cell.value is not None}
    kind = row.value("type")
    return {**found, "type": TYPE_SIGNS[ItemType(kind)]} if isinstance(kind, str) else found


def _without_type(item: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in item.items() if text and name != "type"}


def _paths(number: int, items: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {item_path(number + n, name): text for n, item in enumerate(items) for name, text in item.items() if text}
