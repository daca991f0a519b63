"""Fields in another order on the page: neighbouring columns of the line items change places, and rows or columns of the head's labels
and values do. Words move as whole groups and nothing overlaps afterwards; a page on which no swap is possible stays as it is.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mlcore.dataset.noise import Rewritten
from mlcore.dataset.relabel import Places
from mlcore.documents import Box, DocumentText, Page
from mlcore.readers.layout import Cell, Layout, build_layout
from mlcore.schema import split_item_path

_HEADING_EM = 3.5
_LABEL_GAP_EM = 15.0
_ALIGNED_EM = 1.0
_MOVED = ("invoice_number", "date")


@dataclass(frozen=True)
class _Paper:
    """The words of one page with their places in points: ``index -> box``."""

    page: Page
    boxes: tuple[Box, ...]
    em: float

    def within(self, top: float, bottom: float) -> list[int]:
        return [i for i, box in enumerate(self.boxes) if top <= (box.y0 + box.y1) / 2 <= bottom]


Moves = dict[int, tuple[float, float]]
"""Word of a page -> how far it moves, in fractions of the page."""


def permuted(document: DocumentText, places: Places, rng: random.Random) -> Rewritten | None:
    """The document with one pair of item columns and one pair of header entries swapped, as far as they can be; ``None`` when neither
    can. ``places`` as in ``relabel.places_of``."""
    moves: list[Moves] = [{} for _ in document.pages]
    done = _swap_item_columns(document, places, rng, moves)
    done = _swap_entries(document, places, rng, moves) or done
    if not done:
        return None
    made = [_moved(page, moved) for page, moved in zip(document.pages, moves, strict=True)]
    return Rewritten(DocumentText(tuple(page for page, _ in made), document.tokeniser), tuple(sources for _, sources in made))


def _moved(page: Page, moves: Moves) -> tuple[Page, tuple[tuple[int, ...], ...]]:
    """The page with its words in reading order again; a word that changed its row takes the line number that is there."""
    words = []
    for index, word in enumerate(page.words):
        across, down = moves.get(index, (0.0, 0.0))
        box = word.box
        words.append((index, replace(word, box=Box(box.x0 + across, box.y0 + down, box.x1 + across, box.y1 + down))))
    centers = [((word.box.y0 + word.box.y1) / 2, word.line) for index, word in enumerate(page.words)]
    placed = []
    for index, word in words:
        middle = word.box.center[1]
        line = word.line if not moves.get(index, (0, 0))[1] else min(centers, key=lambda one: abs(one[0] - middle))[1]
        placed.append((line, word.box.x0, index, replace(word, line=line)))
    placed.sort(key=lambda one: one[:3])
    return replace(page, words=tuple(word for *_, word in placed)), tuple((index,) for _, _, index, _ in placed)


def _swap_item_columns(document: DocumentText, places: Places, rng: random.Random, moves: list[Moves]) -> bool:
    columns: dict[int, dict[str, set[int]]] = {}
    for path, spots in places.items():
        cell = split_item_path(path)
        if cell is not None:
            for page, words in spots:
                columns.setdefault(page, {}).setdefault(cell[1], set()).update(words)
    if not columns:
        return False
    begins = min(columns)
    first, words_there = columns[begins], document.pages[begins].words
    order = sorted(first, key=lambda name: min(words_there[i].box.x0 for i in first[name]))
    pairs = list(pairwise(order))
    rng.shuffle(pairs)
    for left, right in pairs:
        found: list[tuple[int, Moves]] = []
        for number, named in sorted(columns.items()):
            if not {left, right} <= named.keys():
                break
            paper = _paper(document.pages[number])
            everything = set().union(*named.values())
            top = min(paper.boxes[i].y0 for i in everything) - _HEADING_EM * paper.em / paper.page.height
            swap = _side_by_side(paper, named[left], named[right], paper.within(top, max(paper.boxes[i].y1 for i in everything)))
            if swap is None:
                break
            found.append((number, swap))
        else:
            for number, swap in found:
                moves[number].update(swap)
            return True
    return False


def _side_by_side(paper: _Paper, left: Iterable[int], right: Iterable[int], rows: Sequence[int]) -> Moves | None:
    """Swap two neighbouring columns with all that stands in their rows, headings too; ``None`` when something lies across them."""
    ours, theirs = _around(paper, left), _around(paper, right)
    if ours.x1 >= theirs.x0:
        return None
    cut = (ours.x1 + theirs.x0) / 2
    inner = [i for i in rows if ours.x0 <= paper.boxes[i].center[0] <= theirs.x1]
    one = [i for i in inner if paper.boxes[i].center[0] < cut]
    two = [i for i in inner if paper.boxes[i].center[0] >= cut]
    if not one or not two:
        return None
    ours, theirs = _around(paper, one), _around(paper, two)
    if ours.x1 >= theirs.x0 or any(_reaches(paper.boxes[i], ours.x0, theirs.x1) for i in set(rows) - set(inner)):
        return None
    if any(ours.x1 < paper.boxes[i].center[0] < theirs.x0 for i in rows):
        return None
    return {**dict.fromkeys(one, (theirs.x1 - ours.x1, 0.0)), **dict.fromkeys(two, (ours.x0 - theirs.x0, 0.0))}


def _swap_entries(document: DocumentText, places: Places, rng: random.Random, moves: list[Moves]) -> bool:
    """Number or date of the invoice, with its label, and the entry beside, above or below it."""
    paths = [path for path in _MOVED if len(places.get(path, ())) == 1]
    rng.shuffle(paths)
    kept = {
        (page, i) for path, spots in places.items() if path.startswith(("vendor.", "line_items")) for page, words in spots for i in words
    }
    layout = build_layout(document) if paths else None
    for path in paths:
        ((page, words),) = places[path]
        if layout is None or not words:
            continue
        swap = _entry(layout, document, page, words[0], rng)
        if swap is not None and not any((page, i) in kept for i in swap):
            moves[page].update(swap)
            return True
    return False


def _entry(layout: Layout, document: DocumentText, page: int, word: int, rng: random.Random) -> Moves | None:
    number = document.pages[page].number
    token = next((token for token in layout.tokens if token.page == number and token.index == word), None)
    if token is None:
        return None
    row = layout.row_cells[token.row]
    place = next(i for i, cell in enumerate(row) if cell.number == token.cell)
    value = row[place]
    paper = _paper(document.pages[page])
    group = [value]
    if value.tokens[0] is token:
        before = row[place - 1] if place else None
        if before is not None and value.x0 - before.x1 < _LABEL_GAP_EM and not any(char.isdigit() for char in before.text):
            group = [before, value]
        else:
            return _columns(layout, paper, value, rng)
    return _rows(layout, paper, group, rng)


def _rows(layout: Layout, paper: _Paper, group: Sequence[Cell], rng: random.Random) -> Moves | None:
    steps = [-1, 1]
    rng.shuffle(steps)
    x0, x1 = group[0].x0, group[-1].x1
    for step in steps:
        number = group[0].row + step
        if not 0 <= number < len(layout.row_cells):
            continue
        near = [cell for cell in layout.row_cells[number] if cell.page == group[0].page and cell.x1 > x0 - _ALIGNED_EM and cell.x0 < x1]
        if len(near) != len(group) or not (abs(near[0].x0 - x0) < _ALIGNED_EM or abs(near[-1].x1 - x1) < _ALIGNED_EM):
            continue
        down = (near[0].y0 - group[0].y0) * paper.em / paper.page.height
        mine, theirs = _words(group), _words(near)
        swap = {**dict.fromkeys(mine, (0.0, down)), **dict.fromkeys(theirs, (0.0, -down))}
        if not _collides(paper, swap):
            return swap
    return None


def _columns(layout: Layout, paper: _Paper, value: Cell, rng: random.Random) -> Moves | None:
    """A value under its label: with the neighbour under its own."""
    row = layout.row_cells[value.row]
    place = row.index(value)
    if not value.row or layout.row_cells[value.row - 1][0].page != value.page:
        return None
    above = layout.row_cells[value.row - 1]
    steps = [-1, 1]
    rng.shuffle(steps)
    for step in steps:
        if not 0 <= place + step < len(row):
            continue
        first, second = sorted((value, row[place + step]), key=lambda cell: cell.x0)
        labels = [next((cell for cell in above if cell.x0 < one.x1 and one.x0 < cell.x1), None) for one in (first, second)]
        if labels[0] is None or labels[1] is None or labels[0] is labels[1]:
            continue
        rows = [i for cells in (row, above) for i in _words(cells)]
        swap = _side_by_side(paper, _words([first, labels[0]]), _words([second, labels[1]]), rows)
        if swap is not None and not _collides(paper, swap):
            return swap
    return None


def _words(cells: Iterable[Cell]) -> list[int]:
    return list(dict.fromkeys(token.index for cell in cells for token in cell.tokens))


def _paper(page: Page) -> _Paper:
    heights = sorted((word.box.y1 - word.box.y0) * page.height for word in page.words)
    return _Paper(page, tuple(word.box for word in page.words), heights[len(heights) // 2] if heights else 10.0)


def _around(paper: _Paper, words: Iterable[int]) -> Box:
    boxes = [paper.boxes[i] for i in words]
    return Box(min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes))


def _reaches(box: Box, x0: float, x1: float) -> bool:
    return box.x1 > x0 and box.x0 < x1


def _collides(paper: _Paper, moves: Moves) -> bool:
    """Whether a moved word would leave the page or stand on another word."""
    moved = {i: _shift(paper.boxes[i], *step) for i, step in moves.items()}
    rest = [box for i, box in enumerate(paper.boxes) if i not in moves]
    for box in moved.values():
        if box.x0 < 0 or box.y0 < 0 or box.x1 > 1 or box.y1 > 1:
            return True
        if any(_stands_on(box, other) for other in rest):
            return True
    return False


def _shift(box: Box, across: float, down: float) -> Box:
    return Box(box.x0 + across, box.y0 + down, box.x1 + across, box.y1 + down)


def _stands_on(box: Box, other: Box) -> bool:
    deep = min(box.y1, other.y1) - max(box.y0, other.y0)
    return box.x0 < other.x1 and other.x0 < box.x1 and deep > 0.3 * min(box.y1 - box.y0, other.y1 - other.y0)
