"""From weighed candidates to predictions: equal readings support each other, and absence is an answer too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mlcore.arithmetic import Reconciled, adjusted_confidence
from mlcore.documents import FieldPrediction
from mlcore.normalize import comparison_key
from mlcore.readers.candidates import Candidate
from mlcore.schema import HEADER_FIELDS, spec_for

MOST_SURE = 0.995
"""No reading is surer than this: the text itself may be wrong."""

_LEAST = 0.02
"""Candidates below this are not worth weighing against the sums."""


def merge_equal(candidates: Mapping[str, Sequence[Candidate]]) -> dict[str, tuple[Candidate, ...]]:
    """One candidate for each distinct value, with the summed score and the best place; best first."""
    merged = {}
    for name, found in candidates.items():
        best: dict[str, Candidate] = {}
        for candidate in sorted(found, key=lambda one: -one.score):
            key = comparison_key(spec_for(name).kind, candidate.value)
            if key in best:
                best[key] = replace(best[key], score=best[key].score + candidate.score)
            else:
                best[key] = candidate
        kept = [candidate for candidate in best.values() if candidate.score >= _LEAST]
        merged[name] = tuple(sorted(kept, key=lambda one: -one.score))
    return merged


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
