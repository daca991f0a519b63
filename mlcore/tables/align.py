"""Finding a confirmed record's rows on the page, without evidence boxes: by their numbers, codes and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from rapidfuzz import fuzz, process

from mlcore.documents import Evidence
from mlcore.normalize import comparison_key, ndc11, parse_decimal
from mlcore.readers.layout import Layout, Token
from mlcore.schema import LineItem, ValueKind, item_path
from mlcore.tables.chunks import Chunk, Kind, chunks_of, quantity_with_unit
from mlcore.tables.codes import bare
from mlcore.tables.header import NUMERIC_ROLES

_WEIGHT = {"total": 2.0, "unit_price": 2.0, "quantity": 1.0}
_LEAST = 2.3
_LIKE = 93
_BELOW = 3
_SAME_TEXT = 70
_SAME_WORD = 72


@dataclass(frozen=True, slots=True)
class ItemPlace:
    """Where one confirmed line stands: the row with its numbers, and the chunks that print each number.

    ``numbers`` may hold several chunks for a role when the same value is printed more than once. ``words`` are
    the tokens of the description, in reading order, ``codes`` those that print the NDC.
    """

    item: LineItem
    row: int
    numbers: dict[str, tuple[Chunk, ...]]
    words: tuple[Token, ...] = ()
    codes: tuple[Token, ...] = ()


def locate_items(layout: Layout, items: Sequence[LineItem], evidence: Mapping[str, tuple[Evidence, ...]]) -> list[ItemPlace]:
    """The places of the items that are found, in order. Rows are taken in the order of the record.

    Confirmed places (``evidence`` by field path) decide where they are given; without them values are searched.
    """
    chunks = [chunks_of(row) for row in layout.rows]
    words = [" ".join(token.folded for token in row) for row in layout.rows]
    scores = [[_score(item, chunks[r], words, r) for r in range(len(chunks))] for item in items]
    path = _best_path(scores, len(chunks))
    ends = [-1, *(row for _, row in path), len(chunks)]
    places = []
    for n, (i, r) in enumerate(path):
        numbers = {role: found for role in NUMERIC_ROLES if (found := _printed(items[i], role, chunks, r))}
        numbers = {role: _confirmed(found, evidence.get(item_path(i, role), ())) for role, found in numbers.items()}
        text = _inside(layout, evidence.get(item_path(i, "description"), ()))
        if not text:
            text = _description_tokens(layout, items[i], numbers, range(max(ends[n] + 1, r - _BELOW), min(ends[n + 2], r + _BELOW + 1)))
        codes = _code_tokens(layout, items[i], range(max(ends[n] + 1, r - _BELOW), min(ends[n + 2], r + _BELOW + 1)))
        places.append(ItemPlace(items[i], r, numbers, tuple(text), codes))
    return places


def _code_tokens(layout: Layout, item: LineItem, rows: range) -> tuple[Token, ...]:
    """The token that prints the NDC, in the row nearest below or above."""
    code = comparison_key(ValueKind.NDC, item.ndc_code)
    if not code:
        return ()
    found = [token for index in rows for token in layout.rows[index] if "-" in token.text and ndc11(bare(token.text)) == code]
    return tuple(found) if len(found) == 1 else ()


def _confirmed(found: tuple[Chunk, ...], places: Sequence[Evidence]) -> tuple[Chunk, ...]:
    kept = tuple(chunk for chunk in found if any(_holds(place, token) for place in places for token in chunk.tokens))
    return kept or found


def _inside(layout: Layout, places: Sequence[Evidence]) -> list[Token]:
    if not places:
        return []
    pages = {place.page for place in places}
    return [token for token in layout.tokens if token.page in pages and any(_holds(place, token) for place in places)]


def _holds(place: Evidence, token: Token) -> bool:
    x, y = token.box.center
    return place.page == token.page and place.box.x0 <= x <= place.box.x1 and place.box.y0 <= y <= place.box.y1


def _score(item: LineItem, row: Sequence[Chunk], words: Sequence[str], index: int) -> float:
    score = 0.0
    for role in NUMERIC_ROLES:
        if any(equals(chunk, getattr(item, role)) for chunk in row):
            score += _WEIGHT[role]
    if item.description:
        likeness = fuzz.token_set_ratio(item.description.casefold(), words[index])
        near = fuzz.token_set_ratio(item.description.casefold(), " ".join(words[max(0, index - 1) : index + 2]))
        score += (2.5 if likeness >= _LIKE else 2.0) * likeness / 100 if likeness >= _SAME_TEXT else (1.0 if near >= _SAME_TEXT else 0.0)
    codes = {comparison_key(ValueKind.NDC, item.ndc_code), comparison_key(ValueKind.PROCEDURE, item.cpt_code)} - {""}
    text = words[index].replace("-", "")
    score += sum(code.casefold().replace("-", "") in text for code in codes) * 1.0
    return score


def _best_path(scores: Sequence[Sequence[float]], rows: int) -> list[tuple[int, int]]:
    """Pairs ``(item, row)``, both increasing, with the greatest sum of scores above the least score."""
    count = len(scores)
    best = [[0.0] * (rows + 1) for _ in range(count + 1)]
    for i in range(1, count + 1):
        for r in range(1, rows + 1):
            take = best[i - 1][r - 1] + scores[i - 1][r - 1] if scores[i - 1][r - 1] >= _LEAST else -1.0
            best[i][r] = max(best[i - 1][r], best[i][r - 1], take)
    pairs = []
    i, r = count, rows
    while i and r:
        if best[i][r] == best[i][r - 1]:
            r -= 1
        elif best[i][r] == best[i - 1][r]:
            i -= 1
        else:
            pairs.append((i - 1, r - 1))
            i, r = i - 1, r - 1
    return pairs[::-1]


def equals(chunk: Chunk, value: Decimal | None) -> bool:
    """Whether a chunk prints a value, in either number style."""
    if value is None:
        return False
    if chunk.kind is Kind.NUMBER:
        return chunk.value == value or (chunk.value is not None and parse_decimal(chunk.text) == value)
    return chunk.kind is Kind.WORD and quantity_with_unit(chunk.tokens[0].text) == value


def _printed(item: LineItem, role: str, chunks: Sequence[Sequence[Chunk]], row: int) -> tuple[Chunk, ...]:
    value = getattr(item, role)
    for index in range(row, min(row + _BELOW, len(chunks))):
        found = tuple(chunk for chunk in chunks[index] if equals(chunk, value))
        if found:
            return found
    return ()


def _description_tokens(layout: Layout, item: LineItem, numbers: Mapping[str, tuple[Chunk, ...]], rows: range) -> list[Token]:
    """The tokens that print the description, as the longest runs that it shares with the rows."""
    wanted = [key for key in (comparison_key(ValueKind.TEXT, word) for word in (item.description or "").split()) if key]
    taken = {id(chunk.tokens[0]) for found in numbers.values() for chunk in found[:1] if len(found) == 1}
    tokens = [token for index in rows for token in layout.rows[index] if id(token) not in taken]
    keys = [_nearest_word(comparison_key(ValueKind.TEXT, token.text), wanted) for token in tokens]
    blocks = SequenceMatcher(None, keys, wanted, autojunk=False).get_matching_blocks()
    return [tokens[i] for block in blocks for i in range(block.a, block.a + block.size)]


def _nearest_word(key: str, wanted: Sequence[str]) -> str:
    """The word of the description that a token prints, also when OCR has damaged it; else the token itself."""
    if key in wanted or len(key) < 4 or any(char.isdigit() for char in key):
        return key
    found = process.extractOne(key, wanted, scorer=fuzz.ratio, score_cutoff=_SAME_WORD)
    return found[0] if found else key
