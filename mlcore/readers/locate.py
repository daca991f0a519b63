"""Where a known value stands on the pages: for records that were typed without pointing at a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from mlcore.compare import same
from mlcore.documents import DocumentText, Evidence
from mlcore.normalize import NumberStyle, comparison_key
from mlcore.readers.amounts import find_amounts
from mlcore.readers.dates import find_dates
from mlcore.readers.layout import Layout, Token, build_layout, evidence_of
from mlcore.readers.row_text import row_text
from mlcore.schema import Value, ValueKind

_LINE_GAP = 2.2
_WORD_SCORE = 78
_TEXT_SCORE = 0.74
_MAX_JOINED = 4


def locate(document: DocumentText, kind: ValueKind, value: Value) -> list[tuple[Evidence, ...]]:
    """Every place of a value, best first; each place is one box for each line it covers. Empty when not found."""
    return [evidence_of(tokens) for tokens in locate_tokens(build_layout(document), kind, value)]


def locate_tokens(layout: Layout, kind: ValueKind, value: Value) -> list[tuple[Token, ...]]:
    """As ``locate``, with the tokens instead of boxes."""
    if value is None or kind is ValueKind.ITEM_TYPE:
        return []
    if kind is ValueKind.DATE:
        rows = [row_text(row) for row in layout.rows]
        spans = find_dates(rows)
        return [layout.rows[s.row][s.first : s.last] for s in spans if any(reading == value for _form, reading in s.readings)]
    if kind in (ValueKind.MONEY, ValueKind.QUANTITY):
        return _amounts(layout, kind, value)
    if kind is ValueKind.TEXT:
        return _text(layout, str(value))
    return list(_exact(layout, kind, value))


def _amounts(layout: Layout, kind: ValueKind, value: Value) -> list[tuple[Token, ...]]:
    rows = [row_text(row) for row in layout.rows]
    places: dict[tuple[int, int, int], tuple[Token, ...]] = {}
    for style in (NumberStyle.POINT, NumberStyle.COMMA):
        for span in find_amounts(rows, style):
            if same(kind, span.value, value):
                places.setdefault((span.row, span.first, span.last), layout.rows[span.row][span.first : span.last])
    return [places[key] for key in sorted(places)]


def _exact(layout: Layout, kind: ValueKind, value: Value) -> Iterator[tuple[Token, ...]]:
    wanted = comparison_key(kind, value)
    for row in layout.rows:
        for first in range(len(row)):
            for last in range(first + 1, min(first + _MAX_JOINED, len(row)) + 1):
                text = " ".join(token.text for token in row[first:last]).strip("#:.,;()[]* ")
                if text and comparison_key(kind, text) == wanted:
                    yield row[first:last]


def _text(layout: Layout, value: str) -> list[tuple[Token, ...]]:
    words = [key for key in (_key(word) for word in value.split()) if key]
    if not words:
        return []
    found = []
    for token in layout.tokens:
        for start in (0, 1):
            if start < len(words) and _alike(_key(token.text), words[start]):
                tokens = _follow(layout, token, words[start:])
                score = _coverage(tokens, words)
                if score >= _TEXT_SCORE:
                    found.append((score, tokens))
                break
    found.sort(key=lambda item: (-item[0], item[1][0].row, item[1][0].x0))
    kept: list[tuple[Token, ...]] = []
    for _score, tokens in found:
        if not any(set(tokens) & set(other) for other in kept):
            kept.append(tokens)
    return kept


def _follow(layout: Layout, start: Token, words: Sequence[str]) -> tuple[Token, ...]:
    """Tokens that spell the words one after the other: on to the right, then at the start of a line below."""
    path = [start]
    x0 = start.x0
    rest = list(words[1:])
    while rest:
        step = _next(layout, path[-1], x0, rest)
        if step is None:
            break
        token, used = step
        path.append(token)
        x0 = min(x0, token.x0)
        rest = rest[used:]
    return tuple(path)


def _next(layout: Layout, last: Token, x0: float, rest: Sequence[str]) -> tuple[Token, int] | None:
    row = layout.rows[last.row]
    right = [token for token in row if token.x0 >= last.x1 - 0.3 and token is not last][:2]
    below = []
    for number in range(last.row + 1, min(last.row + 4, len(layout.rows))):
        line = [token for token in layout.rows[number] if token.page == last.page and -1.5 < token.x0 - x0 < 25]
        if line and line[0].y0 - last.y1 <= _LINE_GAP:
            below.extend(line[:2])
    for skipped in range(min(2, len(rest))):
        for token in (*right, *below):
            if _alike(_key(token.text), rest[skipped]):
                return token, skipped + 1
    return None


def _coverage(tokens: Sequence[Token], words: Sequence[str]) -> float:
    return fuzz.ratio("".join(_key(token.text) for token in tokens), "".join(words)) / 100


def _key(text: str) -> str:
    return comparison_key(ValueKind.TEXT, text)


def _alike(left: str, right: str) -> bool:
    if left == right:
        return True
    return min(len(left), len(right)) >= 3 and fuzz.ratio(left, right) >= _WORD_SCORE
