"""The quality of the probabilities of values and documents on documents that nothing was learned from, before and after calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.confidence.decisions import Decision
from mlcore.confidence.labels import UNKNOWN
from mlcore.confidence.proposals import ROW
from mlcore.confidence.quality import quality

Floats = NDArray[np.float64]


def measured(
    labels: Sequence[NDArray[np.int8]], decisions: Sequence[Decision], log_odds: Sequence[Floats], scores: Floats, right: NDArray[np.bool_]
) -> dict[str, Any]:
    """``{"values": {"before", "after"}, "fields": {name: after}, "documents": after}``, each as ``Quality.to_json``.

    Of the chosen value of every labeled field, chosen absence included; lines as such only in ``fields``. ``before`` takes the log-odds
    of the scorer for what they say.
    """
    names, said, odds, hits = [], [], [], []
    for own, decision, weighed in zip(labels, decisions, log_odds, strict=True):
        for choice in decision.choices():
            if own[choice.entry] != UNKNOWN:
                names.append(choice.slot.name)
                said.append(choice.probability)
                odds.append(weighed[choice.entry])
                hits.append(own[choice.entry] == 1)
    fields, after, true = np.array(names, dtype=np.str_), np.array(said, dtype=np.float64), np.array(hits, dtype=np.bool_)
    before = 1 / (1 + np.exp(-np.array(odds, dtype=np.float64)))
    values = fields != ROW
    return {
        "values": {"before": quality(before[values], true[values]).to_json(), "after": quality(after[values], true[values]).to_json()},
        "fields": {str(name): quality(after[fields == name], true[fields == name]).to_json() for name in np.unique(fields)},
        "documents": quality(scores, right).to_json(),
    }
