"""Log-linear rescoring: the readers' probability of an option and the model's, weighed by what was learned for the field. Pure.

As n-best lists are rescored in speech recognition. The weights are fitted by ``fit`` and part of a confidence.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.documents import Extraction
from mlcore.inference.reading import WeighedField
from mlcore.rescoring.open_fields import OpenField, OpenFields
from mlcore.templates.reading import Candidates, TemplateReading

Floats = NDArray[np.float64]

SIGNS = ("log_share", "log_probability", "chosen", "absent")
"""What is weighed of an option."""
_LEAST_SHARE = 1e-5


def signs_of(field: OpenField, weighed: Sequence[WeighedField]) -> Floats | None:
    """One row of ``SIGNS`` for every option; ``None`` where the model has not weighed all of them, or not told a number."""
    told = next((dict(one.options) for one in weighed if one.name == field.name), {})
    if not all(math.isfinite(told.get(option.text, math.nan)) for option in field.options):
        return None
    return np.array(
        [[math.log(max(one.share, _LEAST_SHARE)), told[one.text], float(one.chosen), float(one.candidate is None)] for one in field.options]
    )


def covers(weighed: Sequence[WeighedField], opened: OpenFields) -> bool:
    """Whether every option of every open field has been weighed."""
    told = {one.name: {text for text, _ in one.options} for one in weighed}
    return all(option.text in told.get(field.name, ()) for field in opened.fields for option in field.options)


@dataclass(frozen=True, slots=True)
class Rescorer:
    """``weights``: field -> one weight for each of ``SIGNS``. Fields without weights stay as the readers have them."""

    weights: Mapping[str, tuple[float, ...]]

    def only(self, names: Collection[str]) -> Rescorer:
        """The same for some fields alone."""
        return Rescorer({name: own for name, own in self.weights.items() if name in names})

    def asks(self, opened: OpenFields) -> OpenFields:
        """The open fields about which the model is to be asked: those that it has weights for."""
        return replace(opened, fields=tuple(field for field in opened.fields if field.name in self.weights))

    def extraction(self, reading: TemplateReading, opened: OpenFields, weighed: Sequence[WeighedField]) -> Extraction:
        """What the template reader says once the model has weighed its open fields; the arithmetic has the last word. Deterministic."""
        return reading.extraction(self.candidates(reading, opened, weighed) if weighed else None)

    def candidates(self, reading: TemplateReading, opened: OpenFields, weighed: Sequence[WeighedField]) -> Candidates:
        """The candidates with scores that go by both; only the options of a rescored field are left of it."""
        found = dict(reading.candidates)
        for field in opened.fields:
            signs = signs_of(field, weighed)
            if signs is None or field.name not in self.weights:
                continue
            odds = signs @ np.array(self.weights[field.name])
            shares = np.exp(odds - odds.max())
            pairs = zip(field.options, (shares / shares.sum()).tolist(), strict=True)
            found[field.name] = tuple(replace(one.candidate, score=share) for one, share in pairs if one.candidate is not None)
        return found

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, with the names of the signs that are weighed."""
        return {"signs": list(SIGNS), "weights": {name: list(own) for name, own in self.weights.items()}}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Rescorer:
        """Inverse of ``to_json``. Raises ``KeyError``, ``TypeError`` or ``ValueError``, for other signs than today's too."""
        if tuple(data["signs"]) != SIGNS:
            raise ValueError("it was fitted to weigh other signs than this version has")
        weights = {str(name): tuple(float(weight) for weight in own) for name, own in data["weights"].items()}
        if any(len(own) != len(SIGNS) or not all(map(math.isfinite, own)) for own in weights.values()):
            raise ValueError("a weight is missing or is no number")
        return cls(weights)
