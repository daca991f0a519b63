"""Learning how far to believe the model about the candidates of the template reader: a conditional logit for each field.

A ridge pulls the weights towards the readers alone, so that a field of which little is known stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.answers.form import is_labeled
from mlcore.compare import same
from mlcore.documents import GoldExample
from mlcore.inference.reading import WeighedField
from mlcore.rescoring.open_fields import OpenField, OpenFields
from mlcore.rescoring.rescorer import SIGNS, Rescorer, signs_of
from mlcore.schema import spec_for, value_at

Floats = NDArray[np.float64]
Weighed = tuple[OpenFields, Sequence[WeighedField], GoldExample]
"""What there was to choose from, what the model held of it, and what is right."""

LEAST = 10
"""Open fields with a right option, of one name, from which weights are learned at the least."""
RIDGE = 2.0
_TOWARDS = {"log_share": 1.0, "log_probability": 0.0, "chosen": 0.5, "absent": 0.0}
_READERS_ALONE = np.array([_TOWARDS[sign] for sign in SIGNS])
"""In the order of ``SIGNS``. What the template would say has a little more for it than its probability, for the sums have spoken for it."""
_BOUNDS = [(0.0, None) if sign.startswith("log_") else (None, None) for sign in SIGNS]
"""What is likelier to readers or model is never less likely for it."""


def fit_rescorer(samples: Iterable[Weighed]) -> Rescorer:
    """Weights for every field that was open often enough. Deterministic."""
    cases: dict[str, list[tuple[Floats, int]]] = {}
    for opened, weighed, gold in samples:
        for field in opened.fields if weighed else ():
            signs, right = signs_of(field, weighed), _right(field, gold)
            if signs is not None and right is not None:
                cases.setdefault(field.name, []).append((signs, right))
    return Rescorer({name: _fitted(own) for name, own in sorted(cases.items()) if len(own) >= LEAST})


def _right(field: OpenField, gold: GoldExample) -> int | None:
    """The place of the right option; ``None`` where the field is not labeled or none is right."""
    if not is_labeled(field.name, gold.label_fields):
        return None
    kind, value = spec_for(field.name).kind, value_at(gold.record, field.name)
    held = [one.candidate.value if one.candidate is not None else None for one in field.options]
    return next((n for n, one in enumerate(held) if same(kind, one, value)), None)


def _fitted(cases: Sequence[tuple[Floats, int]]) -> tuple[float, ...]:
    from scipy.optimize import minimize

    def loss(weights: Floats) -> tuple[float, Floats]:
        away = weights - _READERS_ALONE
        value, slope = RIDGE * away @ away, 2 * RIDGE * away
        for signs, right in cases:
            odds = signs @ weights
            shares = np.exp(odds - odds.max())
            shares /= shares.sum()
            value -= np.log(max(shares[right], 1e-300))
            slope = slope + shares @ signs - signs[right]
        return float(value), slope

    found: Mapping[str, Any] = minimize(loss, _READERS_ALONE.copy(), jac=True, bounds=_BOUNDS, method="L-BFGS-B")
    return tuple(round(float(one), 6) for one in found["x"])
