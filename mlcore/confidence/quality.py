"""How true probabilities are, and how well they sort: what calibration is judged by.

All functions take ``scores`` in 0..1 and ``right`` of the same length; with no values every measure is ``nan``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOST_BINS = 15
_LEAST_IN_BIN = 10
_POINTS = 20


@dataclass(frozen=True, slots=True)
class Bin:
    """Values of like scores: how many, what was said on average, how many were right."""

    count: int
    said: float
    right: float


@dataclass(frozen=True)
class Curve:
    """Risk against coverage: ``risk[i]`` is the share of wrong values among the ``coverage[i]`` surest."""

    coverage: Floats
    risk: Floats

    @property
    def area(self) -> float:
        """Mean risk over all coverages: 0 when nothing is wrong; lower is better."""
        return float(np.mean(self.risk)) if len(self.risk) else float("nan")

    def points(self, most: int) -> tuple[tuple[float, float], ...]:
        """``(coverage, risk)`` at no more than so many even steps, the last at full coverage."""
        count = len(self.risk)
        steps = np.unique(np.arange(1, most + 1) * count // most)
        return tuple((float(self.coverage[step]), float(self.risk[step])) for step in steps[steps > 0] - 1)


@dataclass(frozen=True, slots=True)
class Quality:
    """The measures of one set of scores. ``coverage_99`` is the largest share that can be accepted with 99 % of it right, ``risk`` the
    curve of risk against coverage at a few of its points."""

    count: int
    accuracy: float
    said: float
    ece: float
    brier: float
    risk_area: float
    coverage_99: float
    bins: tuple[Bin, ...]
    risk: tuple[tuple[float, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, numbers to six decimals; ``null`` for what has no value."""
        names = ("accuracy", "said", "ece", "brier", "risk_area", "coverage_99")
        bins = [[one.count, round(one.said, 6), round(one.right, 6)] for one in self.bins]
        risk = [[round(part, 6) for part in point] for point in self.risk]
        return {"count": self.count, **{name: _plain(getattr(self, name)) for name in names}, "bins": bins, "risk": risk}


def quality(scores: Floats, right: Flags) -> Quality:
    """Everything at once."""
    bins, curve = reliability_bins(scores, right), risk_coverage(scores, right)
    accuracy, said = (float(np.mean(part)) if len(scores) else float("nan") for part in (right, scores))
    shape = curve.area, coverage_at(curve, 0.99), bins, curve.points(_POINTS)
    return Quality(len(scores), accuracy, said, _gap(bins), brier(scores, right), *shape)


def reliability_bins(scores: Floats, right: Flags, most: int = MOST_BINS) -> tuple[Bin, ...]:
    """Adaptive bins of (nearly) equal counts in the order of the scores; equal scores are never parted."""
    order = np.argsort(scores, kind="stable")
    ordered, hits = scores[order], right[order]
    wanted = max(1, min(most, len(scores) // _LEAST_IN_BIN))
    starts = np.linspace(0, len(scores), wanted, endpoint=False).astype(int)
    first_of_ties = np.searchsorted(ordered, ordered[starts]) if len(scores) else starts[:0]
    edges = [*np.unique(first_of_ties).tolist(), len(scores)]
    return tuple(Bin(end - start, float(ordered[start:end].mean()), float(hits[start:end].mean())) for start, end in pairwise(edges))


def ece(scores: Floats, right: Flags, most: int = MOST_BINS) -> float:
    """Adaptive expected calibration error: the mean gap between said and right over the bins, weighted by their counts."""
    return _gap(reliability_bins(scores, right, most))


def brier(scores: Floats, right: Flags) -> float:
    """Mean squared distance between the probability and what was."""
    return float(np.mean((scores - right) ** 2)) if len(scores) else float("nan")


def risk_coverage(scores: Floats, right: Flags) -> Curve:
    """The curve at every number of accepted values; equal scores are accepted together and share their risk."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    taken = np.searchsorted(-ordered, -ordered, side="right")
    wrong = np.concatenate([[0], np.cumsum(~right[order])])
    return Curve(np.arange(1, len(scores) + 1) / max(1, len(scores)), wrong[taken] / np.maximum(taken, 1))


def coverage_at(curve: Curve, precision: float) -> float:
    """The largest coverage whose accepted values are right with at least this precision; 0 when there is none."""
    if not len(curve.risk):
        return float("nan")
    whole = np.append(np.diff(curve.risk) != 0, True)
    good = (curve.risk <= 1 - precision + 1e-12) & whole
    return float(curve.coverage[good].max(initial=0.0))


def _gap(bins: tuple[Bin, ...]) -> float:
    count = sum(one.count for one in bins)
    return sum(one.count * abs(one.said - one.right) for one in bins) / count if count else float("nan")


def _plain(number: float) -> float | None:
    return round(number, 6) if np.isfinite(number) else None
