"""The sender's address: the lines under the name, up to telephone, tax number or whatever comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.readers.blocks import BlockLine, line_of, lines_below
from mlcore.readers.context import Context
from mlcore.readers.layout import Token
from mlcore.readers.party_words import CUT_CONTACT, POSTCODE, line_kind
from mlcore.readers.scoring import Features

_LOOK = 11
_MAX_START = 6
_MAX_LINES = 7
_UNDER_NAME = 7.0
"""A letterhead in large print stands at most this many em above the address."""


@dataclass(frozen=True, slots=True)
class AddressSpan:
    """Consecutive lines under the name; ``start`` counts the lines that were passed over, ``name_gap`` is in em."""

    start: int
    lines: tuple[BlockLine, ...]
    passed: tuple[BlockLine, ...]
    following: BlockLine | None
    tokens: tuple[Token, ...]
    text: str
    name_gap: float = 0.0


def find_addresses(context: Context, name_tokens: Sequence[Token]) -> list[AddressSpan]:
    """Every run of lines that begins within six lines under the name."""
    layout = context.layout
    last_row = max(token.row for token in name_tokens)
    anchor = [token for token in name_tokens if token.row == last_row]
    cell = next(cell for cell in layout.row_cells[last_row] if anchor[0] in cell.tokens)
    below = lines_below(layout, line_of(layout, cell), _LOOK, first_gap=_UNDER_NAME)
    spans = []
    for start in range(min(_MAX_START, len(below))):
        for size in range(1, min(_MAX_LINES, len(below) - start) + 1):
            lines = below[start : start + size]
            following = below[start + size] if start + size < len(below) else None
            spans.append(_span(context, start, lines, below[:start], following, below[0].tokens[0].y0 - anchor[0].y1))
    return spans


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
    features["name_gap"] = max(min(span.name_gap, _UNDER_NAME) - 2.0, 0.0) / 5.0
    features["ends_comma"] = float(span.lines[-1].text.rstrip().endswith(","))
    features["postcode"] = float(bool(POSTCODE.search(span.text)))
    features["postcode_last"] = float(bool(POSTCODE.search(span.lines[-1].text)))
    features["behind_postcode"] = sum(1.0 for line in span.lines[:-1] if POSTCODE.search(line.text))
    features["labels"] = sum(
        1.0
        for line in span.lines
        for label in context.labels[line.row]
        if label.kind.split(".")[0] in ("date", "amount", "time", "title") or label.kind in ("number.invoice", "number.tax")
    )
    features["inner_gap"] = max(
        [0.0, *(min(b.tokens[0].y0 - a.tokens[0].y1, 3.0) for a, b in zip(span.lines, span.lines[1:], strict=False))]
    )
    return features
