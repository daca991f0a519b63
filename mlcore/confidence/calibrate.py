"""From a score to a probability: isotonic regression where there is enough, Platt's sigmoid below.

Scores are log-odds. Fit on scores that were not fitted on the same documents. Sources: Zadrozny and Elkan (2002) for the isotonic
regression, Platt (1999) for the sigmoid with smoothed targets. Fitting needs SciPy, serving NumPy alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ENOUGH_FOR_STEPS = 1_000
"""From this many values on the calibration may take any rising shape."""

ENOUGH_FOR_SIGMOID = 50
_EACH = 5
"""So many right and so many wrong values, at least, for a calibration of one field's own."""
_FLATTEST, _STEEPEST = 1e-3, 20.0


@dataclass(frozen=True)
class Steps:
    """Isotonic: probabilities at knots, straight lines between them, level outside."""

    scores: Floats
    probabilities: Floats

    def __call__(self, scores: Floats) -> Floats:
        """One probability for each score."""
        answer: Floats = np.interp(scores, self.scores, self.probabilities)
        return answer

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": "isotonic", "scores": self.scores.tolist(), "probabilities": self.probabilities.tolist()}


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """Platt: ``1 / (1 + exp(-(slope x score + shift)))``, ``slope > 0``, no nearer to 0 and 1 than ``margin``."""

    slope: float
    shift: float
    margin: float

    def __call__(self, scores: Floats) -> Floats:
        """One probability for each score."""
        answer: Floats = np.clip(1 / (1 + np.exp(-np.clip(self.slope * scores + self.shift, -500, 500))), self.margin, 1 - self.margin)
        return answer

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"kind": "sigmoid", "slope": self.slope, "shift": self.shift, "margin": self.margin}


Calibrator = Steps | Sigmoid


def calibrator_from_json(data: Mapping[str, Any]) -> Calibrator:
    """Inverse of ``to_json``. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else, falling probabilities included."""
    if data["kind"] == "sigmoid":
        return Sigmoid(float(data["slope"]), float(data["shift"]), float(data["margin"]))
    if data["kind"] != "isotonic":
        raise ValueError(f"no calibration is called {data['kind']!r}")
    scores, probabilities = (np.array(data[name], dtype=np.float64) for name in ("scores", "probabilities"))
    rising = len(scores) > 0 and (np.diff(scores) > 0).all() and (np.diff(probabilities) >= 0).all()
    if scores.shape != probabilities.shape or not rising or probabilities[0] < 0 or probabilities[-1] > 1:
        raise ValueError("an isotonic calibration whose knots do not rise from 0 to 1")
    return Steps(scores, probabilities)


def calibrate(scores: Floats, right: NDArray[np.bool_]) -> Calibrator:
    """The calibration that so many values allow. Needs at least one value."""
    return _isotonic(scores, right) if len(scores) >= ENOUGH_FOR_STEPS and _both(right, _EACH) else _sigmoid(scores, right)


def calibrate_each(scores: Floats, right: NDArray[np.bool_], names: NDArray[np.str_]) -> dict[str, Calibrator]:
    """A calibration for every field that has values enough for its own, and ``""`` of all values together for the others."""
    found: dict[str, Calibrator] = {"": calibrate(scores, right)}
    for name in np.unique(names):
        own = names == name
        if own.sum() >= ENOUGH_FOR_SIGMOID and _both(right[own], _EACH):
            found[str(name)] = calibrate(scores[own], right[own])
    return found


def _both(right: NDArray[np.bool_], least: int) -> bool:
    return bool(right.sum() >= least and (~right).sum() >= least)


def _isotonic(scores: Floats, right: NDArray[np.bool_]) -> Steps:
    """Steps of the isotonic regression at the mean score of each, each share taken as (right + 1/2) / (all + 1): never quite 0 or 1."""
    from scipy.optimize import isotonic_regression  # 35 MB: only a process that fits pays for it

    values, which = np.unique(scores, return_inverse=True)
    counts = np.bincount(which).astype(np.float64)
    shares = np.bincount(which, right) / counts
    blocks = isotonic_regression(shares, weights=counts).blocks[:-1]
    weight = np.add.reduceat(counts, blocks)
    center = np.add.reduceat(values * counts, blocks) / weight
    share = (np.add.reduceat(shares * counts, blocks) + 0.5) / (weight + 1)
    return Steps(center, isotonic_regression(share, weights=weight).x)


def _sigmoid(scores: Floats, right: NDArray[np.bool_]) -> Sigmoid:
    """The likeliest sigmoid; its margin is Laplace's rule of succession, since ``n`` values cannot make surer."""
    from scipy.optimize import minimize
    from scipy.special import expit

    good, bad = int(right.sum()), int((~right).sum())
    target = np.where(right, (good + 1) / (good + 2), 1 / (bad + 2))

    def loss(parts: Floats) -> tuple[float, Floats]:
        slope = np.exp(parts[0])
        odds = slope * scores + parts[1]
        miss = expit(odds) - target
        value = float(np.mean(np.logaddexp(0, odds) - target * odds))
        return value, np.array([np.mean(miss * scores) * slope, np.mean(miss)])

    bounds = [(np.log(_FLATTEST), np.log(_STEEPEST)), (-50.0, 50.0)]
    found = minimize(loss, np.array([0.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds)
    return Sigmoid(float(np.exp(found.x[0])), float(found.x[1]), 1 / (len(scores) + 2))
