"""What a wanted precision would come to: documents accepted unseen, wrong values, dollars, hours; and what is certified today.

Pure: from documents that were scored before anybody labeled them, with the truth that is known now. "Measured" is what happened on
these documents; what holds for others is what ``certify`` certifies. Needs SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlcore.confidence.certificates import CONFIDENCE, Certificate, Certification, certification_to_json
from mlcore.confidence.certify import certify, lower_bound, thresholds_from

Floats = NDArray[np.float64]

PRECISIONS = (*(round(0.80 + 0.005 * step, 3) for step in range(38)), 0.99, 0.9925, 0.995, 0.9975, 0.999)
"""The stops of the slide."""

PER = 1000
"""Expectations are given for so many documents."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One document. ``score`` (0..1) is from before it was labeled; ``right`` says whether its whole record was; ``wrong`` counts the
    values that were not; ``amount`` is the true total in dollars. ``audited``: it was accepted unseen, and drawn to be checked."""

    score: float
    right: bool
    wrong: int
    amount: Decimal
    audited: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """What accepting from ``threshold`` on comes to, for ``PER`` documents; ``coverage`` and ``precision`` are shares."""

    threshold: float
    coverage: float
    precision: float
    wrong_documents: float
    wrong_values: float
    dollars: Decimal


@dataclass(frozen=True, slots=True)
class Stop:
    """One wanted precision. ``measured`` is the point that accepts most of the documents and kept it; ``None`` where none did."""

    wanted: float
    measured: Point | None
    certified: Certification
    at_certified: Point | None


@dataclass(frozen=True, slots=True)
class Interval:
    """Of ``count`` audited documents ``wrong`` were wrong; the true share lies in ``low..high`` in 95 of 100 such audits."""

    count: int
    wrong: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """Every stop of the slide, and what the audit found."""

    count: int
    stops: tuple[Stop, ...]
    audit: Interval | None

    @property
    def certifiable(self) -> Stop | None:
        """The highest precision that is certified today."""
        return next((stop for stop in reversed(self.stops) if isinstance(stop.certified, Certificate)), None)


def simulate(samples: Sequence[Sample], precisions: Sequence[float] = PRECISIONS) -> Simulation:
    """The whole curve. ``audit`` is ``None`` without audited documents."""
    ordered = _Ordered(samples)
    stops = tuple(ordered.stop(wanted) for wanted in precisions)
    audited = [sample for sample in samples if sample.audited]
    audit = share_interval(sum(not sample.right for sample in audited), len(audited)) if audited else None
    return Simulation(len(samples), stops, audit)


def share_interval(wrong: int, count: int, level: float = 0.95) -> Interval:
    """Two-sided Clopper-Pearson interval (1934) of a share. Raises ``ValueError`` without documents."""
    if not 0 <= wrong <= count or not count:
        raise ValueError(f"{wrong} of {count} documents is no share.")
    tail = (1 - level) / 2
    return Interval(count, wrong, lower_bound(wrong, count, 1 - tail), 1 - lower_bound(count - wrong, count, 1 - tail))


def hours(seconds: float, coverage: float) -> float:
    """Hours of reviewers for ``PER`` documents, of which the share ``coverage`` needs nobody."""
    return PER * (1 - coverage) * seconds / 3600


def to_json(simulation: Simulation) -> dict[str, Any]:
    """Plain JSON types; money and shares as they are shown."""
    best = simulation.certifiable
    return {
        "count": simulation.count,
        "per": PER,
        "confidence": CONFIDENCE,
        "stops": [_stop_json(stop) for stop in simulation.stops],
        "audit": None if simulation.audit is None else _interval_json(simulation.audit),
        "certifiable": best.wanted if best else None,
    }


class _Ordered:
    """The samples from the highest score down, with running sums at the last document of each score."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        listed = sorted(samples, key=lambda sample: -sample.score)
        self.scores: Floats = np.array([sample.score for sample in listed], dtype=np.float64)
        self.right = np.array([sample.right for sample in listed], dtype=np.bool_)
        self.correct = np.cumsum(self.right)
        self.values = np.cumsum([0 if sample.right else sample.wrong for sample in listed])
        cents = [0 if sample.right else round(abs(sample.amount) * 100) for sample in listed]
        self.cents = np.cumsum(np.array(cents, dtype=np.int64))
        last_of_score = np.append(self.scores[1:] != self.scores[:-1], True) if len(listed) else np.zeros(0, dtype=np.bool_)
        self.ends = np.flatnonzero(last_of_score & (self.scores > 0))  # a score of 0 is never accepted

    def stop(self, wanted: float) -> Stop:
        shares = self.correct[self.ends] / (self.ends + 1)
        kept = self.ends[shares >= wanted]
        certified = self._certified(wanted)
        at = self._at(certified.threshold) if isinstance(certified, Certificate) else None
        return Stop(wanted, self._point(int(kept[-1])) if len(kept) else None, certified, at)

    def _certified(self, wanted: float) -> Certification:
        """Thresholds are chosen by the scores alone, so that rightness has no say in their order."""
        thresholds = thresholds_from(self.scores, len(self.scores), wanted) if len(self.scores) else (1.0,)
        return certify(self.scores, self.right, wanted, tuple(t for t in thresholds if t > 0) or (1.0,))

    def _at(self, threshold: float) -> Point | None:
        taken = self.ends[self.scores[self.ends] >= threshold]
        return self._point(int(taken[-1])) if len(taken) else None

    def _point(self, end: int) -> Point:
        count, accepted = len(self.scores), end + 1
        wrong = accepted - int(self.correct[end])
        dollars = (Decimal(int(self.cents[end])) / 100 * PER / count).quantize(Decimal("0.01"))
        return Point(
            threshold=float(self.scores[end]),
            coverage=accepted / count,
            precision=1 - wrong / accepted,
            wrong_documents=PER * wrong / count,
            wrong_values=PER * int(self.values[end]) / count,
            dollars=dollars,
        )


def _stop_json(stop: Stop) -> dict[str, Any]:
    outcome = stop.certified
    return {
        "wanted": stop.wanted,
        "measured": _point_json(stop.measured),
        "certified": {
            **certification_to_json(outcome),
            "message": "" if isinstance(outcome, Certificate) else outcome.message,
            "point": _point_json(stop.at_certified),
        },
    }


def _point_json(point: Point | None) -> dict[str, Any] | None:
    if point is None:
        return None
    return {
        "threshold": round(point.threshold, 4),
        "coverage": round(point.coverage, 4),
        "precision": round(point.precision, 4),
        "wrong_documents": round(point.wrong_documents, 2),
        "wrong_values": round(point.wrong_values, 2),
        "dollars": str(point.dollars),
    }


def _interval_json(interval: Interval) -> dict[str, Any]:
    return {"count": interval.count, "wrong": interval.wrong, "low": round(interval.low, 5), "high": round(interval.high, 5)}
