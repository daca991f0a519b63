"""The words over the columns: finding a table's header, one or two lines high."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mlcore.readers.layout import Layout, Token
from mlcore.tables.chunks import Kind, chunks_of
from mlcore.tables.vocabulary import COLUMN_PHRASES, MAX_PHRASE, column_word, known_column_word

FIELD_ROLES = ("description", "quantity", "unit_price", "total", "ndc_code", "cpt_code")
NUMERIC_ROLES = ("quantity", "unit_price", "total")
_JOINING = frozenset({"/", "&", "or", "and"})
STACK_GAP = 1.4
"""A second header line stands at most this many em below the first."""


@dataclass(frozen=True, slots=True)
class Span:
    """One phrase of a header. ``x0``, ``x1`` are fractions of the page; ``role`` is ``""`` for an unknown word."""

    role: str
    words: tuple[str, ...]
    x0: float
    x1: float

    @property
    def center(self) -> float:
        """Middle of the phrase."""
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class HeaderBand:
    """A header: its rows (indexes into the layout) and the phrases over the columns, left to right."""

    page: int
    rows: tuple[int, ...]
    spans: tuple[Span, ...]

    @property
    def roles(self) -> frozenset[str]:
        """The fields that the header names."""
        return frozenset(span.role for span in self.spans if span.role in FIELD_ROLES)

    @property
    def score(self) -> float:
        """How much this looks like the header of a list of items."""
        known = sum(bool(span.role) for span in self.spans)
        unknown = len(self.spans) - known
        return len(self.roles) + 0.3 * (known - len(self.roles)) - 0.4 * unknown


def row_spans(row: Sequence[Token]) -> list[Span]:
    """The phrases of one row; a phrase never crosses a wide gap."""
    spans: list[tuple[int, Span]] = []
    joins: set[int] = set()
    i = 0
    while i < len(row):
        if spans and row[i].text.lower() in _JOINING and spans[-1][0] == row[i].cell:
            joins.add(len(spans))
            i += 1
            continue
        size, role = _phrase_at(row, i)
        tokens = row[i : i + size]
        words = tuple(word for word in (column_word(t.text) for t in tokens) if word)
        if words:
            spans.append((row[i].cell, Span(role, words, tokens[0].box.x0, tokens[-1].box.x1)))
        i += size
    return _join_unknown(_joined(spans, joins))


def _joined(spans: Sequence[tuple[int, Span]], joins: Collection[int]) -> list[tuple[int, Span]]:
    """Phrases of one cell with ``/`` or ``or`` between them are one column: ``Item / rental period``. A field that it names is its role."""
    result: list[tuple[int, Span]] = []
    for place, (cell, span) in enumerate(spans):
        before = result[-1][1] if result and result[-1][0] == cell else None
        if before is None or place not in joins:
            result.append((cell, span))
            continue
        role = next((one.role for one in (before, span) if one.role in FIELD_ROLES), before.role or span.role)
        result[-1] = (cell, Span(role, before.words + span.words, before.x0, span.x1))
    return result


def _join_unknown(spans: Sequence[tuple[int, Span]]) -> list[Span]:
    """An unknown word belongs to the known phrase beside it in its cell: ``Contract item``."""
    joined: list[tuple[int, Span]] = []
    for cell, span in spans:
        if joined and joined[-1][0] == cell and (not joined[-1][1].role or (not span.role and joined[-1][1].role)):
            last = joined.pop()[1]
            span = Span(last.role or span.role, last.words + span.words, last.x0, span.x1)
        joined.append((cell, span))
    return [span for _, span in joined]


def _phrase_at(row: Sequence[Token], i: int) -> tuple[int, str]:
    words: list[str] = []
    ends: list[int] = []
    for j in range(i, len(row)):
        if row[j].cell != row[i].cell:
            break
        word = column_word(row[j].text)
        if word:
            words.append(known_column_word(word))
            ends.append(j + 1 - i)
        if len(words) == MAX_PHRASE or (words and not words[-1]):
            break
    for size in range(len(words), 0, -1):
        role = COLUMN_PHRASES.get(tuple(words[:size]))
        if role is not None:
            return ends[size - 1], role
    return 1, ""


def find_headers(layout: Layout) -> list[HeaderBand]:
    """Every header of a list of items, in reading order; repeated ones on later pages included."""
    bands: list[HeaderBand] = []
    used: set[int] = set()
    for index, row in enumerate(layout.rows):
        if index in used or _has_amounts(row):
            continue
        band = _band_at(layout, index)
        if band is not None and _is_header(band):
            bands.append(band)
            used.update(band.rows)
    return bands


def _is_header(band: HeaderBand) -> bool:
    return len(band.roles) >= 2 and any(role in band.roles for role in NUMERIC_ROLES) and band.score >= 1.6


def _band_at(layout: Layout, index: int) -> HeaderBand | None:
    """The header made of this row and the rows right below it that continue it."""
    rows = [index]
    spans = row_spans(layout.rows[index])
    if not any(span.role for span in spans):
        return None
    for below in (index + 1, index + 2):
        if below >= len(layout.rows) or not _stacks_on(layout.rows[rows[-1]], layout.rows[below]):
            break
        more = row_spans(layout.rows[below])
        if not more or sum(bool(span.role) for span in more) * 2 < len(more):
            break
        spans = _stack(spans, more)
        rows.append(below)
    return HeaderBand(layout.rows[index][0].page, tuple(rows), tuple(sorted(spans, key=lambda span: span.x0)))


def _stacks_on(above: Sequence[Token], below: Sequence[Token]) -> bool:
    if above[0].page != below[0].page or _has_amounts(below):
        return False
    return min(token.y0 for token in below) - max(token.y1 for token in above) < STACK_GAP


def _stack(upper: Sequence[Span], lower: Sequence[Span]) -> list[Span]:
    """Join phrases that stand over one another: ``Unit`` over ``Price`` is one column."""
    result = list(upper)
    for span in lower:
        over = [other for other in result if min(other.x1, span.x1) - max(other.x0, span.x0) > 0]
        joined = [other for other in over if COLUMN_PHRASES.get(other.words + span.words)]
        if len(over) >= 1 and (joined or len(over) == 1):
            top = (joined or over)[0]
            words = top.words + span.words
            role = COLUMN_PHRASES.get(words) or top.role or span.role
            result[result.index(top)] = Span(role, words, min(top.x0, span.x0), max(top.x1, span.x1))
        elif not over:
            result.append(span)
    return result


def _has_amounts(row: Sequence[Token]) -> bool:
    return any(chunk.money_like or chunk.kind is Kind.NDC for chunk in chunks_of(row))
