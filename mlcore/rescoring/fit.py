"""Learning how far to believe the model about the candidates of the template reader: a conditional logit for each field.

A ridge pulls the weights towards the readers alone, so that a field of which little is known stays as it is. Documents of one vendor are
alike, so many of them count for less than as many of different vendors.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class WeighedDocument:
    """What there was to choose from, what the model held of it, and what is right. ``vendor`` groups documents that are alike."""

    vendor: str
    opened: OpenFields
    weighed: Sequence[WeighedField]
    gold: GoldExample


@dataclass(frozen=True, slots=True)
class Case:
    """One open field of one document: a row of ``SIGNS`` for every option, and the place of the right one."""

    vendor: str
    signs: Floats
    right: int


LEAST = 10
"""Open fields with a right option, of one name, from which weights are learned at the least."""
RIDGE = 2.0
_TOWARDS = {"log_share": 1.0, "log_probability": 0.0, "chosen": 0.5, "absent": 0.0}
_READERS_ALONE = tuple(_TOWARDS[sign] for sign in SIGNS)
"""In the order of ``SIGNS``. What the template would say has a little more for it than its probability, for the sums have spoken for it."""
_BOUNDS = [(0.0, None) if sign.startswith("log_") else (None, None) for sign in SIGNS]
"""What is likelier to readers or model is never less likely for it."""


def fit_rescorer(documents: Iterable[WeighedDocument]) -> Rescorer:
    """Weights for every field that was open often enough. Deterministic."""
    cases: dict[str, list[Case]] = {}
    for document in documents:
        for name, case in cases_of(document).items():
            cases.setdefault(name, []).append(case)
    return Rescorer({name: _fitted(own) for name, own in sorted(cases.items()) if len(own) >= LEAST})


def cases_of(document: WeighedDocument) -> dict[str, Case]:
    """By field: of those that are labeled, were weighed and have a right option."""
    found = {}
    for field in document.opened.fields if document.weighed else ():
        signs, right = signs_of(field, document.weighed), _right(field, document.gold)
        if signs is not None and right is not None:
            found[field.name] = Case(document.vendor, signs, right)
    return found


def counting(vendors: Sequence[str]) -> list[float]:
    """What each document counts: those of a vendor with n of them together as many as the root of n."""
    numbers = Counter(vendors)
    return [1 / math.sqrt(numbers[vendor]) for vendor in vendors]


def _right(field: OpenField, gold: GoldExample) -> int | None:
    """The place of the right option; ``None`` where the field is not labeled or none is right."""
    if not is_labeled(field.name, gold.label_fields):
        return None
    kind, value = spec_for(field.name).kind, value_at(gold.record, field.name)
    held = [one.candidate.value if one.candidate is not None else None for one in field.options]
    return next((n for n, one in enumerate(held) if same(kind, one, value)), None)


def _fitted(cases: Sequence[Case]) -> tuple[float, ...]:
    from scipy.optimize import minimize

    start, counts = np.array(_READERS_ALONE), counting([case.vendor for case in cases])

    def loss(weights: Floats) -> tuple[float, Floats]:
        away = weights - start
        value, slope = RIDGE * away @ away, 2 * RIDGE * away
        for case, count in zip(cases, counts, strict=True):
            odds = case.signs @ weights
            shares = np.exp(odds - odds.max())
            shares /= shares.sum()
            value -= count * np.log(max(shares[case.right], 1e-300))
            slope = slope + count * (shares @ case.signs - case.signs[case.right])
        return float(value), slope

    found: Mapping[str, Any] = minimize(loss, start, jac=True, bounds=_BOUNDS, method="L-BFGS-B")
    return tuple(round(float(one), 6) for one in found["x"])
