"""From the words over the columns and the numbers below them to strips of the page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from mlcore.readers.layout import Token
from mlcore.tables.chunks import Chunk, Kind, follows_word
from mlcore.tables.header import NUMERIC_ROLES, HeaderBand, Span
from mlcore.tables.template import Column

NUMERIC_CLASSES = (*NUMERIC_ROLES, "tax", "discount", "position")
MAX_DISTANCE = 0.07
"""A number belongs to a column at most this far away (fraction of the page width)."""
Entry = tuple[str, float, float, bool]
"""A column before it has its strip: role, left and right edge of its content, whether it holds numbers."""
_MARGIN = 0.004
_BINS = 500


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the numbers of one column stand: medians of left edge, centre and right edge."""

    left: float
    center: float
    right: float

    def distance(self, chunk: Chunk) -> float:
        """How far a chunk is from the column, whatever the alignment."""
        center = (chunk.x0 + chunk.x1) / 2
        return self.distance_to(Extent(chunk.x0, center, chunk.x1))

    def distance_to(self, other: Extent) -> float:
        """How far two columns are apart: the nearest of left edges, centres and right edges."""
        return min(abs(self.left - other.left), abs(self.right - other.right), abs(self.center - other.center))


def columns_from_header(band: HeaderBand, rows: Sequence[Sequence[Chunk]]) -> list[Column]:
    """Columns for a header, given the rows of chunks below it (summary lines left out)."""
    numeric = [span for span in band.spans if span.role in NUMERIC_CLASSES]
    groups = _assign_numbers(numeric, rows)
    anchors = [row for row in rows if any(_chunk_in(chunk, groups) for chunk in row)]
    entries: list[Entry] = []
    for span in band.spans:
        found = groups.get(span)
        role = span.role or "other"
        if found:
            entries.append((role, min(c.x0 for c in found), max(c.x1 for c in found), True))
        else:
            entries.append((role, span.x0, span.x1, False))
    return make_strips(sorted(entries, key=lambda entry: (entry[1] + entry[2]) / 2), anchors)


def _assign_numbers(spans: Sequence[Span], rows: Sequence[Sequence[Chunk]]) -> dict[Span, list[Chunk]]:
    numbers = [[c for c in row if c.kind in (Kind.NUMBER, Kind.PERCENT)] for row in rows]
    sizes = {id(chunk) for row in rows for place, chunk in enumerate(row) if not chunk.money_like and follows_word(row, place)}
    extents = {span: Extent(span.x0, span.center, span.x1) for span in spans}
    groups: dict[Span, list[Chunk]] = {}
    for _ in range(3):
        groups = {}
        for taken in _full([assign_row(row, extents, sizes) for row in numbers]):
            for span, chunk in taken.items():
                groups.setdefault(span, []).append(chunk)
        extents = {span: extent_of(groups[span]) if span in groups else extents[span] for span in spans}
    return groups


def _full(rows: Sequence[dict[Span, Chunk]]) -> list[dict[Span, Chunk]]:
    """The rows with more than half as many numbers as the fullest: a sentence about payment has one or two near some column."""
    most = max((len(row) for row in rows), default=0)
    return [row for row in rows if 2 * len(row) > most]


def assign_row(numbers: Sequence[Chunk], extents: dict[Span, Extent], sizes: Collection[int] = ()) -> dict[Span, Chunk]:
    """At most one number a column: nearest pairs first. ``sizes`` (ids) run on from words, so they stand in no column but of a field."""
    spans = list(extents)
    pairs = sorted(
        (extents[span].distance(chunk), index, position)
        for index, span in enumerate(spans)
        for position, chunk in enumerate(numbers)
        if extents[span].distance(chunk) <= MAX_DISTANCE and (id(chunk) not in sizes or span.role in NUMERIC_ROLES)
    )
    taken: dict[Span, Chunk] = {}
    used: set[int] = set()
    for _, index, position in pairs:
        if spans[index] not in taken and position not in used:
            taken[spans[index]] = numbers[position]
            used.add(position)
    return taken


def extent_of(chunks: Sequence[Chunk]) -> Extent:
    """The extent of a column's numbers."""
    left, right = median(c.x0 for c in chunks), median(c.x1 for c in chunks)
    return Extent(left, median((c.x0 + c.x1) / 2 for c in chunks), right)


def _chunk_in(chunk: Chunk, groups: dict[Span, list[Chunk]]) -> bool:
    return any(chunk is other for found in groups.values() for other in found)


def make_strips(entries: Sequence[Entry], rows: Sequence[Sequence[Chunk]]) -> list[Column]:
    """Give every column, sorted from left to right, the strip of the page between its neighbours."""
    gaps = coverage([token for row in rows for chunk in row for token in chunk.tokens])
    bounds = [0.0]
    for (_, x0, x1, number), (_, next_x0, next_x1, next_number) in pairwise(entries):
        if number and next_number:
            bounds.append((x1 + next_x0) / 2)
        elif next_number:
            bounds.append(max(next_x0 - _MARGIN, x0))
        elif number:
            bounds.append(min(x1 + _MARGIN, next_x1))
        else:
            bounds.append(emptiest(gaps, x1, next_x0, next_x0) if x1 < next_x0 else (x1 + next_x0) / 2)
    bounds = [*sorted(bounds), 1.0]
    return [Column(role, x0, x1, bounds[i], bounds[i + 1], number) for i, (role, x0, x1, number) in enumerate(entries)]


def coverage(tokens: Sequence[Token]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How many tokens cover each of ``_BINS`` slices of the page width."""
    counts = np.zeros(_BINS, dtype=np.int64)
    for token in tokens:
        counts[int(token.box.x0 * _BINS) : int(token.box.x1 * _BINS) + 1] += 1
    return counts


def emptiest(counts: np.ndarray[tuple[int], np.dtype[np.int64]], low: float, high: float, wanted: float) -> float:
    """The middle of the least covered slices between ``low`` and ``high``, nearest to ``wanted``."""
    first, last = int(low * _BINS), max(int(high * _BINS), int(low * _BINS) + 1)
    part = counts[first : last + 1]
    places = np.flatnonzero(part == part.min()) + first
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    target = wanted * _BINS
    best = min(runs, key=lambda run: 0.0 if run[0] <= target <= run[-1] + 1 else min(abs(run[0] - target), abs(run[-1] - target)))
    if best[0] <= target <= best[-1] + 1:
        return max(low, (best[0] + min(target, best[-1] + 1)) / 2 / _BINS if len(best) < 3 else (target - 0.5) / _BINS)
    return float((best[0] + best[-1] + 1) / 2 / _BINS)
