"""Charts of confidence for the report: reliability diagrams, risk-coverage curves and what is certified, as values with a JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.errors import EvaluationError
from mlcore.evaluation.curves import CurveChart


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Values of like confidence: how many, their mean confidence, and the share of them that is right (0..1)."""

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class ReliabilityDiagram:
    """Confidence against accuracy, for example before and after calibration."""

    name: str
    bins: tuple[ReliabilityBin, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        bins = [{"count": b.count, "confidence": b.confidence, "accuracy": b.accuracy} for b in self.bins]
        return {"name": self.name, "bins": bins}


@dataclass(frozen=True, slots=True)
class RiskCurve:
    """``points`` are ``(coverage, risk)`` by rising coverage: the share accepted without a person, and the share of it that is wrong."""

    name: str
    points: tuple[tuple[float, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"name": self.name, "points": [list(point) for point in self.points]}


@dataclass(frozen=True, slots=True)
class CertifiedLine:
    """Whether ``precision`` is certified for documents or for a field (``name``), tried on ``count`` documents.

    ``threshold`` is the score from which on it is, ``None`` when it is not certifiable; ``coverage`` the share that lies there (0..1).
    """

    name: str
    precision: float
    count: int
    threshold: float | None
    coverage: float

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {name: getattr(self, name) for name in ("name", "precision", "count", "threshold", "coverage")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CertifiedLine:
        """Inverse of ``to_json``. Raises ``KeyError``, ``TypeError`` or ``ValueError``."""
        threshold = None if data["threshold"] is None else float(data["threshold"])
        return cls(str(data["name"]), float(data["precision"]), int(data["count"]), threshold, float(data["coverage"]))


@dataclass(frozen=True)
class ChartSet:
    """What an experiment adds to a report."""

    curves: tuple[CurveChart, ...] = ()
    reliability: tuple[ReliabilityDiagram, ...] = ()
    risk: tuple[RiskCurve, ...] = ()
    certified: tuple[CertifiedLine, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """``{"curves", "reliability", "risk_coverage", "certified"}``."""
        return {
            "curves": [chart.to_json() for chart in self.curves],
            "reliability": [diagram.to_json() for diagram in self.reliability],
            "risk_coverage": [curve.to_json() for curve in self.risk],
            "certified": [line.to_json() for line in self.certified],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ChartSet:
        """Inverse of ``to_json``; absent keys are empty. Raises ``EvaluationError``."""
        try:
            return cls(
                tuple(CurveChart.from_json(chart) for chart in data.get("curves", ())),
                tuple(ReliabilityDiagram(str(d["name"]), tuple(_bin(b) for b in d["bins"])) for d in data.get("reliability", ())),
                tuple(
                    RiskCurve(str(r["name"]), tuple((float(x), float(y)) for x, y in r["points"])) for r in data.get("risk_coverage", ())
                ),
                tuple(CertifiedLine.from_json(line) for line in data.get("certified", ())),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise EvaluationError(f"Charts cannot be read ({error!r}); write them with ChartSet.to_json.") from error

    def __add__(self, other: ChartSet) -> ChartSet:
        return ChartSet(
            self.curves + other.curves, self.reliability + other.reliability, self.risk + other.risk, self.certified + other.certified
        )


def _bin(data: Mapping[str, Any]) -> ReliabilityBin:
    return ReliabilityBin(int(data["count"]), float(data["confidence"]), float(data["accuracy"]))
