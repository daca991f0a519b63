"""Where the values of an answer stand on the pages: every place of a text, and the likeliest for each value. Pure.

A place is a run of words. It is *exact* when it reads just like the text; where there is none, the value is looked for as a person's
typing would be (``readers.locate``). One print is one place of one value: cells of line items choose first, item by item down the page and
all cells of an item together; header fields take what is left, beside a label of theirs if there is one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from mlcore.inference.sayable import chunks_of
from mlcore.page_text import PageText
from mlcore.readers.context import Context, Surroundings
from mlcore.readers.layout import Token
from mlcore.readers.locate import locate_tokens
from mlcore.schema import LINE_ITEM_FIELDS, Value, ValueKind, item_path, spec_for, split_item_path

_REACH = 3
"""Cells of a line item stand at most so many rows from its main row."""
_NEAR = (1.0, 0.6, 0.4, 0.2)
"""What a cell counts for a main row so many rows away."""
_COLUMN_WIDTH = 6.0
"""Places this many em apart are surely of different columns."""
_LABELS: Mapping[str, tuple[str, ...]] = {
    "invoice_number": ("number.invoice", "number.generic"),
    "date": ("date.invoice", "date.generic"),
    "subtotal": ("amount.subtotal", "amount.net"),
    "tax": ("amount.tax",),
    "total": ("amount.grand", "amount.total", "amount.gross"),
}
_DECOYS = frozenset(label for labels in _LABELS.values() for label in labels)
"""What is beside such a label is a value of that field before it is one of another."""
_AT_THE_END = frozenset({"subtotal", "tax", "total"})
"""Fields whose last place is likelier than their first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value to look for: its text as said, and as a value of its field (``None`` when it is none)."""

    text: str
    value: Value


@dataclass(frozen=True, slots=True)
class Place:
    """A run of words, in reading order. ``row`` is the layout row of its first word, ``x`` its middle in em."""

    tokens: tuple[Token, ...]
    exact: bool

    @property
    def row(self) -> int:
        """Row of the first word."""
        return self.tokens[0].row

    @property
    def x(self) -> float:
        """Middle of the words that stand in the first row, in em."""
        first = [token for token in self.tokens if token.row == self.row]
        return (first[0].x0 + first[-1].x1) / 2


@dataclass(frozen=True, slots=True)
class Placed:
    """The likeliest place of a value (``None`` when it stands nowhere) and how many there were."""

    place: Place | None
    count: int


class Finder:
    """All places of any text on one page text."""

    def __init__(self, page: PageText) -> None:
        self._page = page
        chunks = chunks_of(page.text)
        self._text = "".join(chunks)
        ends = [0]
        for chunk in chunks:
            ends.append(ends[-1] + len(chunk))
        self._edges = frozenset(ends)
        self._starts, self._shifts = _shifts(page.text)

    @cached_property
    def context(self) -> Context:
        """Labels around any span."""
        return Context(self._page.layout)

    def exact(self, text: str) -> list[Place]:
        """Runs of the page that read like ``text``, white space aside, and neither begin nor end within a word or a number."""
        wanted = " ".join(text.split())
        found: list[Place] = []
        at = self._text.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            if at in self._edges and end in self._edges:
                tokens = self._page.tokens_in(self._back(at), self._back(end - 1) + 1)
                if tokens and (not found or found[-1].tokens != tokens):
                    found.append(Place(tokens, True))
            at = self._text.find(wanted, at + 1)
        return found

    def places(self, wanted: Wanted, kind: ValueKind) -> list[Place]:
        """Exact places in reading order; without any, what ``locate`` finds, best first."""
        if kind is ValueKind.ITEM_TYPE:
            return []
        found = self.exact(wanted.text)
        if found or wanted.value is None:
            return found
        shown = set(self._page.tokens)
        spelled = " ".join(wanted.text.split())
        runs = [run for run in locate_tokens(self._page.layout, kind, wanted.value) if run and set(run) <= shown]
        return [Place(run, " ".join(token.text for token in run) == spelled) for run in runs]

    def _back(self, at: int) -> int:
        word = bisect_right(self._starts, at) - 1
        return at + self._shifts[word]


def _shifts(text: str) -> tuple[list[int], list[int]]:
    """For each word of ``text`` where it begins in the text with single spaces, and how far the original is ahead of that."""
    starts, shifts = [], []
    place = length = 0
    for word in text.split():
        place = text.index(word, place)
        starts.append(length)
        shifts.append(place - length)
        place += len(word)
        length += len(word) + 1
    return starts, shifts


def place_values(finder: Finder, wanted: Mapping[str, Wanted]) -> dict[str, Placed]:
    """The places of every value that was said. ``wanted`` has no absent values; paths without any place have ``Placed(None, 0)``."""
    found = {path: finder.places(one, spec_for(path).kind) for path, one in wanted.items()}
    chosen = _place_items(found)
    used = {token for place in chosen.values() for token in place.tokens}
    for path in sorted(wanted, key=lambda path: path != "total"):  # of two equal sums at the foot the last is the total
        if split_item_path(path) is None and found[path]:
            chosen[path] = _header_choice(finder, path, found[path], used)
            used.update(chosen[path].tokens)
    return {path: Placed(chosen.get(path), len(found[path])) for path in wanted}


def _header_choice(finder: Finder, path: str, places: Sequence[Place], used: set[Token]) -> Place:
    """Free before taken, labeled before unlabeled, then the first; amounts at the foot of an invoice the last."""
    order = list(places)
    if path in _AT_THE_END and places[0].exact:
        order.reverse()
    wanted = _LABELS.get(path, ())
    return min(order, key=lambda place: (bool(used & set(place.tokens)), _label_rank(finder.context, place, wanted)))


def _label_rank(context: Context, place: Place, wanted: Sequence[str]) -> int:
    if not wanted:
        return 0
    row = context.layout.rows[place.row]
    first = row.index(place.tokens[0])
    around: Surroundings = context.around(place.row, first, first + sum(token.row == place.row for token in place.tokens))
    kinds = (around.left, around.above, around.row_first, around.previous_row)
    if any(label in kinds for label in _DECOYS - set(wanted)):
        return len(wanted) + 1
    return next((rank for rank, label in enumerate(wanted) if label in kinds), len(wanted))


def _place_items(found: Mapping[str, Sequence[Place]]) -> dict[str, Place]:
    items: dict[int, dict[str, Sequence[Place]]] = {}
    for path, places in found.items():
        cell = split_item_path(path)
        if cell is not None and places:
            items.setdefault(cell[0], {})[cell[1]] = places
    numbers = sorted(items)
    rows = main_rows([items[number] for number in numbers])
    first = [_item_choice(items[number], row, {}) for number, row in zip(numbers, rows, strict=True)]
    columns = _columns(first)
    chosen = [_item_choice(items[number], row, columns) for number, row in zip(numbers, rows, strict=True)]
    return {item_path(number, name): place for number, cells in zip(numbers, chosen, strict=True) for name, place in cells.items()}


def main_rows(items: Sequence[Mapping[str, Sequence[Place]]]) -> list[int]:
    """The row that each item stands in, going down the page: the choice in which the most cells stand in or near their item's row.

    Every item has a cell with a place. Two items may share a row (at a loss) but never change their order, unless nothing else is left.
    """
    paths: list[tuple[float, tuple[int, ...]]] = []
    keys: list[int] = []
    for cells in items:
        standing = [{place.row for place in places} for places in cells.values()]
        candidates = sorted(set().union(*standing))
        scores = {row: sum(_nearness(row, rows) for rows in standing) for row in candidates}
        best_before = _running_best(paths)
        grown = []
        for row in candidates:
            above = _best_until(keys, best_before, row - 1)
            same = _best_until(keys, best_before, row)
            options = [(above[0], above[1])] if above else []
            if same is not None:
                options.append((same[0] - 0.75, same[1]))
            before = max(options, key=lambda option: option[0], default=(-2.0, _longest(paths)))
            grown.append((before[0] + scores[row], (*before[1], row)))
        paths, keys = grown, candidates
    return list(max(paths, key=lambda path: path[0])[1]) if paths else []


def _running_best(paths: Sequence[tuple[float, tuple[int, ...]]]) -> list[tuple[float, tuple[int, ...]]]:
    best: list[tuple[float, tuple[int, ...]]] = []
    for path in paths:
        best.append(path if not best or path[0] > best[-1][0] else best[-1])
    return best


def _best_until(keys: Sequence[int], best: Sequence[tuple[float, tuple[int, ...]]], row: int) -> tuple[float, tuple[int, ...]] | None:
    if not keys:
        return (0.0, ())
    place = bisect_right(keys, row) - 1
    return best[place] if place >= 0 else None


def _longest(paths: Sequence[tuple[float, tuple[int, ...]]]) -> tuple[int, ...]:
    return max(paths, key=lambda path: path[0])[1] if paths else ()


def _nearness(row: int, rows: Collection[int]) -> float:
    """By the nearest of ``rows``: 1 in the same row, 0 out of reach."""
    return next((score for distance, score in enumerate(_NEAR) if row - distance in rows or row + distance in rows), 0.0)


def _item_choice(cells: Mapping[str, Sequence[Place]], row: int, columns: Mapping[str, float]) -> dict[str, Place]:
    """One place for each cell, near the row and in its column; a word that another cell of the item took comes last."""
    chosen: dict[str, Place] = {}
    used: set[Token] = set()
    for spec in LINE_ITEM_FIELDS:
        places = cells.get(spec.name)
        if not places:
            continue
        x = columns.get(spec.name)
        chosen[spec.name] = min(
            places,
            key=lambda place: (
                bool(used & set(place.tokens)),
                min(abs(place.row - row), _REACH + 1),
                0 if x is None else int(abs(place.x - x) / _COLUMN_WIDTH),
                abs(place.row - row),
                place.x if x is None else abs(place.x - x),
            ),
        )
        used.update(chosen[spec.name].tokens)
    return chosen


def _columns(items: Sequence[Mapping[str, Place]]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for cells in items:
        for name, place in cells.items():
            found.setdefault(name, []).append(place.x)
    return {name: median(xs) for name, xs in found.items() if len(xs) > 1}
