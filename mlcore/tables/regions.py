"""Where on the pages the table stands: below its header, page after page, down to the totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from rapidfuzz import fuzz

from mlcore.readers.layout import Layout, Token
from mlcore.tables.rows import BodyRow, Line, body_row, classify
from mlcore.tables.template import TableTemplate
from mlcore.tables.vocabulary import column_word

HEADER_SHARE = 0.5
_SAME_WORD = 78
_WINDOW = 3
_REACH = 0.2


@dataclass(frozen=True, slots=True)
class Region:
    """The body of the table on one page, cut by its columns; ``header`` are row indexes of the layout."""

    page: int
    header: tuple[int, ...]
    rows: tuple[BodyRow, ...]
    shift: float


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Where a known header stands on a page."""

    rows: tuple[int, ...]
    share: float
    shift: float


def match_header(layout: Layout, first: int, last: int, header: Sequence[tuple[str, float]]) -> HeaderMatch | None:
    """The best place of a header among rows ``first .. last - 1``; the upper one of two equal places."""
    found = [_shifts(layout.rows[index], header) for index in range(first, last)]
    best: HeaderMatch | None = None
    for start in range(len(found)):
        shifts: dict[int, float] = {}
        words = 0
        for size in range(1, min(_WINDOW, len(found) - start) + 1):
            if not found[start + size - 1]:
                break
            for place, shift in found[start + size - 1].items():
                shifts[place] = min(shift, shifts.get(place, shift), key=abs)
            words += len(layout.rows[first + start + size - 1])
            share = len(shifts) / len(header)
            enough = share >= HEADER_SHARE and len(shifts) >= min(2, len(header)) and words <= 4 * len(header) + 4
            if enough and (best is None or share > best.share + 1e-9):
                rows = tuple(range(first + start, first + start + size))
                best = HeaderMatch(rows, share, median(shifts.values()))
    return best


def table_header(layout: Layout, first: int, last: int, header: Sequence[tuple[str, float]], apart: bool) -> HeaderMatch | None:
    """Where the table begins: at its header, or (``apart``) at the first of the headers that each item has under its description."""
    best = match_header(layout, first, last, header)
    while best is not None and apart:
        above = match_header(layout, first, best.rows[0], header)
        if above is None:
            break
        best = above
    return best


def _shifts(row: Sequence[Token], header: Sequence[tuple[str, float]]) -> dict[int, float]:
    """For each header word (by place) that the row has, how far right of its usual place it stands."""
    words = [(column_word(token.text), (token.box.x0 + token.box.x1) / 2) for token in row]
    result: dict[int, float] = {}
    for place, (word, x) in enumerate(header):
        near = [at - x for text, at in words if abs(at - x) < _REACH and _same(word, text)]
        if near:
            result[place] = min(near, key=abs)
    return result


@lru_cache(maxsize=65536)
def _same(expected: str, found: str) -> bool:
    return expected == found or (len(expected) > 2 and fuzz.ratio(expected, found) >= _SAME_WORD)


def page_bounds(layout: Layout) -> list[tuple[int, int, int]]:
    """``(page, first row, after last row)`` for every page that has rows."""
    bounds: list[tuple[int, int, int]] = []
    for index, row in enumerate(layout.rows):
        page = row[0].page
        if not bounds or bounds[-1][0] != page:
            bounds.append((page, index, index + 1))
        else:
            bounds[-1] = (page, bounds[-1][1], index + 1)
    return bounds


def regions_for(layout: Layout, template: TableTemplate) -> list[Region]:
    """The table's part of every page, in order."""
    regions: list[Region] = []
    ended = False
    for page, first, last in page_bounds(layout):
        match = table_header(layout, first, last, template.header, template.apart) if template.header else None
        if match is not None:
            start, header, shift = match.rows[-1] + 1, match.rows, match.shift
            if template.rows_above:
                start = max(first, match.rows[0] - template.rows_above)
        elif regions and not ended:
            start, header, shift = first, (), regions[-1].shift
        elif not regions and _starts_by_place(template, layout, page):
            start, header, shift = _row_below(layout, first, last, template.top), (), 0.0
        else:
            continue
        rows = _body(layout, start, last, template, shift)
        kept, end = _cut_at_totals(rows, template, continued=not header)
        ended = end
        if kept:
            regions.append(Region(page, header, tuple(kept), shift))
    return regions


def _starts_by_place(template: TableTemplate, layout: Layout, page: int) -> bool:
    return not template.header or (template.examples > 0 and page == layout.rows[0][0].page)


def _row_below(layout: Layout, first: int, last: int, top: float) -> int:
    """The first row whose middle is below ``top`` (fraction of the page height)."""
    for index in range(first, last):
        row = layout.rows[index]
        if median((token.box.y0 + token.box.y1) / 2 for token in row) >= top:
            return index
    return last


def _body(layout: Layout, start: int, last: int, template: TableTemplate, shift: float) -> list[BodyRow]:
    columns = [column.moved(shift) for column in template.columns]
    return [body_row(index, layout.rows[index], columns, template) for index in range(start, last)]


def _cut_at_totals(rows: Sequence[BodyRow], template: TableTemplate, continued: bool) -> tuple[list[BodyRow], bool]:
    """The rows down to the first of the totals, and whether it was there. A continued page must have items at all."""
    kinds = [classify(row, template) for row in rows]
    if continued and Line.ITEM not in kinds:
        return [], False
    for i, kind in enumerate(kinds):
        if kind is Line.SUMMARY and not _goes_on([r for r, k in zip(rows[i:], kinds[i:], strict=True) if k is Line.ITEM]):
            return list(rows[: i + 1]), True
    return list(rows), False


def _goes_on(later: Sequence[BodyRow]) -> bool:
    """Whether rows below a line of sums are items: complete, and price times quantity is the amount."""
    return any(row.multiplies for row in later)
