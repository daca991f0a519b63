"""From body rows to line items: which lines make one item, and what its cells are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mlcore.normalize import NumberStyle, collapse_spaces, parse_decimal
from mlcore.readers.layout import Token, evidence_of
from mlcore.schema import Value
from mlcore.tables import codes
from mlcore.tables.asides import with_asides
from mlcore.tables.chunks import Chunk, quantity_with_unit
from mlcore.tables.header import NUMERIC_ROLES
from mlcore.tables.item_types import infer_type
from mlcore.tables.reading import CellReading, RowReading
from mlcore.tables.rows import BodyRow, Line, classify
from mlcore.tables.template import AmountRule, TableTemplate, Wrap

_TIE = 0.25
_CLEAR = 0.1
CODE_LINE_WORDS = 3
"""A line with a code and at most this many other words names the code only."""


@dataclass
class Block:
    """The rows of one item: the line with the numbers first, then the lines of words above and below it."""

    anchor: BodyRow
    above: list[BodyRow] = field(default_factory=list)
    below: list[BodyRow] = field(default_factory=list)
    notes: list[BodyRow] = field(default_factory=list)

    @property
    def rows(self) -> list[BodyRow]:
        """All rows of the item in reading order."""
        return sorted([*self.above, self.anchor, *self.below, *self.notes], key=lambda row: row.index)

    def number(self, role: str) -> Chunk | None:
        """The number of a role, from the anchor or a line that completes it."""
        for row in (self.anchor, *self.below, *self.above):
            if role in row.numbers:
                return row.numbers[role]
        return None


def group_rows(rows: Sequence[BodyRow], template: TableTemplate) -> list[Block]:
    """Blocks of the items among the body rows of one page."""
    kinds = [classify(row, template) for row in rows]
    kinds = kinds if template.examples else with_asides(rows, kinds)
    blocks = {i: Block(row) for i, (row, kind) in enumerate(zip(rows, kinds, strict=True)) if kind is Line.ITEM}
    places = sorted(blocks)
    begins_above = bool(places) and places[0] > 0 and kinds[places[0] - 1] is Line.TEXT
    for i, (row, kind) in enumerate(zip(rows, kinds, strict=True)):
        if kind not in (Line.TEXT, Line.NOTE):
            continue
        before = max((p for p in places if p < i), default=None)
        after = min((p for p in places if p > i), default=None)
        if before is not None and not _connected(rows, kinds, before, i, template.line_gap):
            before = None
        if after is not None and not _connected(rows, kinds, i, after, template.line_gap):
            after = None
        owner = _owner(rows, i, before, after, template, begins_above)
        if owner is None:
            continue
        block = blocks[owner]
        target = block.notes if kind is Line.NOTE else block.below if owner < i else block.above
        target.append(row)
    return [blocks[place] for place in places]


def drop_numbering(blocks: Sequence[Block]) -> None:
    """Take ``1.``, ``2.`` and so on from the beginning of descriptions on lines of their own, when all items are numbered so."""
    first = [
        min((row for row in (*block.above, *block.below) if row.description), key=lambda row: row.index, default=None) for block in blocks
    ]
    numbered = all(row is not None and row.description[0].text.rstrip(".):") == str(n) for n, row in enumerate(first, start=1))
    for block, row in zip(blocks, first, strict=True):
        if row is None or not numbered or len(row.description) < 2:
            continue
        plain = replace(row, texts={**row.texts, "description": row.description[1:]})
        for part in (block.above, block.below):
            part[:] = [plain if other is row else other for other in part]


def _connected(rows: Sequence[BodyRow], kinds: Sequence[Line], first: int, last: int, gap: float) -> bool:
    """Whether the lines from ``first`` to ``last`` follow each other closely, without a section line between."""
    for i in range(first, last):
        if kinds[i] in (Line.SECTION, Line.SUMMARY) or kinds[i + 1] in (Line.SECTION, Line.SUMMARY):
            return False
        if rows[i + 1].top - rows[i].bottom > gap:
            return False
    return True


def _owner(
    rows: Sequence[BodyRow], i: int, before: int | None, after: int | None, template: TableTemplate, begins_above: bool
) -> int | None:
    if before is None or after is None:
        if template.examples and template.wrap is Wrap.AFTER:
            return before
        return after if template.wrap is Wrap.BEFORE and template.examples else (before if before is not None else after)
    if template.examples and template.wrap is not Wrap.NEAREST:
        return before if template.wrap is Wrap.AFTER else after
    cut = _widest_gap(rows, before, after)
    if cut is not None:
        return before if i < cut else after
    if not template.examples:
        return after if begins_above and i == after - 1 else before
    return before if rows[i].top - rows[before].bottom <= rows[after].top - rows[i].bottom + _TIE else after


def _widest_gap(rows: Sequence[BodyRow], before: int, after: int) -> int | None:
    """The row that begins the second item, when one gap between the two is clearly wider than the others."""
    gaps = sorted(((rows[i].top - rows[i - 1].bottom, i) for i in range(before + 1, after + 1)), reverse=True)
    return gaps[0][1] if len(gaps) > 1 and gaps[0][0] > gaps[1][0] + _CLEAR else None


def read_block(block: Block, template: TableTemplate, base: float) -> RowReading:
    """The cells of one item. ``base`` is the confidence of a cell that nothing speaks against."""
    cells: dict[str, CellReading] = {}
    for role in NUMERIC_ROLES:
        chunk = block.number(role)
        if chunk is not None:
            cells[role] = _number_cell(chunk, template.style, base)
    words = _description_tokens(block, template)
    rest = [token for row in block.rows for token in row.tokens]
    procedure = _leading_code(words) if template.inline_codes else None
    for role, found in (("ndc_code", _ndc(block, rest)), ("cpt_code", procedure or _procedure(block, rest, template))):
        if found is None or role in template.absent:
            continue
        cells[role] = _code_cell(found, base)
        if not template.codes_in_description:
            gone = {id(token) for token in (*found.tokens, *found.label)}
            words = [token for token in words if id(token) not in gone]
    text = collapse_spaces(" ".join(token.text for token in words)).strip(" |-–—•*,;:")
    if text:
        cells["description"] = _cell(text, words, base)
    if template.amount is AmountRule.COMPUTED:
        _compute_amount(cells)
    if "type" not in template.absent and cells:
        code = cells["cpt_code"].value if "cpt_code" in cells else None
        kind, confidence = infer_type(text, str(code) if code else None, template.types)
        cells["type"] = CellReading(kind, "", cells["description"].evidence if "description" in cells else (), confidence * base)
    return RowReading({role: cell for role, cell in cells.items() if role not in template.absent})


def _description_tokens(block: Block, template: TableTemplate) -> list[Token]:
    rows = [block.anchor] if template.first_line_only else sorted([*block.above, block.anchor, *block.below], key=lambda r: r.index)
    return [token for row in rows if row is block.anchor or not _is_code_line(row.description) for token in _words_of(row, block)]


def _words_of(row: BodyRow, block: Block) -> Sequence[Token]:
    """The description of a row, with the numbers in it that stand under a column which the item has filled already: ``60 tablets``."""
    cells = {token.cell for token in row.description}
    more = [
        token
        for role, chunk in row.numbers.items()
        if row is not block.anchor and role in block.anchor.numbers
        for token in chunk.tokens
        if token.cell in cells
    ]
    return sorted((*row.description, *more), key=lambda token: token.x0) if more else row.description


def _is_code_line(tokens: Sequence[Token]) -> bool:
    """Whether a line says a code and hardly anything else: ``Billing code J9299``."""
    found = [code for code in (codes.find_ndc(tokens), codes.find_procedure(tokens)) if code]
    if not found:
        return False
    gone = {id(token) for code in found for token in (*code.tokens, *code.label)}
    rest = [token for token in tokens if id(token) not in gone and any(char.isalnum() for char in token.text)]
    last = max(code.tokens[-1].x1 for code in found)
    return len(rest) <= CODE_LINE_WORDS and not any(token.x0 >= last and len(token.text) > 3 and token.text.isalpha() for token in rest)


def leads_with_code(block: Block, template: TableTemplate) -> bool:
    """Whether a code of a letter and four digits begins the description: then five digits that begin another one are a code too."""
    words = _description_tokens(block, template)
    found = codes.find_procedure(words[:1])
    return found is not None and not found.text.isdigit() and len(words) > 1


def _leading_code(words: Sequence[Token]) -> codes.CodeFound | None:
    return codes.procedure_in_column(words[:1])


def _ndc(block: Block, tokens: Sequence[Token]) -> codes.CodeFound | None:
    for row in block.rows:
        found = codes.ndc_in_column(row.texts.get("ndc_code", ()))
        if found is not None:
            return found
    return codes.find_ndc(tokens)


def _procedure(block: Block, tokens: Sequence[Token], template: TableTemplate) -> codes.CodeFound | None:
    for row in block.rows:
        found = codes.procedure_in_column(row.texts.get("cpt_code", ())) or codes.procedure_alone(row.tokens)
        if found is not None:
            return found
    return codes.find_procedure(tokens) or (_in_a_cell_of_its_own(block) if template.apart and template.column("cpt_code") else None)


def _in_a_cell_of_its_own(block: Block) -> codes.CodeFound | None:
    """A procedure code between the numbers of an item whose description stands apart; its place varies with the cells beside it."""
    cells: dict[int, list[Token]] = {}
    for token in block.anchor.tokens:
        cells.setdefault(token.cell, []).append(token)
    taken = {token.cell for chunk in block.anchor.numbers.values() for token in chunk.tokens}
    alone = (found for cell, found in cells.items() if len(found) == 1 and cell not in taken)
    return next((code for found in alone if (code := codes.procedure_in_column(found))), None)


def _compute_amount(cells: dict[str, CellReading]) -> None:
    quantity, price, printed = cells.get("quantity"), cells.get("unit_price"), cells.get("total")
    if quantity is None or price is None:
        return
    if isinstance(quantity.value, Decimal) and isinstance(price.value, Decimal):
        value = (quantity.value * price.value).quantize(Decimal("0.01"))
        evidence = printed.evidence if printed else quantity.evidence + price.evidence
        words = printed.words if printed else ()
        raw = printed.raw if printed else ""
        note = "" if printed and printed.value == value else f"Computed as quantity x price; this vendor's {raw or 'amount'} includes tax."
        cells["total"] = CellReading(value, raw, evidence, min(quantity.confidence, price.confidence), words, (), note)


def _cell(value: str, tokens: Sequence[Token], base: float) -> CellReading:
    certainty = min((token.confidence for token in tokens), default=1.0)
    refs = tuple(dict.fromkeys((token.page, token.index) for token in tokens))
    return CellReading(value, " ".join(t.text for t in tokens), evidence_of(tokens), base * (0.6 + 0.4 * certainty), refs)


def _code_cell(found: codes.CodeFound, base: float) -> CellReading:
    cell = _cell(found.text, found.tokens, base)
    if found.text in cell.raw.replace(" ", ""):
        return cell
    note = f"Read {cell.raw}; letters were taken for digits."
    return replace(cell, note=note, confidence=cell.confidence * 0.8)


def _number_cell(chunk: Chunk, style: NumberStyle, base: float) -> CellReading:
    value = chunk.value if chunk.value is not None else quantity_with_unit(chunk.tokens[0].text)
    cell = _cell(chunk.text, chunk.tokens, base * (0.75 if chunk.repaired else 1.0))
    others: list[Value] = []
    for other in NumberStyle:
        reading = parse_decimal(chunk.text, other)
        if other is not style and reading is not None and reading != value and reading not in others:
            others.append(reading)
    note = f"Read {chunk.text}; a letter was taken for a digit." if chunk.repaired else ""
    return CellReading(value, chunk.text, cell.evidence, cell.confidence, cell.words, tuple(others), note)
