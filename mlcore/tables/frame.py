"""Learning the frame of a table: the words over its columns and the strips of the columns themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from rapidfuzz import fuzz

from mlcore.normalize import comparison_key
from mlcore.readers.layout import Layout, Token, fold
from mlcore.schema import ValueKind
from mlcore.tables.align import ItemPlace
from mlcore.tables.chunks import Chunk, Kind, chunks_of
from mlcore.tables.codes import bare
from mlcore.tables.columns import Entry, Extent, extent_of, make_strips
from mlcore.tables.header import NUMERIC_ROLES, Span, find_headers, row_spans
from mlcore.tables.template import Column

Placed = tuple[Layout, Sequence[ItemPlace]]
_ROOM_ABOVE = 8
_SHARE = 0.5
_DECOY_SHARE = 0.25
_LEFT_ROOM = 0.05
_UNDER = 0.004
"""What begins this near (fraction of the page width) to the beginning of a heading stands under it."""
_BEFORE = 0.002
"""A column that begins this little (fraction of the page width) left of a heading stands under it."""
_SPACE = 0.6
_SAME_START = 60
_STRAY = 0.05
"""A number this far (fraction of the page width) from where a column usually stands is not of that column."""


@dataclass(frozen=True, slots=True)
class LearnedHeader:
    """Words over the columns with their centres, and the phrases they make (of the example that had most)."""

    words: tuple[tuple[str, float], ...]
    spans: tuple[Span, ...]


def learn_header(placed: Sequence[Placed]) -> LearnedHeader:
    """The words above the first item that the examples share."""
    found: list[list[Span]] = [_spans_above(layout, places[0]) for layout, places in placed]
    seen: Counter[str] = Counter(word for spans in found for word in {word for span in spans for word in span.words if word})
    centers: dict[str, list[float]] = {}
    for spans in found:
        for span in spans:
            for word in span.words:
                centers.setdefault(word, []).append(span.center)
    words = tuple(
        (word, round(median(centers[word]), 4))
        for word, count in sorted(seen.items(), key=lambda entry: median(centers[entry[0]]))
        if count >= _SHARE * len(placed)
    )
    return LearnedHeader(words, tuple(sorted(found, key=_length)[-1]))


def _length(spans: Sequence[Span]) -> int:
    return len(spans)


def _spans_above(layout: Layout, place: ItemPlace) -> list[Span]:
    first, described = place.row, {token.row for token in place.words}
    page = layout.rows[first][0].page
    bands = [band for band in find_headers(layout) if band.page == page and first - _ROOM_ABOVE <= band.rows[-1] < first]
    if bands:
        own = [row for row in bands[-1].rows if row not in described]
        return (
            list(bands[-1].spans) if len(own) == len(bands[-1].rows) else [span for row in own[-1:] for span in row_spans(layout.rows[row])]
        )
    if first == 0 or layout.rows[first - 1][0].page != page:
        return []
    row = layout.rows[first - 1]
    if any(chunk.kind is not Kind.WORD for chunk in chunks_of(row)):
        return []
    spans = row_spans(row)
    cells = {token.cell for token in row}
    return spans if len(cells) >= 2 else []


def learn_columns(placed: Sequence[Placed], header: LearnedHeader) -> list[Column]:
    """Strips for every role that the confirmed rows print, and for the columns that no field is read from."""
    extents = _without_weak(_role_extents(placed, header), sum(len(places) for _, places in placed))
    entries: list[Entry] = [(role, min(c.x0 for c in chunks), max(c.x1 for c in chunks), True) for role, chunks in extents.items()]
    inline = has_inline_codes(placed, header)
    description = _description_entry(placed, inline)
    inside = (description[1] - 0.005, description[2]) if description else (1.0, 0.0)
    others = [entry for entry in _unclaimed(placed, extents) if not inside[0] <= (entry[1] + entry[2]) / 2 <= inside[1]]
    codes = [] if inline else _code_column(placed)
    others = [entry for entry in others if not _over(entry[1], entry[2], codes)]
    entries.extend(others if "total" in extents else _with_amount(others, entries))
    entries.extend(codes)
    taken = (*NUMERIC_ROLES, "description", *(role for role, _, _, _ in codes), *(("cpt_code",) if inline else ()))
    for span in header.spans:
        apart = stands_apart(placed) or not inside[0] <= span.center <= inside[1]
        if span.role not in taken and apart and not _meets(span, entries) and not _over(span.x0, span.x1, codes):
            entries.append((span.role or "other", span.x0, span.x1, False))
        elif span.role in extents and not _meets(span, entries) and not inside[0] <= span.center <= inside[1]:
            entries.append(("other", span.x0, span.x1, False))
    if description:
        entries.append(_from_its_heading(description, header, entries))
    rows = [chunks_of(layout.rows[place.row]) for layout, places in placed for place in places]
    columns = make_strips(sorted(entries, key=lambda e: (e[1] + e[2]) / 2 if e[3] else e[1]), rows)
    return [_from_left_edge(column, placed) if column.role == "description" else column for column in columns]


def stands_apart(placed: Sequence[Placed]) -> bool:
    """Whether descriptions stand on lines of their own, above or below the line with the numbers."""
    places = [place for _, found in placed for place in found if place.words]
    apart = sum(all(token.row != place.row for token in place.words) for place in places)
    return bool(places) and apart * 10 >= len(places) * 8


def has_inline_codes(placed: Sequence[Placed], header: LearnedHeader) -> bool:
    """Whether a procedure code leads the description: one space before its first word, or under the heading of the descriptions."""
    spaced = wide = 0
    headings = [span.x0 for span in header.spans if span.role == "description"]
    for layout, places in placed:
        for place in places:
            code = comparison_key(ValueKind.PROCEDURE, place.item.cpt_code)
            words = [token for token in place.words if token.row == place.row]
            if not code or not words:
                continue
            first = min(words, key=lambda token: token.x0)
            before = [
                t for t in layout.rows[place.row] if t.x1 <= first.x0 + 0.1 and comparison_key(ValueKind.PROCEDURE, bare(t.text)) == code
            ]
            if before:
                near = first.x0 - before[-1].x1 < _SPACE or any(abs(before[-1].box.x0 - x0) < _UNDER for x0 in headings)
                spaced, wide = spaced + near, wide + (not near)
    return spaced > wide


def _description_entry(placed: Sequence[Placed], inline: bool) -> Entry | None:
    """From the usual left edge of the descriptions to (nearly) their furthest right edge."""
    lefts: list[float] = []
    rights: list[float] = []
    for layout, places in placed:
        for place in places:
            if place.words:
                lefts.append(_left_edge(layout, place))
                rights.extend(token.box.x1 for token in place.words)
                if inline and place.item.cpt_code:
                    code = comparison_key(ValueKind.PROCEDURE, place.item.cpt_code)
                    lefts.extend(t.box.x0 for t in layout.rows[place.row] if comparison_key(ValueKind.PROCEDURE, bare(t.text)) == code)
    if not lefts:
        return None
    rights.sort()
    left = min(lefts) if inline else median(lefts)
    return ("description", left, rights[min(len(rights) - 1, int(len(rights) * 0.98))], False)


def _from_its_heading(description: Entry, header: LearnedHeader, others: Sequence[Entry]) -> Entry:
    """The descriptions from where their heading begins, where nothing stands between: a drug code that not all lines have leads them."""
    role, left, right, number = description
    starts = [span.x0 for span in header.spans if span.role == "description" and span.x0 < left]
    if len(starts) != 1 or any(starts[0] - _BEFORE < (x0 + x1) / 2 < left for _, x0, x1, _ in others):
        return description
    return role, starts[0], right, number


def _left_edge(layout: Layout, place: ItemPlace) -> float:
    """Where the description begins; from the left end of its cell when its first word was not recognised."""
    first = min(place.words, key=lambda token: token.x0)
    wanted = (place.item.description or "").split()[:1]
    if wanted and fuzz.ratio(fold(wanted[0]), first.folded) < _SAME_START:
        return min(token.box.x0 for token in layout.rows[first.row] if token.cell == first.cell)
    return first.box.x0


def _from_left_edge(column: Column, placed: Sequence[Placed]) -> Column:
    """The strip of the description begins a little left of where descriptions begin, right of what stands before them."""
    before = [
        token.box.x1
        for layout, places in placed
        for place in places
        for row in {place.row, *(word.row for word in place.words)}
        for token in layout.rows[row]
        if token.box.x1 < column.x0 + 0.002 and not any(token is word for word in place.words)
    ]
    return replace(column, left=max([column.x0 - _LEFT_ROOM, *before]))


def _code_column(placed: Sequence[Placed]) -> list[Entry]:
    """A column of procedure codes, where they stand in the rows of the numbers and above one another."""
    found: list[Token] = []
    count = 0
    for layout, places in placed:
        for place in places:
            code = comparison_key(ValueKind.PROCEDURE, place.item.cpt_code)
            if code:
                count += 1
                found.extend(t for t in layout.rows[place.row] if comparison_key(ValueKind.PROCEDURE, bare(t.text)) == code)
    if not found or len(found) * 2 < count:
        return []
    lefts = [token.box.x0 for token in found]
    if max(lefts) - min(lefts) > 0.03:
        return []
    return [("cpt_code", min(lefts), max(token.box.x1 for token in found), False)]


def _over(x0: float, x1: float, entries: Sequence[Entry]) -> bool:
    """Whether most of what stands from ``x0`` to ``x1`` is over or under one of the columns."""
    return any(min(x1, right) - max(x0, left) > 0.5 * min(x1 - x0, right - left) for _, left, right, _ in entries)


def _meets(span: Span, entries: Sequence[Entry]) -> bool:
    return any(number and min(span.x1, x1) > max(span.x0, x0) for _, x0, x1, number in entries)


def _role_extents(placed: Sequence[Placed], header: LearnedHeader) -> dict[str, list[Chunk]]:
    """The chunks that print each role; where a value stands twice in a row, the place that the other rows use."""
    every = [place for _, places in placed for place in places]
    sure: dict[str, list[Chunk]] = {}
    for place in every:
        for role, found in place.numbers.items():
            others = {id(c) for other, chunks in place.numbers.items() if other != role for c in chunks}
            if len(found) == 1 and id(found[0]) not in others:
                sure.setdefault(role, []).append(found[0])
    extents = {role: extent_of(chunks) for role, chunks in sure.items()}
    for span in header.spans:
        if span.role in NUMERIC_ROLES and span.role not in extents:
            extents[span.role] = Extent(span.x0, span.center, span.x1)
    result: dict[str, list[Chunk]] = {}
    for place in every:
        taken: set[int] = set()
        for role in sorted(place.numbers, key=lambda r: (len(place.numbers[r]), NUMERIC_ROLES.index(r))):
            free = [c for c in place.numbers[role] if id(c) not in taken]
            if role in extents:
                free = [c for c in free if extents[role].distance(c) < _STRAY]
            if not free:
                continue
            chunk = min(free, key=lambda c: extents[role].distance(c)) if role in extents else free[-1 if role == "total" else 0]
            taken.add(id(chunk))
            result.setdefault(role, []).append(chunk)
    return {role: _without_strays(chunks) for role, chunks in result.items()}


def _without_weak(extents: dict[str, list[Chunk]], rows: int) -> dict[str, list[Chunk]]:
    """Leave out a role that few rows print, where a role that more rows print stands in the same place."""
    kept = dict(extents)
    for role, chunks in extents.items():
        middle = extent_of(chunks)
        rivals = [extent_of(other) for name, other in extents.items() if name != role and len(other) > 2 * len(chunks)]
        same = any(rival.distance_to(middle) < 0.02 for rival in rivals)
        if same and len(chunks) * 3 < rows:
            del kept[role]
    return kept


def _with_amount(others: Sequence[Entry], entries: Sequence[Entry]) -> list[Entry]:
    """Amounts that differ from the confirmed ones (prices with tax): the rightmost free column, right of all others."""
    if not others:
        return []
    last = max(others, key=lambda entry: entry[2])
    if any(entry[2] > last[2] for entry in entries):
        return list(others)
    return [*(entry for entry in others if entry is not last), ("total", last[1], last[2], True)]


def _without_strays(chunks: list[Chunk]) -> list[Chunk]:
    """Leave out the few that stand in another place than most."""
    if len(chunks) < 3:
        return chunks
    middle = extent_of(chunks)
    kept = [chunk for chunk in chunks if middle.distance(chunk) < _STRAY / 2]
    return kept or chunks


def _within(chunk: Chunk, claimed: Sequence[Chunk]) -> bool:
    """Whether a number stands where a column with a role stands, in this or another example."""
    left, right = min(c.x0 for c in claimed), max(c.x1 for c in claimed)
    return left <= (chunk.x0 + chunk.x1) / 2 <= right or extent_of(claimed).distance(chunk) < 0.02


def _unclaimed(placed: Sequence[Placed], extents: dict[str, list[Chunk]]) -> list[Entry]:
    """Columns of numbers that no confirmed value comes from."""
    used = {id(chunk.tokens[0]) for chunks in extents.values() for chunk in chunks}
    confirmed = [found for _, places in placed for place in places for found in place.numbers.values()]
    used.update(id(found[0].tokens[0]) for found in confirmed if len(found) == 1)
    groups: list[list[Chunk]] = []
    count = 0
    for layout, places in placed:
        for place in places:
            count += 1
            for chunk in chunks_of(layout.rows[place.row]):
                if (
                    chunk.kind not in (Kind.NUMBER, Kind.PERCENT)
                    or id(chunk.tokens[0]) in used
                    or any(_within(chunk, claimed) for claimed in extents.values())
                ):
                    continue
                for group in groups:
                    if extent_of(group).distance(chunk) < 0.012:
                        group.append(chunk)
                        break
                else:
                    groups.append([chunk])
    kept = [group for group in groups if len(group) >= max(2, _DECOY_SHARE * count)]
    return [("other", min(c.x0 for c in group), max(c.x1 for c in group), True) for group in kept]
