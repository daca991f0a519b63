"""The lines of a document that may name its sender, weighted by where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlcore.documents import Evidence
from mlcore.normalize import comparison_key
from mlcore.readers.context import Context
from mlcore.readers.layout import evidence_of
from mlcore.readers.scoring import for_format, header_weights, probabilities
from mlcore.readers.vendor_reader import NameSpan, find_names, name_features
from mlcore.schema import ValueKind

_FORMS = re.compile(
    r"\b(?:sdn|bhd|s/b|inc|incorporated|llc|llp|ltd|limited|pte|plc|corp|corporation|company|co|gmbh|ag|kg|sarl|sas|sa|bv|nv|srl|spa|pllc|pc)\b\.?",
    re.IGNORECASE,
)
_BUYER_WEIGHT = 0.5
_PLAIN_WEIGHT = 0.86
_MAX_LINES = 48


@dataclass(frozen=True, slots=True)
class NameLine:
    """A line as printed, as comparison key and without its company form. ``weight`` 0..1: how likely it names the sender."""

    text: str
    key: str
    core: str
    weight: float
    evidence: tuple[Evidence, ...]


def core_of(name: str) -> str:
    """Comparison key of a name without its company form: ``Acme Sdn. Bhd.`` is ``acme``."""
    return comparison_key(ValueKind.TEXT, _FORMS.sub(" ", name))


def name_lines(context: Context) -> list[NameLine]:
    """Distinct lines, the likeliest senders first, at most 48."""
    spans = find_names(context)
    scores = probabilities(for_format(name_features(context, spans), context.layout.narrow), header_weights().get("vendor.name", {}))
    best: dict[str, NameLine] = {}
    for span, score in zip(spans, scores, strict=True):
        key = comparison_key(ValueKind.TEXT, span.text)
        weight = _weight(context, span, score)
        if len(key) >= 3 and (key not in best or weight > best[key].weight):
            best[key] = NameLine(span.text, key, core_of(span.text), weight, evidence_of(span.tokens))
    return sorted(best.values(), key=lambda line: (-line.weight, line.key))[:_MAX_LINES]


def _weight(context: Context, span: NameSpan, score: float) -> float:
    line = span.lines[0]
    first = context.layout.rows[line.row].index(line.tokens[0])
    around = context.around(line.row, first, first + len(line.tokens))
    if "party.buyer" in (around.left, around.above, around.previous_row) and score < 0.5:
        return _BUYER_WEIGHT
    return _PLAIN_WEIGHT + (1 - _PLAIN_WEIGHT) * min(score * 2, 1.0)
