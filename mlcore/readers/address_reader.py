"""The sender's address: the lines under the name, up to telephone, tax number or whatever comes next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from mlcore.normalize import comparison_key
from mlcore.readers.blocks import BlockLine, line_of, lines_below
from mlcore.readers.context import Context, Label
from mlcore.readers.label_lines import is_label_line
from mlcore.readers.layout import Token
from mlcore.readers.party_words import CUT_CONTACT, DASHES, POSTCODE, line_kind
from mlcore.readers.scoring import Features
from mlcore.schema import ValueKind

_LOOK = 11
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
"""A time of day: no address has one."""
_OTHER_PARTY = "party.buyer"
_TOP_ROWS = 20
"""The sender's line above the window of an envelope is within this many rows of the top."""
_MAX_START = 6
_MAX_LINES = 7
_UNDER_NAME = 7.0
"""A letterhead in large print stands at most this many em above the address."""


@dataclass(frozen=True, slots=True)
class AddressSpan:
    """Consecutive lines under the name, the rest of a line ``behind_name``, or a ``whole`` address on one line anywhere.

    ``start`` counts the lines that were passed over, ``name_gap`` is in em.
    """

    start: int
    lines: tuple[BlockLine, ...]
    passed: tuple[BlockLine, ...]
    following: BlockLine | None
    tokens: tuple[Token, ...]
    text: str
    name_gap: float = 0.0
    behind_name: bool = False
    whole: bool = False


def find_addresses(context: Context, name_tokens: Sequence[Token]) -> list[AddressSpan]:
    """Every run of lines that begins within six lines under the name, above the heading of another party."""
    layout = context.layout
    last_row = max(token.row for token in name_tokens)
    anchor = [token for token in name_tokens if token.row == last_row]
    cell = next(cell for cell in layout.row_cells[last_row] if anchor[0] in cell.tokens)
    under = lines_below(layout, line_of(layout, cell), _LOOK, first_gap=_UNDER_NAME)
    below = list(takewhile(lambda line: not _heads_another_party(context, line), under))
    spans = []
    for start in range(min(_MAX_START, len(below))):
        for size in range(1, min(_MAX_LINES, len(below) - start) + 1):
            lines = below[start : start + size]
            if _is_nobodys(context, lines[-1]):
                break
            following = below[start + size] if start + size < len(below) else None
            spans.append(_span(context, start, lines, below[:start], following, below[0].tokens[0].y0 - anchor[0].y1))
    return spans


def find_addresses_behind(context: Context, name: str) -> list[AddressSpan]:
    """What follows the name on its own line, where that is an address: the line of the sender above that of the receiver, or a footer."""
    wanted = comparison_key(ValueKind.TEXT, name)
    spans = []
    for cell in context.layout.cells:
        for size in range(1, len(cell.tokens)):
            if comparison_key(ValueKind.TEXT, " ".join(token.text for token in cell.tokens[:size])) != wanted:
                continue
            rest: Sequence[Token] = cell.tokens[size:]
            rest = _up_to_contact(rest[1:] if not any(char.isalnum() for char in rest[0].text) else rest)
            if rest and line_kind(" ".join(token.text for token in rest)) == "address":
                spans.append(replace(_span(context, 0, [BlockLine(cell.row, tuple(rest))], (), None, 0.0), behind_name=True))
                break
    return spans


def find_whole_addresses(context: Context) -> list[AddressSpan]:
    """Lines near the top that hold a whole address with dashes or bars between its parts: what a window envelope shows of the sender."""
    spans = []
    for cell in context.layout.cells:
        if cell.page > 1 or cell.row >= _TOP_ROWS:
            break
        tokens = _up_to_contact(cell.tokens)
        parted = any(token.text in DASHES for token in tokens[1:-1])
        if parted and POSTCODE.search(cell.text) and line_kind(cell.text) == "address":
            spans.append(replace(_span(context, 0, [BlockLine(cell.row, tuple(tokens))], (), None, 0.0), whole=True))
    return spans


