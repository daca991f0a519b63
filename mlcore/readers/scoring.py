"""Choosing among candidates: a conditional logit over named features, with "not on the document" as one choice.

The weights are fitted by ``benchmarks/fit_header_weights.py`` and stored in ``header_weights.json`` next to
this file: ``{field: {feature: weight}}``. A feature without a weight counts nothing. A program that measures may read with other weights
(``read_with``), such as those of readers that have not seen the vendors it measures on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

from mlcore.errors import EvaluationError

Features = dict[str, float]
ABSENT: Features = {"absent": 1.0}
"""The features of the choice "not on the document"."""


def for_format(features: Sequence[Features], narrow: bool) -> tuple[Features, ...]:
    """Receipts get every feature a second time under ``receipt|``, so that they share weights and correct them."""
    if not narrow:
        return tuple(features)
    return tuple({**one, **{f"receipt|{name}": value for name, value in one.items()}} for one in features)


Weights = Mapping[str, Mapping[str, float]]
_instead: Weights | None = None


def header_weights() -> Weights:
    """The fitted weights of every header field, those of ``read_with`` where it was called."""
    return _shipped() if _instead is None else _instead


def read_with(path: Path | None) -> None:
    """From now on this process reads with the weights of a file; ``None``: with the shipped ones. Raises ``EvaluationError``."""
    global _instead
    _instead = None if path is None else _weights_of(path)


@lru_cache(maxsize=1)
def _shipped() -> Weights:
    loaded: Weights = json.loads(resources.files("mlcore.readers").joinpath("header_weights.json").read_text(encoding="utf-8"))
    return loaded


def _weights_of(path: Path) -> Weights:
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): {str(key): float(weight) for key, weight in of.items()} for name, of in loaded.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"{path} cannot be read as weights of the header readers ({error}); write them with benchmarks.fit_header_weights --out."
        ) from error


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
