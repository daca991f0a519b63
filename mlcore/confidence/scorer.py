"""From the features of proposals to probabilities: a fitted scorer, and a rule that stands in until one is fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mlcore.confidence.boosting import BoostedTrees
from mlcore.confidence.calibrate import Calibrator, calibrator_from_json
from mlcore.confidence.document_signs import DOCUMENT_FEATURES, DocumentSigns
from mlcore.confidence.features import FEATURES

Floats = NDArray[np.float64]


class Scorer(Protocol):
    """Probabilities of values and of documents. Pure; NumPy alone."""

    def weigh(self, rows: Floats) -> Floats:
        """What speaks for each proposal, as log-odds; the proposals of a slot are chosen between by it. ``rows`` as ``describe`` gives."""
        ...

    def probabilities(self, log_odds: Floats, names: Sequence[str]) -> Floats:
        """The probability that each proposal is right, were it chosen; ``names`` are those of the slots. Rises with the log-odds."""
        ...

    def document(self, signs: DocumentSigns) -> float:
        """The probability that every value of the record is right."""
        ...


@dataclass(frozen=True)
class LearnedScorer:
    """Fitted trees with a calibration for each field (``""`` for fields without one of their own), and the same for documents."""

    values: BoostedTrees
    calibrations: Mapping[str, Calibrator]
    weights: tuple[float, ...]
    calibration: Calibrator

    def weigh(self, rows: Floats) -> Floats:
        """See ``Scorer``."""
        return self.values.log_odds(rows)

    def probabilities(self, log_odds: Floats, names: Sequence[str]) -> Floats:
        """See ``Scorer``."""
        answer, fields = np.zeros(len(log_odds)), np.array(names, dtype=np.str_)
        for name in np.unique(fields):
            own = fields == name
            answer[own] = self.calibrations.get(str(name), self.calibrations[""])(log_odds[own])
        return answer

    def document(self, signs: DocumentSigns) -> float:
        """See ``Scorer``."""
        return float(self.calibration(np.array([signs.weighed(self.weights)]))[0])

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, with the names of the features that it was fitted with."""
        return {
            "features": list(FEATURES),
            "values": self.values.to_json(),
            "calibrations": {name: one.to_json() for name, one in self.calibrations.items()},
            "document_features": list(DOCUMENT_FEATURES),
            "weights": list(self.weights),
            "calibration": self.calibration.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> LearnedScorer:
        """Inverse of ``to_json``. Raises ``KeyError``, ``TypeError`` or ``ValueError``, for other features than today's too."""
        if tuple(data["features"]) != FEATURES or tuple(data["document_features"]) != DOCUMENT_FEATURES:
            raise ValueError("it was fitted with other features than this version has")
        trees = BoostedTrees.from_json(data["values"])
        if trees.features.max(initial=0) >= len(FEATURES):
            raise ValueError("a tree asks for a feature that does not exist")
        calibrations = {str(name): calibrator_from_json(one) for name, one in data["calibrations"].items()}
        weights = tuple(float(weight) for weight in data["weights"])
        if "" not in calibrations or len(weights) != len(DOCUMENT_FEATURES) + 1:
            raise ValueError("the calibration of the other fields or a weight is missing")
        return cls(trees, calibrations, weights, calibrator_from_json(data["calibration"]))


class RuleScorer:
    """Without any calibration: the two readers as independent witnesses, in log-odds.

    A reader's own certainty speaks for its value and against every other; a value that should be printed and stands nowhere loses,
    an equation that holds helps, one that does not hurts. The model counts as sure as its values' least sure token; what is
    absent, as sure as ``_ABSENT``. A document is as sure as all its values together. Nothing certifies these numbers.
    """

    _ABSENT = 0.8
    _NOWHERE = 2.5
    _ARITHMETIC = 0.8
    _UNSUPPORTED = -3.0
    """A value that no reader holds, such as absence where both read something."""

    def weigh(self, rows: Floats) -> Floats:
        """See ``Scorer``."""
        column = dict(zip(FEATURES, rows.T, strict=True))
        odds = np.zeros(len(rows))
        absent = np.log(self._ABSENT / (1 - self._ABSENT))
        template = np.where(column["absence"] > 0, absent, column["template_odds"])
        model = np.where(column["absence"] > 0, absent, _sure_of(column["lp_min"]) - self._NOWHERE * column["nowhere"])
        rival = _sure_of(column["rival_lp_min"]) - self._NOWHERE * column["rival_nowhere"]
        odds += column["template"] * template + column["model"] * model
        odds -= column["template_other"] * np.maximum(0, column["rival_template_odds"]) + column["model_other"] * np.maximum(0, rival)
        odds -= absent * (column["template_absent"] + column["model_absent"])
        odds += self._ARITHMETIC * (column["product"] + column["lines_sum"] + column["total_sum"]) * (column["absence"] == 0)
        odds += self._UNSUPPORTED * ((column["template"] == 0) & (column["model"] == 0))
        return odds

    def probabilities(self, log_odds: Floats, names: Sequence[str]) -> Floats:
        """See ``Scorer``."""
        answer: Floats = 1 / (1 + np.exp(-np.clip(log_odds, -8, 8)))
        return answer

    def document(self, signs: DocumentSigns) -> float:
        """See ``Scorer``."""
        return float(np.exp(-signs.doubt))


def _sure_of(least: Floats) -> Floats:
    """Log-odds of the probability of the least sure token, bounded at 4: a model is seldom as sure of the field as of its letters."""
    probability = np.clip(np.exp(np.minimum(least, 0)), 1e-3, 0.982)
    answer: Floats = np.log(probability / (1 - probability))
    return answer
