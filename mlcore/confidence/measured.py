"""The quality of the probabilities of values and documents on documents that nothing was learned from, before and after calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.confidence.decisions import Decision
from mlcore.confidence.labels import UNKNOWN
from mlcore.confidence.proposals import ROW
from mlcore.confidence.quality import quality

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """Things that were scored and are known to be right or wrong, each of a document; all of one length.

    ``names`` are fields without an index (``ROW`` is a line as such), empty for whole documents.
    """

    names: NDArray[np.str_]
    scores: Floats
    right: Flags
    documents: NDArray[np.str_]

    def of(self, name: str) -> Judged:
        """Those of one field."""
        own = self.names == name
        return Judged(self.names[own], self.scores[own], self.right[own], self.documents[own])


def judged_values(labels: Sequence[NDArray[np.int8]], decisions: Sequence[Decision], documents: Sequence[str]) -> Judged:
    """The chosen value of every labeled field with its probability, chosen absence included."""
    found = [
        (choice.slot.name, choice.probability, own[choice.entry] == 1, document)
        for own, decision, document in zip(labels, decisions, documents, strict=True)
        for choice in decision.choices()
        if own[choice.entry] != UNKNOWN
    ]
    return Judged(
        np.array([name for name, *_ in found], np.str_),
        np.array([score for _, score, *_ in found], np.float64),
        np.array([right for *_, right, _ in found], np.bool_),
        np.array([document for *_, document in found], np.str_),
    )


def judged_documents(scores: Floats, right: Flags, whole: Flags, documents: Sequence[str]) -> Judged:
    """The documents that are known to be right or wrong as a whole (``labels.judges_whole``)."""
    return Judged(np.array([""] * int(whole.sum()), np.str_), scores[whole], right[whole], np.array(documents, np.str_)[whole])


def measured(
    labels: Sequence[NDArray[np.int8]], decisions: Sequence[Decision], log_odds: Sequence[Floats], values: Judged, documents: Judged
) -> dict[str, Any]:
    """``{"values": {"before", "after"}, "fields": {name: after}, "documents": after}``, each as ``Quality.to_json``.

    Of ``values``; lines as such only in ``fields``. ``before`` takes the log-odds of the scorer for what they say.
    """
    odds = [
        weighed[choice.entry]
        for own, decision, weighed in zip(labels, decisions, log_odds, strict=True)
        for choice in decision.choices()
        if own[choice.entry] != UNKNOWN
    ]
    before = 1 / (1 + np.exp(-np.array(odds, dtype=np.float64)))
    fields, after, true = values.names, values.scores, values.right
    cells = fields != ROW
    return {
        "values": {"before": quality(before[cells], true[cells]).to_json(), "after": quality(after[cells], true[cells]).to_json()},
        "fields": {str(name): quality(after[fields == name], true[fields == name]).to_json() for name in np.unique(fields)},
        "documents": quality(documents.scores, documents.right).to_json(),
    }
