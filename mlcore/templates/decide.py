"""From weighed candidates to predictions: equal readings support each other, and absence is an answer too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mlcore.arithmetic import Reconciled, adjusted_confidence
from mlcore.documents import FieldPrediction
from mlcore.normalize import comparison_key
from mlcore.readers.candidates import Candidate
from mlcore.schema import HEADER_FIELDS, ValueKind, spec_for

MOST_SURE = 0.995
"""No reading is surer than this: the text itself may be wrong."""

_LEAST = 0.02
_RIVAL = 0.35
"""The sums decide between readings that come this near to the best one; they do not overrule a clear reading,
because receipts round and invoices carry payments that no sum shows. Of 0 to 1 it gave the most right totals."""


def merge_equal(candidates: Mapping[str, Sequence[Candidate]]) -> dict[str, tuple[Candidate, ...]]:
    """The distinct values of each field, without those that have no chance; best first."""
    merged = {}
    for name, found in candidates.items():
        ranked = distinct(spec_for(name).kind, found)
        merged[name] = tuple(one for one in ranked if one.score >= max(_LEAST, _RIVAL * ranked[0].score))
    return merged


def distinct(kind: ValueKind, candidates: Sequence[Candidate]) -> list[Candidate]:
    """One candidate for each distinct value: the best of its places, with the summed score; best first."""
    best: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda one: -one.score):
        key = comparison_key(kind, candidate.value)
        best[key] = replace(best[key], score=best[key].score + candidate.score) if key in best else candidate
    return sorted(best.values(), key=lambda one: -one.score)


def header_predictions(candidates: Mapping[str, Sequence[Candidate]], decided: Reconciled) -> Iterator[FieldPrediction]:
    """The decided value of each field, unless "not on the document" is likelier and no sum speaks for it."""
    for spec in HEADER_FIELDS:
        chosen = decided.header.get(spec.name)
        if chosen is None:
            continue
        absent = 1 - sum(candidate.score for candidate in candidates.get(spec.name, ()))
        support = decided.support.get(spec.name, 0.0)
        if chosen.score < absent and support <= 0:
            continue
        confidence = adjusted_confidence(min(chosen.score, MOST_SURE), support)
        note = decided.notes.get(spec.name, "")
        yield FieldPrediction(spec.name, chosen.value, min(confidence, MOST_SURE), chosen.evidence, chosen.raw, note)
