"""Rows of a table body: which chunk stands in which column, and what kind of line it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mlcore.readers.layout import Token
from mlcore.tables.chunks import Chunk, Kind, chunks_of, follows_word, quantity_with_unit
from mlcore.tables.header import NUMERIC_ROLES
from mlcore.tables.template import AmountRule, Column, TableTemplate
from mlcore.tables.vocabulary import begins_note, begins_section, begins_summary, column_word, is_summary

MAX_DISTANCE = 0.06
"""A number belongs to the nearest column of a field within this fraction of the page width."""
NEAR = 0.02
"""... and this near when it follows a word closely, or the column is not one of a field."""
_DIGIT = re.compile(r"\d")
START_WORDS = 3
SENTENCE_WORDS = 4
PROSE_WORDS = 6
_STRADDLING = 2
"""With an amount in the row, this many whole words left of the descriptions make a sentence; a code that stands close to one is none."""
_BESIDE = 0.1
"""The words of a sum beside something else begin this far (fraction of the page width) right of the descriptions."""
_CENT = Decimal("0.01")
_HALF_UNIT = Decimal("0.005")


class Line(StrEnum):
    """What a line of a table is."""

    ITEM = "item"
    TEXT = "text"
    NOTE = "note"
    SECTION = "section"
    SUMMARY = "summary"
    BLANK = "blank"


@dataclass(frozen=True)
class BodyRow:
    """One row of the page cut by the columns. ``numbers`` by role; ``texts`` are the other tokens by role of their strip."""

    index: int
    tokens: tuple[Token, ...]
    chunks: tuple[Chunk, ...]
    numbers: dict[str, Chunk]
    texts: dict[str, tuple[Token, ...]]
    start: str

    @property
    def page(self) -> int:
        """Page number."""
        return self.tokens[0].page

    @property
    def top(self) -> float:
        """Upper edge in em."""
        return min(token.y0 for token in self.tokens)

    @property
    def bottom(self) -> float:
        """Lower edge in em."""
        return max(token.y1 for token in self.tokens)

    @property
    def roles(self) -> frozenset[str]:
        """The numeric fields that the row has."""
        return frozenset(role for role in NUMERIC_ROLES if role in self.numbers)

    @property
    def multiplies(self) -> bool:
        """Whether quantity x unit price is the amount, as far as a printed price can be exact."""
        quantity, price, total = (self.numbers[role].value if role in self.numbers else None for role in NUMERIC_ROLES)
        if quantity is None or price is None or total is None or not total:
            return False
        return abs(quantity * price - total) <= abs(quantity) * _HALF_UNIT + _CENT

    @property
    def description(self) -> tuple[Token, ...]:
        """Tokens in the strip of the description."""
        return self.texts.get("description", ())


def line_start(tokens: Sequence[Token]) -> str:
    """The first words of a line, folded, digits as ``0``: what lines of one kind share."""
    words = [column_word(token.text) for token in tokens[: START_WORDS + 1]]
    return _DIGIT.sub("0", " ".join([word for word in words if word][:START_WORDS]))


def body_row(index: int, row: tuple[Token, ...], columns: Sequence[Column], template: TableTemplate) -> BodyRow:
    """Cut one row of the page by the columns; words left of the first strip belong to something else."""
    left = min((column.left for column in columns), default=0.0)
    tokens = tuple(token for token in row if (token.box.x0 + token.box.x1) / 2 >= left) or row
    chunks = tuple(chunks_of(tokens, template.style))
    numbers = _numbers(chunks, columns)
    taken = {id(chunk) for chunk in numbers.values()}
    texts: dict[str, list[Token]] = {}
    description = next((column for column in columns if column.role == "description"), None)
    alone = template.apart and not numbers.keys() >= set(template.required)
    strips = [column for column in columns if column.role != "description"] if template.apart else columns
    for chunk in chunks:
        if id(chunk) in taken and not alone:
            continue
        for token in chunk.tokens:
            x = (token.box.x0 + token.box.x1) / 2
            role = strip_role(strips, x, token)
            if alone and description:
                role = "description" if x >= description.left else "other"
            elif description and role == "description" and _ends_before(description, token, tokens):
                role = "other"
            words = texts.get("description")
            if words and words[-1].cell == token.cell and _runs_on(role, token, columns):
                role = "description"
            texts.setdefault(role, []).append(token)
    if alone:
        numbers = {}
    elif description and numbers.keys().isdisjoint(("quantity", "unit_price")):
        _drop_straddling(tokens, texts, description.left, _STRADDLING if "total" in numbers else 0)
    return BodyRow(index, tokens, chunks, numbers, {role: tuple(found) for role, found in texts.items()}, line_start(tokens))


def _ends_before(column: Column, token: Token, row: Sequence[Token]) -> bool:
    """Whether a token is of a cell that ends where the column begins, and words stand in the column itself.

    The room left of a description is for descriptions that begin early, not for a long date before one.
    """
    words = (other for other in row if other.text[:1].isalpha() and column.x0 - 0.01 <= other.box.x0 < column.right)
    return all(other.box.x1 < column.x0 for other in row if other.cell == token.cell) and any(words)


def _runs_on(role: str, token: Token, columns: Sequence[Column]) -> bool:
    """Whether a token that follows words of the description closely is one of them, though its middle is in the next strip."""
    if role in NUMERIC_ROLES:
        return token.text[:1].isalpha()
    return any(column.role == role and not column.numeric and token.box.x1 < column.x0 for column in columns)


def _drop_straddling(tokens: Sequence[Token], texts: dict[str, list[Token]], left: float, least: int) -> None:
    """A sentence that begins at least ``least`` words left of the description and runs through it is no part of it."""
    before: dict[int, list[Token]] = {}
    for token in tokens:
        if token.box.x0 < left - 0.01:
            before.setdefault(token.cell, []).append(token)
    straddling = {cell for cell, found in before.items() if sum(token.text.isalpha() for token in found) >= least}
    kept = [token for token in texts.pop("description", []) if token.cell not in straddling]
    if kept:
        texts["description"] = kept


def _numbers(chunks: Sequence[Chunk], columns: Sequence[Column]) -> dict[str, Chunk]:
    numeric = [column for column in columns if column.numeric]
    pairs = []
    for position, chunk in enumerate(chunks):
        number = chunk.kind in (Kind.NUMBER, Kind.PERCENT)
        if not number and (chunk.kind is not Kind.WORD or quantity_with_unit(chunk.tokens[0].text) is None):
            continue
        follows = follows_word(chunks, position)
        for index, column in enumerate(numeric):
            distance = _distance(column, chunk)
            if follows and column.role not in NUMERIC_ROLES:
                continue
            if distance > (MAX_DISTANCE if column.role in NUMERIC_ROLES and not follows else NEAR):
                continue
            if number and (chunk.kind is Kind.NUMBER or column.role not in NUMERIC_ROLES):
                pairs.append((distance, index, position))
            elif column.role == "quantity" and not number:
                pairs.append((distance + 0.01, index, position))
    result: dict[str, Chunk] = {}
    used: set[int] = set()
    for _, index, position in sorted(pairs):
        role = numeric[index].role
        if role not in result and position not in used:
            result[role] = chunks[position]
            used.add(position)
    return result


def _distance(column: Column, chunk: Chunk) -> float:
    center = (chunk.x0 + chunk.x1) / 2
    if center < column.x0 - 0.2 or center > column.x1 + 0.2:
        return 1.0
    edges = min(abs(chunk.x0 - column.x0), abs(chunk.x1 - column.x1), abs(center - (column.x0 + column.x1) / 2))
    return edges * 0.3 if column.x0 <= center <= column.x1 else edges


def strip_role(columns: Sequence[Column], x: float, token: Token) -> str:
    """The role of the strip that the middle of a token stands in; a token that starts left of it belongs to words."""
    for column in columns:
        if column.left <= x < column.right:
            if column.numeric and token.box.x0 < column.x0 - 0.01 and not any(char.isdigit() for char in token.text):
                return _word_strip_before(columns, column) or column.role
            return column.role
    return "other"


def _word_strip_before(columns: Sequence[Column], column: Column) -> str:
    place = columns.index(column)
    return columns[place - 1].role if place and not columns[place - 1].numeric else ""


def _starts_item(row: BodyRow, template: TableTemplate) -> bool:
    """All required numbers, or all but one of three, with words in the description (unless those stand apart)."""
    if not row.roles or _is_prose(row) or not (template.apart or _has_letters(row.description) or row.multiplies):
        return False
    there = sum(role in row.numbers for role in template.required)
    unread = sum(role not in row.numbers and _maybe_number(row.texts.get(role, ())) for role in template.required)
    needed = len(template.required)
    return (there + unread >= needed and there >= min(needed, 2)) or (there >= 2 and there >= needed - 1 and "total" in row.numbers)


def _is_prose(row: BodyRow) -> bool:
    """A sentence with numbers in it: ``Pay $ 98.00 within 10 days``. One cell, and words go on behind a number."""
    if len({token.cell for token in row.tokens}) > 1 or len(row.tokens) < PROSE_WORDS:
        return False
    taken = {id(token) for chunk in row.numbers.values() for token in chunk.tokens}
    places = [place for place, token in enumerate(row.tokens) if id(token) in taken]
    after = row.tokens[places[-1] + 1 :] if places else ()
    return any(token.text.isalpha() and token.text.islower() for token in after)


def _may_sum(words: Sequence[str], row: BodyRow, template: TableTemplate) -> bool:
    """Words without a number in the place of a description are no sum when they go on behind one: ``Handling, package price``.

    Where descriptions have lines of their own, only long ones are not: ``Port access and flush service``.
    """
    if any(chunk.kind in (Kind.NUMBER, Kind.PERCENT) for chunk in row.chunks):
        return True
    if template.apart:
        return len(words) <= SENTENCE_WORDS
    return len(row.description) < len(row.tokens) or is_summary(words)


def _sums_beside(row: BodyRow, template: TableTemplate) -> bool:
    """A line of the totals block whose row begins with something else: ``Thank you for your business.    Subtotal   12.00``."""
    description = template.column("description")
    if template.examples or description is None or not any(chunk.kind is Kind.NUMBER for chunk in row.chunks):
        return False
    cells: dict[int, list[Token]] = {}
    for token in row.tokens:
        cells.setdefault(token.cell, []).append(token)
    first, *others = cells.values()
    beside = [cell for cell in others if cell[0].box.x0 > max(first[-1].box.x1, description.x0 + _BESIDE)]
    return any(begins_summary(_unnumbered(cell)) for cell in beside)


def _unnumbered(tokens: Sequence[Token]) -> list[str]:
    """The folded words without the number of a line on a form: ``14. Subtotal``."""
    return [word for word in (column_word(token.text) for token in tokens) if word and not word.isdigit()]


def _is_lone_amount(row: BodyRow, template: TableTemplate) -> bool:
    """An amount without quantity and price where items have them: a sum."""
    if row.roles != {"total"} or len(template.required) < 2 or not row.numbers["total"].money_like:
        return False
    return "total" in template.required or template.amount is AmountRule.COMPUTED


def _repeats_header(words: Sequence[str], template: TableTemplate) -> bool:
    known = {word for word, _ in template.header}
    return len(words) > 1 and sum(word in known for word in words) >= 0.7 * len(words)


def _is_sentence(tokens: Sequence[Token]) -> bool:
    """``Specimen collected at client site.``: remarks are sentences, the rest of a description hardly ever is."""
    if len(tokens) < SENTENCE_WORDS or not tokens[-1].text.endswith("."):
        return False
    return tokens[0].text[:1].isupper() and not tokens[0].text.isupper() and len(tokens[-1].text) > 3


def _has_letters(tokens: Sequence[Token]) -> bool:
    return any(sum(char.isalpha() for char in token.text) > 1 for token in tokens)


def _maybe_number(tokens: Sequence[Token]) -> bool:
    return any(any(char.isdigit() for char in token.text) or token.text in ("l", "I", "O", "S", "|") for token in tokens)


def classify(row: BodyRow, template: TableTemplate) -> Line:
    """What kind of line a row is."""
    if row.start and row.start in template.never_items:
        return Line.SECTION
    words = [column_word(token.text) for token in row.tokens if token.folded]
    words = [word for word in words if word]
    if not row.roles and _repeats_header(words, template):
        return Line.NOTE
    numeric = sum(role in row.numbers for role in NUMERIC_ROLES)
    complete = numeric >= max(2, sum(template.column(role) is not None for role in NUMERIC_ROLES))
    if begins_section(words) and not complete:
        return Line.SECTION
    if ((begins_summary(words) and _may_sum(words, row, template)) or _sums_beside(row, template)) and not complete:
        return Line.SUMMARY
    if row.start and row.start in template.end_starts and not complete:
        return Line.SUMMARY
    if _starts_item(row, template):
        return Line.ITEM
    if _is_lone_amount(row, template):
        return Line.SECTION
    if row.roles:
        return Line.TEXT if row.description else Line.BLANK
    if row.start and row.start in template.skip_starts:
        return Line.NOTE
    first = column_word(row.description[0].text) if row.description else ""
    if any(begins_note(word.rstrip("#")) for word in (*words[:1], first)) and not template.keep_notes:
        return Line.NOTE
    if (_is_sentence(row.description) or _is_sentence(row.tokens)) and not template.keep_notes:
        return Line.NOTE
    return Line.TEXT if row.description else Line.BLANK
