"""Rows cut into chunks: numbers (with their currency and groups of thousands), codes, percentages, words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from mlcore.normalize import DateOrder, NumberStyle, ndc11, parse_date, parse_decimal
from mlcore.readers.layout import Token

GROUP_GAP = 0.65
"""Groups of thousands and a currency sign stand within this many em of each other."""

_EDGE = "/|_[]{};:*~'`\"“”‘’«»!"
_CURRENCY = re.compile(r"^(?:US\$|USD|EUR|MYR|RM|GBP|CHF|CAD|AUD|[$€£¥₹])$", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:US\$|USD|EUR|RM|[$€£])?[-+−–(]?(?:[$€£])?(?:\d[\d.,']*|[.,]\d+)\)?(?:[$€£]|EUR|CR|-)?$", re.IGNORECASE)
_HEAD_GROUP = re.compile(r"^[-+−–(]?(?:[$€£])?[-+−–]?\d{1,3}(?:[ .,']\d{3})*$")
_TAIL_GROUP = re.compile(r"^\d{3}(?:[.,]\d{1,4})?\)?-?[$€£]?$")
_PERCENT = re.compile(r"^\d{1,3}(?:[.,]\d+)?%$")
_WITH_UNIT = re.compile(r"^(\d+(?:[.,]\d+)?)([^\W\d_]{1,8})\.?$")
_CURRENCY_WORD = re.compile(r"\b(?:RM|USD|EUR)\b|^RM\d")
_LOOKALIKE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "S": "5", "B": "8", "Z": "2", "|": "1"})
_LOOKALIKE_NUMBER = re.compile(r"^[$€£]?[\dOolISBZ|.,]+$")


class Kind(StrEnum):
    """What a chunk looks like."""

    NUMBER = "number"
    PERCENT = "percent"
    NDC = "ndc"
    DATE = "date"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Neighbouring tokens of a row that make one thing. ``decimals`` counts printed decimals of a number.

    ``x0``, ``x1`` are its left and right edge as fractions of the page width.
    """

    kind: Kind
    tokens: tuple[Token, ...]
    value: Decimal | None = None
    decimals: int = 0
    repaired: bool = False
    currency: bool = False
    x0: float = field(init=False)
    x1: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "x0", self.tokens[0].box.x0)
        object.__setattr__(self, "x1", max(token.box.x1 for token in self.tokens))

    @property
    def text(self) -> str:
        """As printed, with single spaces."""
        return " ".join(token.text for token in self.tokens)

    @property
    def money_like(self) -> bool:
        """Whether it is printed as an amount: two or more decimals, or with a currency sign."""
        return self.kind is Kind.NUMBER and (self.decimals >= 2 or self.currency)


def chunks_of(row: Sequence[Token], style: NumberStyle = NumberStyle.AUTO) -> list[Chunk]:
    """Cut one row, left to right."""
    chunks: list[Chunk] = []
    i = 0
    while i < len(row):
        size, chunk = _chunk_at(row, i, style)
        chunks.append(chunk)
        i += size
    return chunks


def _chunk_at(row: Sequence[Token], i: int, style: NumberStyle) -> tuple[int, Chunk]:
    kind = _plain_kind(_bare(row[i].text))
    if kind is not None:
        return 1, Chunk(kind, (row[i],))
    size = _number_size(row, i)
    if size:
        tokens = tuple(row[i : i + size])
        chunk = number_chunk(tokens, style)
        if chunk is not None:
            if i + size < len(row) and row[i + size].text == "%" and _near(row[i + size - 1], row[i + size]):
                return size + 1, Chunk(Kind.PERCENT, (*tokens, row[i + size]))
            return size, chunk
    return 1, Chunk(Kind.WORD, (row[i],))


@lru_cache(maxsize=32768)
def _plain_kind(text: str) -> Kind | None:
    """The kind of a text that is a code, a percentage or a date; ``None`` for numbers and words."""
    if not any(char.isdigit() for char in text):
        return None
    if "-" in text and ndc11(text):
        return Kind.NDC
    if _PERCENT.match(text):
        return Kind.PERCENT
    return Kind.DATE if not _NUMBER.match(text) and parse_date(text, DateOrder.MONTH_FIRST) is not None else None


def _number_size(row: Sequence[Token], i: int) -> int:
    """How many tokens from ``i`` make one number: ``€ 24 816,00 €`` is four; 0 when none starts here."""
    start = i
    if _CURRENCY.match(_bare(row[i].text)) and i + 1 < len(row) and _near(row[i], row[i + 1]):
        i += 1
    text = _bare(row[i].text)
    if not (_NUMBER.match(text) or _is_misread_number(row[i].text)):
        return 0
    joined = text
    i += 1
    while i < len(row) and _near(row[i - 1], row[i]) and _HEAD_GROUP.match(joined) and _TAIL_GROUP.match(_bare(row[i].text)):
        joined += " " + _bare(row[i].text)
        i += 1
    if i < len(row) and _CURRENCY.match(_bare(row[i].text)) and _near(row[i - 1], row[i]):
        following = _bare(row[i + 1].text) if i + 1 < len(row) else ""
        if not _NUMBER.match(following) or not _near(row[i], row[i + 1]) or _gap(row[i - 1], row[i]) < _gap(row[i], row[i + 1]):
            i += 1
    return i - start


def number_chunk(tokens: Sequence[Token], style: NumberStyle) -> Chunk | None:
    """The tokens as one number, or ``None``. A letter that stands for a digit is read as the digit."""
    text = " ".join(_bare(token.text) for token in tokens)
    value, repaired = _number(text, style)
    if value is None:
        return None
    currency = any(sign in text for sign in "$€£") or bool(_CURRENCY_WORD.search(text))
    exponent = value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Chunk(Kind.NUMBER, tuple(tokens), value, decimals, repaired, currency)


@lru_cache(maxsize=32768)
def _number(text: str, style: NumberStyle) -> tuple[Decimal | None, bool]:
    """A number and whether letters had to be read as digits."""
    value = parse_decimal(text, style)
    if value is None and style is not NumberStyle.AUTO:
        value = parse_decimal(text)
    if value is not None:
        return value, False
    return parse_decimal(text.translate(_LOOKALIKE), style), True


@lru_cache(maxsize=32768)
def quantity_with_unit(text: str) -> Decimal | None:
    """``10EA`` or ``2,5kg`` as a number; ``None`` when the text has another form."""
    match = _WITH_UNIT.match(_bare(text))
    return parse_decimal(match[1]) if match else None


def _is_misread_number(text: str) -> bool:
    body = text.strip(_EDGE.replace("|", ""))
    digits, signs = sum(char.isdigit() for char in body), sum(char.isalnum() for char in body)
    return bool(_LOOKALIKE_NUMBER.match(body)) and digits >= 2 and digits * 2 >= signs and any(mark in body for mark in ".,")


def _bare(text: str) -> str:
    return text.strip(_EDGE)


def _gap(left: Token, right: Token) -> float:
    return right.x0 - left.x1


def _near(left: Token, right: Token) -> bool:
    return _gap(left, right) < GROUP_GAP * max(1.0, left.height)


def follows_word(chunks: Sequence[Chunk], position: int) -> bool:
    """Whether a number stands in the middle of words: ``suspension, 150 mL``."""
    if not position:
        return False
    before, chunk = chunks[position - 1], chunks[position]
    close = before.tokens[-1].cell == chunk.tokens[0].cell and chunk.tokens[0].x0 - before.tokens[-1].x1 < 0.6
    return close and before.kind is Kind.WORD and sum(char.isalpha() for char in before.text) > 1
