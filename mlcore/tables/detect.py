"""Finding the table of a document whose vendor is not known: by the words over columns, else by aligned amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

from mlcore.readers.layout import Layout
from mlcore.tables.chunks import Chunk, Kind, chunks_of
from mlcore.tables.columns import columns_from_header
from mlcore.tables.header import HeaderBand, find_headers
from mlcore.tables.regions import page_bounds, regions_for
from mlcore.tables.rows import Line, body_row, classify
from mlcore.tables.template import Column, TableTemplate
from mlcore.tables.vocabulary import begins_summary, column_word

_ALIGNED = 0.012
_FIT = Decimal("0.02")


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
    columns = _with_description(columns_from_header(band, rows))
    header = tuple((word, span.center) for span in band.spans for word in span.words if word)
    template = TableTemplate(tuple(columns), header)
    return _with_rules(layout, band, template)


def _with_rules(layout: Layout, band: HeaderBand, template: TableTemplate) -> TableTemplate:
    """All numeric roles are required when enough rows have them all, else the amount (or the price) alone."""
    roles = tuple(role for role in ("total", "unit_price", "quantity") if any(c.role == role and c.numeric for c in template.columns))
    rows = [
        body_row(index, layout.rows[index], template.columns, template)
        for index in range(band.rows[-1] + 1, len(layout.rows))
        if layout.rows[index][0].page == band.page
    ]
    complete = [row for row in rows if row.roles >= set(roles)]
    partial = sum(roles[0] in row.roles for row in rows) if roles else 0
    required = roles if roles and complete and len(complete) >= 0.4 * partial else roles[:1]
    multiplied = [row for row in complete if row.multiplies]
    wordless = sum(not any(token.folded.isalpha() for token in row.description) for row in multiplied)
    return replace(template, required=required or ("total",), apart=bool(multiplied) and wordless > 0.7 * len(multiplied))


def _chunk_rows_below(layout: Layout, band: HeaderBand) -> list[list[Chunk]]:
    rows: list[list[Chunk]] = []
    for row in layout.rows[band.rows[-1] + 1 :]:
        if row[0].page != band.page:
            break
        chunks = chunks_of(row)
        words = [word for word in (column_word(token.text) for token in row) if word]
        numbers = sum(chunk.kind is Kind.NUMBER for chunk in chunks)
        if begins_summary(words) and numbers < 3:
            if rows:
                break
            continue
        if any(chunk.money_like for chunk in chunks) or numbers >= 2:
            rows.append(chunks)
    return rows


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
    count = 0
    for region in regions_for(layout, template):
        columns = [column.moved(region.shift) for column in template.columns]
        for index in region.rows:
            row = body_row(index, layout.rows[index], columns, template)
            count += classify(row, template) is Line.ITEM
    return count


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
    """Columns of numbers by their right edges; roles by which product fits in most rows."""
    groups: list[list[Chunk]] = []
    for chunk in (c for row in rows for c in row if c.kind is Kind.NUMBER):
        for group in groups:
            if abs(group[0].x1 - chunk.x1) < _ALIGNED or abs(group[0].x0 - chunk.x0) < _ALIGNED:
                group.append(chunk)
                break
        else:
            groups.append([chunk])
    groups = sorted((g for g in groups if len(g) * 2 >= len(rows)), key=lambda g: g[0].x1)
    roles = _roles_by_product(rows, groups)
    columns = [Column(roles.get(i, "other"), min(c.x0 for c in g), max(c.x1 for c in g), 0.0, 0.0, True) for i, g in enumerate(groups)]
    left = min(row[0].x0 for row in rows)
    bounds = [left, *(column.x0 - 0.003 for column in columns), 1.0]
    strips = [Column("description", left, bounds[1], 0.0, bounds[1], False)]
    strips.extend(Column(c.role, c.x0, c.x1, bounds[i + 1], bounds[i + 2], True) for i, c in enumerate(columns))
    return strips


def _roles_by_product(rows: Sequence[Sequence[Chunk]], groups: Sequence[Sequence[Chunk]]) -> dict[int, str]:
    if not groups:
        return {}
    amount = len(groups) - 1
    best, most = {amount: "total"}, 0
    for quantity, price in permutations(range(amount), 2):
        fits = 0
        for row in rows:
            values = [next((c.value for c in row if any(c is o for o in groups[k])), None) for k in (quantity, price, amount)]
            a, b, c = values
            fits += a is not None and b is not None and c is not None and abs(a * b - c) <= _FIT
        if fits > most:
            best, most = {quantity: "quantity", price: "unit_price", amount: "total"}, fits
    return best
