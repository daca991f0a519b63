"""Choosing among candidates: a conditional logit over named features, with "not on the document" as one choice.

The weights are fitted by ``benchmarks/fit_header_weights.py`` and stored in ``header_weights.json`` next to
this file: ``{field: {feature: weight}}``. A feature without a weight counts nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

Features = dict[str, float]
ABSENT: Features = {"absent": 1.0}
"""The features of the choice "not on the document"."""


def for_format(features: Sequence[Features], narrow: bool) -> tuple[Features, ...]:
    """Receipts get every feature a second time under ``receipt|``, so that they share weights and correct them."""
    if not narrow:
        return tuple(features)
    return tuple({**one, **{f"receipt|{name}": value for name, value in one.items()}} for one in features)


@lru_cache(maxsize=1)
def header_weights() -> dict[str, dict[str, float]]:
    """The fitted weights of every header field."""
    text = resources.files("mlcore.readers").joinpath("header_weights.json").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, float]] = json.loads(text)
    return loaded


def linear(features: Features, weights: Mapping[str, float]) -> float:
    """The log-odds that the features give."""
    return sum(weights.get(name, 0.0) * value for name, value in features.items())


def probabilities(choices: Sequence[Features], weights: Mapping[str, float]) -> list[float]:
    """Softmax over the choices and the choice "absent", which is left out of the answer."""
    scores = [linear(choice, weights) for choice in choices]
    absent = linear(ABSENT, weights)
    top = max([absent, *scores])
    exps = [math.exp(score - top) for score in scores]
    total = sum(exps) + math.exp(absent - top)
    return [value / total for value in exps]
