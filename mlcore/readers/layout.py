"""The geometry that readers look at: words in rows and cells, measured in text heights.

Rows are found from the boxes alone, so a reader does not depend on how a page was cut into lines. All
lengths are in *em*: the median height of the words of the page. A receipt and an A4 page then look alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import median

from mlcore.documents import Box, DocumentText, Evidence, Page, Word

CELL_GAP = 0.9
"""A gap in a row that is wider than this many em starts a new cell."""
_PITCH_GAP = 1.75
"""On a page where all letters are equally wide, so does a gap wider than this many letters, if that is more: one space is as wide as a
letter, and OCR adds the white around the ink of the letters beside it."""
_EVEN = 0.06
"""Letters are equally wide where the widest and the narrowest of a row differ by less than this share, in the median row."""
_LETTERS, _ROWS = 4, 5
"""Letters of a word and rows of a page from which on that can be told."""

RECEIPT_WIDTH = 34.0
"""Print narrower than this many em is a receipt: it has one column of text, and its habits are its own."""

_LABEL_AND_VALUE = re.compile(r"^([^\W\d][^\d:#]{1,24}[:#]+)(?=[^\s:/])(.+)$")
_EDGE = re.compile(r"^[^\w#&@$€£%]+|[^\w#%€$)]+$")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents and without punctuation at the edges; inner marks stay."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    return _EDGE.sub("", "".join(char for char in plain if not unicodedata.combining(char)))


@dataclass(frozen=True, slots=True)
class Token:
    """One word, or one side of ``label:value``. ``x0 .. y1`` in em of its page; ``row`` and ``cell`` are document-wide."""

    text: str
    folded: str
    page: int
    index: int
    row: int
    cell: int
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float
    box: Box

    @property
    def height(self) -> float:
        """Height in em."""
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of one row without a wide gap between them."""

    number: int
    row: int
    page: int
    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(token.text for token in self.tokens)

    @property
    def x0(self) -> float:
        """Left edge in em."""
        return self.tokens[0].x0

    @property
    def x1(self) -> float:
        """Right edge in em."""
        return max(token.x1 for token in self.tokens)

    @property
    def y0(self) -> float:
        """Top edge in em."""
        return min(token.y0 for token in self.tokens)

    @property
    def y1(self) -> float:
        """Bottom edge in em."""
        return max(token.y1 for token in self.tokens)


