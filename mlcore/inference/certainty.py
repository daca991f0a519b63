"""Which tokens of an answer spell which value, and how sure the model was of each. Pure but for the tokenizer given."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mlcore.answers.form import Spelled

_BROKEN = "\ufffd"
_MOST_BYTES = 8
"""Tokens that together may hold one character at the most."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """Log-probabilities and margins of the tokens that were the model's choice."""

    log_probabilities: tuple[float, ...] = ()
    margins: tuple[float, ...] = ()


def characters_of(tokens: Sequence[int], decode: Callable[[list[int]], str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of an answer and the characters ``(start, end)`` that each token has a part in.

    Tokens that only together are a character (bytes of one sign) share its span.
    """
    text: list[str] = []
    spans: list[tuple[int, int]] = []
    length = 0
    pending: list[int] = []
    for place, token in enumerate(tokens):
        pending.append(token)
        piece = decode(pending)
        if piece.endswith(_BROKEN) and len(pending) < _MOST_BYTES and place < len(tokens) - 1:
            continue
        spans.extend([(length, length + len(piece))] * len(pending))
        text.append(piece)
        length += len(piece)
        pending = []
    return "".join(text), tuple(spans)


def certainties(
    spelled: Sequence[Spelled],
    spans: Sequence[tuple[int, int]],
    log_probabilities: Sequence[float],
    margins: Sequence[float],
) -> list[Certainty]:
    """For each value what is known of its own tokens, forced ones (infinite margin) left out.

    An absent value has no tokens; the sign that stands in its place says that it is absent, and counts for it.
    """
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    found = []
    for one in spelled:
        first, last = bisect_right(ends, one.start), bisect_left(starts, max(one.end, one.start + 1))
        own = [place for place in range(first, last) if math.isfinite(margins[place])]
        found.append(Certainty(tuple(log_probabilities[place] for place in own), tuple(margins[place] for place in own)))
    return found
