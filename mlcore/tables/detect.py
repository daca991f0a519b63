"""Finding the table of a document whose vendor is not known: by the words over columns, else by aligned amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from mlcore.normalize import NumberStyle, is_procedure_code
from mlcore.readers.layout import Layout, Token
from mlcore.tables import codes
from mlcore.tables.chunks import Chunk, Kind, chunks_of
from mlcore.tables.columns import Entry, Extent, columns_from_header, extent_of, make_strips
from mlcore.tables.header import NUMERIC_ROLES, HeaderBand, Span, find_headers
from mlcore.tables.product import number_columns, roles_by_product
from mlcore.tables.regions import page_bounds, regions_for
from mlcore.tables.rows import BodyRow, Line, body_row, classify
from mlcore.tables.template import Column, TableTemplate
from mlcore.tables.vocabulary import begins_summary, column_word

_ALIGNED = 0.012
TIMES = "x"
"""``2 x $154.82``: no word of a description."""
_DECIMALS = re.compile(r"\d([.,])\d{2}\D{0,4}$")


def detect_table(layout: Layout) -> TableTemplate | None:
    """A throw-away template for this document alone (``examples == 0``), or ``None`` when nothing looks like a table."""
    best: TableTemplate | None = None
    most = 0.0
    for band in find_headers(layout):
        template = _from_band(layout, band)
        items = _count_items(layout, template)
        score = band.score * min(items, 6)
        if items and score > most:
            best, most = template, score
    return best or _from_amounts(layout)


def _from_band(layout: Layout, band: HeaderBand) -> TableTemplate:
    rows = _chunk_rows_below(layout, band)
    columns = _one_description(columns_from_header(_renamed(band, rows), rows), rows)
    header = tuple((word, span.center) for span in band.spans for word in span.words if word)
    template = TableTemplate(tuple(_with_description(columns)), header, style=_style(rows))
    ruled = _with_rules(layout, band, _without_doubles(layout, band, template))
    if ruled.apart:
        ruled = replace(ruled, columns=tuple(_from_its_heading(ruled.columns) if "description" in band.roles else _across(columns)))
    return _with_codes(layout, band, ruled)


def _style(rows: Sequence[Sequence[Chunk]]) -> NumberStyle:
    """The decimal mark of the amounts, when they agree."""
    marks = Counter(match[1] for row in rows for chunk in row if (match := _DECIMALS.search(chunk.text)))
    if not marks:
        return NumberStyle.AUTO
    (mark, most), total = marks.most_common(1)[0], marks.total()
    if most < 0.8 * total:
        return NumberStyle.AUTO
    return NumberStyle.POINT if mark == "." else NumberStyle.COMMA


def _renamed(band: HeaderBand, rows: Sequence[Sequence[Chunk]]) -> HeaderBand:
    """The header with the roles that arithmetic gives to its numeric columns, where the words were silent or wrong."""
    groups = number_columns(rows)
    places = {i: _span_over(band, group) for i, group in enumerate(groups)}
    named = {i: band.spans[n].role for i, n in places.items() if n is not None}
    roles = roles_by_product(rows, groups, named)
    if not roles or all(named.get(i) == role for i, role in roles.items()):
        return band
    spans = [replace(span, role="other") if span.role in roles.values() else span for span in band.spans]
    for i, role in roles.items():
        group, place = groups[i], places[i]
        if place is not None and sum(other == place for k, other in places.items() if k in roles) == 1:
            spans[place] = replace(band.spans[place], role=role)
        else:
            spans.append(Span(role, (), min(c.x0 for c in group), max(c.x1 for c in group)))
    return replace(band, spans=tuple(sorted(spans, key=lambda span: span.center)))


def _span_over(band: HeaderBand, group: Sequence[Chunk]) -> int | None:
    """The header phrase over a column of numbers; words of the description do not count."""
    column = extent_of(group)
    near = [
        (Extent(span.x0, span.center, span.x1).distance_to(column), n) for n, span in enumerate(band.spans) if span.role != "description"
    ]
    best = min(near, default=(1.0, 0))
    return best[1] if best[0] < 0.03 else None


def _with_rules(layout: Layout, band: HeaderBand, template: TableTemplate) -> TableTemplate:
    """All numeric roles are required when enough rows have them all, else the amount (or the price) alone."""
    roles = tuple(role for role in ("total", "unit_price", "quantity") if any(c.role == role and c.numeric for c in template.columns))
    rows = _rows_below(layout, band, template)
    complete = [row for row in rows if row.roles >= set(roles)]
    partial = sum(roles[0] in row.roles for row in rows) if roles else 0
    required = roles if roles and complete and len(complete) >= 0.4 * partial else roles[:1]
    multiplied = [row for row in complete if row.multiplies]
    wordless = sum(not any(token.folded.isalpha() and token.folded != TIMES for token in row.description) for row in multiplied)
    apart = bool(multiplied) and wordless > 0.7 * len(multiplied)
    above = 2 if apart and rows[0] is multiplied[0] else 0
    return replace(template, required=required or ("total",), apart=apart, rows_above=above)


def _with_codes(layout: Layout, band: HeaderBand, template: TableTemplate) -> TableTemplate:
    """A column of codes of any kind is one of procedures when all that the items print in it are,

    one of them has a letter in front or drug codes stand beside them.
    """
    if template.column("cpt_code") is not None or template.column("code") is None:
        return template
    rows = _rows_below(layout, band, template)
    numbers = any(column.role in ("quantity", "unit_price") and column.numeric for column in template.columns)
    items = [row for row in rows if classify(row, template) is Line.ITEM and (row.multiplies or not numbers)]
    found = [codes.bare(token.text) for row in items for token in row.texts.get("code", ())]
    medical = template.column("ndc_code") is not None or not all(text.isdigit() for text in found)
    if not found or not medical or not all(is_procedure_code(text) for text in found):
        return template
    columns = tuple(replace(column, role="cpt_code") if column.role == "code" else column for column in template.columns)
    return replace(template, columns=columns)


def _without_doubles(layout: Layout, band: HeaderBand, template: TableTemplate) -> TableTemplate:
    """Of two columns of numbers that the header calls the same, the one with which more rows multiply out; the last of equal ones."""
    for role in NUMERIC_ROLES:
        places = [place for place, column in enumerate(template.columns) if column.role == role and column.numeric]
        if len(places) < 2:
            continue
        tried = []
        for place in places:
            columns = tuple(
                replace(column, role="other") if n in places and n != place else column for n, column in enumerate(template.columns)
            )
            one = replace(template, columns=columns)
            tried.append((sum(row.multiplies for row in _rows_below(layout, band, one)), place, one))
        template = max(tried, key=lambda one: one[:2])[2]
    return template


def _one_description(columns: Sequence[Column], rows: Sequence[Sequence[Chunk]]) -> list[Column]:
    """Of several columns that the header calls descriptions the one with most words is it; one of numbers alone counts the lines."""
    named = [column for column in columns if column.role == "description"]
    if len(named) < 2:
        return list(columns)
    words = {column: _words_in(column, rows) for column in named}
    best = max(named, key=lambda column: words[column])
    return [
        column if column is best or column not in words else replace(column, role="other" if words[column] else "position")
        for column in columns
    ]


def _words_in(column: Column, rows: Sequence[Sequence[Chunk]]) -> int:
    tokens = [token for row in rows for chunk in row for token in chunk.tokens]
    inside = [token for token in tokens if column.left <= (token.box.x0 + token.box.x1) / 2 < column.right]
    return sum(any(char.isalpha() for char in token.text) for token in inside)


def _rows_below(layout: Layout, band: HeaderBand, template: TableTemplate) -> list[BodyRow]:
    """The rows of the page under a header, cut by the columns."""
    return [
        body_row(index, layout.rows[index], template.columns, template)
        for index in range(band.rows[-1] + 1, len(layout.rows))
        if layout.rows[index][0].page == band.page
    ]


def _across(columns: Sequence[Column]) -> list[Column]:
    """Columns under a description that runs over all of them, on lines of its own."""
    return [Column("description", 0.0, 1.0, 0.0, 1.0, False), *columns]


def _from_its_heading(columns: Sequence[Column]) -> list[Column]:
    """Descriptions on lines of their own begin where their heading does, whatever stands under it on the lines of numbers."""
    return [replace(column, left=min(column.left, column.x0)) if column.role == "description" else column for column in columns]


def _chunk_rows_below(layout: Layout, band: HeaderBand) -> list[list[Chunk]]:
    rows: list[list[Chunk]] = []
    for row in layout.rows[band.rows[-1] + 1 :]:
        if row[0].page != band.page:
            break
        chunks = chunks_of(row)
        words = [word for word in (column_word(token.text) for token in row) if word]
        numbers = sum(chunk.kind is Kind.NUMBER for chunk in chunks)
        if (begins_summary(words) and numbers < 3) or _sum_beside(row, chunks):
            if rows:
                break
            continue
        if any(chunk.money_like for chunk in chunks) or numbers >= 2:
            rows.append(chunks)
    return rows


def _sum_beside(row: Sequence[Token], chunks: Sequence[Chunk]) -> bool:
    """Whether the last words of a row, apart from what it begins with, speak of a sum that one number follows."""
    numbers = [chunk for chunk in chunks if chunk.kind is Kind.NUMBER]
    before = [token for token in row if not numbers or token.x1 <= numbers[-1].tokens[0].x0]
    cell = [token for token in before if token.cell == before[-1].cell] if before else []
    return bool(cell) and cell[0] is not row[0] and begins_summary([word for word in (column_word(t.text) for t in cell) if word])


def _with_description(columns: Sequence[Column]) -> list[Column]:
    """Name the widest strip of words the description when no header word did."""
    result = list(columns)
    if any(column.role == "description" for column in result):
        return result
    free = [column for column in result if not column.numeric and column.role in ("other", "code", "unit", "cpt_code")]
    if free:
        widest = max(free, key=lambda column: column.right - column.left)
        result[result.index(widest)] = Column("description", widest.x0, widest.x1, widest.left, widest.right, False)
        return result
    first = min(result, key=lambda column: column.left)
    if first.x0 > 0.15:
        result[result.index(first)] = Column(first.role, first.x0, first.x1, first.x0 - 0.005, first.right, first.numeric)
        result.insert(0, Column("description", 0.0, first.x0, 0.0, first.x0 - 0.005, False))
    return result


def _count_items(layout: Layout, template: TableTemplate) -> int:
    return sum(classify(row, template) is Line.ITEM for region in regions_for(layout, template) for row in region.rows)


def _from_amounts(layout: Layout) -> TableTemplate | None:
    """Rows of words that end in an amount, right edges in line: a receipt, or a table without words over it."""
    for page, first, last in page_bounds(layout):
        rows = _amount_rows(layout, first, last)
        if not rows:
            continue
        edges = sorted(chunks[-1].x1 for _, chunks in rows)
        edge = max(edges, key=lambda x: (sum(abs(other - x) < _ALIGNED for other in edges), x))
        lined = [(index, chunks) for index, chunks in rows if abs(chunks[-1].x1 - edge) < _ALIGNED]
        if len(lined) < 2 and page != 1:
            continue
        columns = _columns_by_arithmetic([chunks for _, chunks in lined])
        top = min(token.box.y0 for token in layout.rows[lined[0][0]])
        return TableTemplate(tuple(columns), (), required=("total",), top=top)
    return None


def _amount_rows(layout: Layout, first: int, last: int) -> list[tuple[int, list[Chunk]]]:
    rows: list[tuple[int, list[Chunk]]] = []
    for index in range(first, last):
        chunks = chunks_of(layout.rows[index])
        words = [word for word in (column_word(token.text) for token in layout.rows[index]) if word]
        if begins_summary(words):
            if rows:
                break
            continue
        if len(chunks) > 1 and chunks[-1].money_like and any(c.kind is Kind.WORD and c.text[:1].isalpha() for c in chunks):
            rows.append((index, chunks))
    return rows


def _columns_by_arithmetic(rows: Sequence[Sequence[Chunk]]) -> list[Column]:
    """Columns of numbers by their edges; roles by which product fits; the last one is the amount."""
    groups = [group for group in number_columns(rows) if len(group) * 2 >= len(rows)]
    roles = roles_by_product(rows, groups, {}) or {len(groups) - 1: "total"}
    left = min(row[0].x0 for row in rows)
    entries: list[Entry] = [("description", left, left + 0.01, False)]
    entries.extend((roles.get(i, "other"), min(c.x0 for c in g), max(c.x1 for c in g), True) for i, g in enumerate(groups))
    return make_strips(sorted(entries, key=lambda entry: entry[1]), rows)