def _up_to_contact(tokens: Sequence[Token]) -> Sequence[Token]:
    """What stands before a bar or a dash that a telephone or a web address follows."""
    for i, token in enumerate(tokens):
        if not any(char.isalnum() for char in token.text) and line_kind(" ".join(t.text for t in tokens[i + 1 :])) == "contact":
            return tokens[:i]
    return tokens


def _heads_another_party(context: Context, line: BlockLine) -> bool:
    """Whether a line begins like ``Ship to``."""
    first = _labels_in(context, line)[:1]
    return any(label.kind == _OTHER_PARTY and context.layout.rows[line.row][label.first] is line.tokens[0] for label in first)


def _is_nobodys(context: Context, line: BlockLine) -> bool:
    """Whether a line says nothing but labels and their values, or when it was printed. ``No. 24`` is a house."""
    return line_kind(line.text) != "address" and (bool(_CLOCK.search(line.text)) or is_label_line(context, line.tokens))


def _labels_in(context: Context, line: BlockLine) -> list[Label]:
    """The labels among the words of a line; its row may have others."""
    first = context.layout.rows[line.row].index(line.tokens[0])
    return [label for label in context.labels[line.row] if first <= label.first < first + len(line.tokens)]


def _span(
    context: Context, start: int, lines: Sequence[BlockLine], passed: Sequence[BlockLine], following: BlockLine | None, name_gap: float
) -> AddressSpan:
    tokens = [token for line in lines for token in _without_label(context, line)]
    text = " ".join(token.text for token in tokens)
    text = CUT_CONTACT.sub("", text).strip(" :;-")
    return AddressSpan(start, tuple(lines), tuple(passed), following, tuple(tokens), text, name_gap)


def _without_label(context: Context, line: BlockLine) -> Sequence[Token]:
    first = line.tokens[0]
    if first.folded.rstrip(":") in ("anschrift", "address", "adresse", "addr", "alamat") and len(line.tokens) > 1:
        return line.tokens[1:]
    return line.tokens


def address_features(context: Context, spans: Sequence[AddressSpan]) -> list[Features]:
    """Features of every span, in order."""
    return [_features(context, span) for span in spans]


def _features(context: Context, span: AddressSpan) -> Features:
    kinds = [line_kind(line.text) for line in span.lines]
    features: Features = {f"size={len(kinds)}": 1.0, f"start={span.start}": 1.0, f"first={kinds[0]}": 1.0, f"last={kinds[-1]}": 1.0}
    for kind in kinds[1:-1]:
        features[f"inner={kind}"] = features.get(f"inner={kind}", 0.0) + 1.0
    features["addresses"] = sum(kind == "address" for kind in kinds)
    for line in span.passed:
        name = f"passed={line_kind(line.text)}"
        features[name] = features.get(name, 0.0) + 1.0
    if span.following is None:
        features["next=nothing"] = 1.0
    else:
        features[f"next={line_kind(span.following.text)}"] = 1.0
        first, last = span.lines[-1], span.following
        features["next_gap"] = max(min(last.tokens[0].y0 - first.tokens[0].y1, 3.0), 0.0)
    features["behind_name"] = float(span.behind_name)
    if span.whole:
        features["whole"] = 1.0
        features[f"section={context.section(span.lines[0].row, span.tokens)}"] = 1.0
    features["name_gap"] = max(min(span.name_gap, _UNDER_NAME) - 2.0, 0.0) / 5.0
    features["ends_comma"] = float(span.lines[-1].text.rstrip().endswith(","))
    features["postcode"] = float(bool(POSTCODE.search(span.text)))
    features["postcode_last"] = float(bool(POSTCODE.search(span.lines[-1].text)))
    features["behind_postcode"] = sum(1.0 for line in span.lines[:-1] if POSTCODE.search(line.text))
    features["labels"] = sum(
        1.0
        for line in span.lines
        for label in _labels_in(context, line)
        if label.kind.split(".")[0] in ("date", "amount", "time", "title") or label.kind in ("number.invoice", "number.tax")
    )
    features["inner_gap"] = max(
        [0.0, *(min(b.tokens[0].y0 - a.tokens[0].y1, 3.0) for a, b in zip(span.lines, span.lines[1:], strict=False))]
    )
    return features