@dataclass(frozen=True)
class Layout:
    """A document as rows of cells of tokens, in reading order (page by page, top to bottom)."""

    rows: tuple[tuple[Token, ...], ...]
    cells: tuple[Cell, ...]
    page_sizes: dict[int, tuple[float, float]]

    @cached_property
    def row_cells(self) -> tuple[tuple[Cell, ...], ...]:
        """The cells of every row, left to right."""
        grouped: list[list[Cell]] = [[] for _ in self.rows]
        for cell in self.cells:
            grouped[cell.row].append(cell)
        return tuple(tuple(cells) for cells in grouped)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Every token in reading order."""
        return tuple(token for row in self.rows for token in row)

    @cached_property
    def narrow(self) -> bool:
        """Whether the print is as narrow as a till receipt."""
        tokens = self.tokens
        return bool(tokens) and max(token.x1 for token in tokens) - min(token.x0 for token in tokens) < RECEIPT_WIDTH


def build_layout(document: DocumentText) -> Layout:
    """Rows, cells and em-scaled tokens of a document."""
    rows: list[tuple[Token, ...]] = []
    cells: list[Cell] = []
    sizes: dict[int, tuple[float, float]] = {}
    for page in document.pages:
        em = text_height(page)
        sizes[page.number] = (page.width / em, page.height / em)
        grouped = group_rows(page.words, page.width, page.height)
        even = _is_monospaced(page.words, grouped)
        for indexes in grouped:
            gap = max(CELL_GAP, _PITCH_GAP * _pitch(page, indexes) / em) if even else CELL_GAP
            tokens, cut = _cut_row(page, indexes, em, gap, len(rows), len(cells))
            rows.append(tokens)
            cells.extend(cut)
    return Layout(tuple(rows), tuple(cells), sizes)


def text_height(page: Page) -> float:
    """Median word height of a page in points; 10 for a page without words."""
    heights = [(word.box.y1 - word.box.y0) * page.height for word in page.words if any(char.isalnum() for char in word.text)]
    return max(median(heights), 1.0) if heights else 10.0


def _is_monospaced(words: Sequence[Word], rows: Sequence[Sequence[int]]) -> bool:
    """Whether all letters are equally wide, as on typewriters and line printers. Digits are so in most fonts, so they say nothing."""
    spreads = []
    for row in rows:
        widths = [_letter_width(words[i]) for i in row if sum(char.isalpha() for char in words[i].text) >= _LETTERS]
        if len(widths) > 1:
            spreads.append((max(widths) - min(widths)) / max(widths))
    return len(spreads) >= _ROWS and median(spreads) < _EVEN


def _pitch(page: Page, row: Sequence[int]) -> float:
    """The width of a letter of a row in points."""
    return median(_letter_width(page.words[i]) for i in row) * page.width


def _letter_width(word: Word) -> float:
    return (word.box.x1 - word.box.x0) / len(word.text)


def group_rows(words: Sequence[Word], width: float, height: float) -> list[list[int]]:
    """Indexes of words in rows, top to bottom and left to right.

    A word joins the row whose nearest word on its left overlaps it vertically by half of the smaller height,
    so that a row may climb or fall slowly with a tilted scan.
    """
    order = sorted((i for i, word in enumerate(words) if word.text.strip()), key=lambda i: (words[i].box.x0, words[i].box.y0))
    rows: list[list[int]] = []
    buckets: dict[int, set[int]] = {}
    for i in order:
        box = words[i].box
        low, high = int(box.y0 * 64), int(box.y1 * 64)
        near = set().union(*(buckets.get(key, set()) for key in range(low, high + 1)))
        best, most = -1, 0.5
        for number in sorted(near):
            last = words[rows[number][-1]].box
            smaller = max(min(box.y1 - box.y0, last.y1 - last.y0), 1e-6)
            overlap = (min(box.y1, last.y1) - max(box.y0, last.y0)) / smaller
            taken = last.x1 - box.x0 > 0.6 * min(last.x1 - last.x0, box.x1 - box.x0)
            if overlap > most and not taken:
                best, most = number, overlap
        if best < 0:
            best = len(rows)
            rows.append([])
        rows[best].append(i)
        for key in range(low, high + 1):
            buckets.setdefault(key, set()).add(best)
    return sorted(rows, key=lambda row: (sum(words[i].box.center[1] for i in row) / len(row), words[row[0]].box.x0))


def _cut_row(page: Page, indexes: Sequence[int], em: float, gap: float, row: int, first_cell: int) -> tuple[tuple[Token, ...], list[Cell]]:
    tokens: list[Token] = []
    groups: list[list[Token]] = []
    for i in indexes:
        for text, box in _split_label(page.words[i]):
            x0, x1 = box.x0 * page.width / em, box.x1 * page.width / em
            if not groups or x0 - tokens[-1].x1 > gap * max(1.0, tokens[-1].height):
                groups.append([])
            y0, y1 = box.y0 * page.height / em, box.y1 * page.height / em
            cell = first_cell + len(groups) - 1
            confidence = page.words[i].confidence
            tokens.append(Token(text, fold(text), page.number, i, row, cell, x0, y0, x1, y1, confidence, box))
            groups[-1].append(tokens[-1])
    cells = [Cell(first_cell + n, row, page.number, tuple(group)) for n, group in enumerate(groups)]
    return tuple(tokens), cells


def _split_label(word: Word) -> list[tuple[str, Box]]:
    """``Date:12/03/2018`` as a label and a value, the box cut in proportion to the letters."""
    match = _LABEL_AND_VALUE.match(word.text)
    if match is None:
        return [(word.text, word.box)]
    box = word.box
    cut = box.x0 + (box.x1 - box.x0) * match.end(1) / len(word.text)
    return [(match[1], Box(box.x0, box.y0, cut, box.y1)), (match[2], Box(cut, box.y0, box.x1, box.y1))]


def evidence_of(tokens: Sequence[Token]) -> tuple[Evidence, ...]:
    """One box for each row that the tokens stand in."""
    boxes: dict[tuple[int, int], Box] = {}
    for token in tokens:
        key = (token.page, token.row)
        boxes[key] = boxes[key].union(token.box) if key in boxes else token.box
    return tuple(Evidence(page, box) for (page, _row), box in sorted(boxes.items()))
