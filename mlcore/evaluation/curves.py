"""Curves of evaluations: accuracy against labeled documents, training layouts, rank, or whatever an experiment varies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mlcore.errors import EvaluationError
from mlcore.evaluation.scores import Estimate, Evaluation


class Scale(StrEnum):
    """How the horizontal axis is divided. ``STEPS`` sets points at equal distances, as for a sweep of a few settings."""

    LINEAR = "linear"
    LOG = "log"
    STEPS = "steps"


@dataclass(frozen=True, slots=True)
class Point:
    """One setting: ``x`` and what was measured there, on how many documents."""

    x: float
    estimate: Estimate
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a chart, points by rising ``x``."""

    name: str
    points: tuple[Point, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {"name": self.name, "points": [{"x": p.x, **p.estimate.to_json(), "documents": p.documents} for p in self.points]}


@dataclass(frozen=True, slots=True)
class CurveChart:
    """Lines over one axis. ``measure`` is a key of ``Evaluation.overall``; ``note`` says in a sentence what was held fixed."""

    title: str
    x_label: str
    measure: str
    scale: Scale
    curves: tuple[Curve, ...]
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        plain = {"title": self.title, "x_label": self.x_label, "measure": self.measure, "scale": self.scale.value, "note": self.note}
        return {**plain, "curves": [curve.to_json() for curve in self.curves]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CurveChart:
        """Inverse of ``to_json``. Raises ``EvaluationError``."""
        try:
            curves = tuple(Curve(str(curve["name"]), _points_from_json(curve["points"])) for curve in data["curves"])
            title, x_label, measure = (str(data[name]) for name in ("title", "x_label", "measure"))
            return cls(title, x_label, measure, Scale(data["scale"]), curves, str(data.get("note", "")))
        except (KeyError, TypeError, ValueError) as error:
            raise EvaluationError(f"A chart of curves cannot be read ({error!r}); write it with CurveChart.to_json.") from error


def curve(name: str, points: Iterable[tuple[float, Evaluation]], measure: str = "field_accuracy") -> Curve:
    """The curve of one measure. Raises ``EvaluationError`` for two points with the same ``x`` or a measure that there is not."""
    found = sorted(points, key=lambda point: point[0])
    xs = [x for x, _ in found]
    if len(set(xs)) < len(xs):
        raise EvaluationError(f"Curve {name!r} has two points at the same x among {xs}; give each setting once.")
    unknown = [evaluation for _, evaluation in found if measure not in evaluation.overall]
    if unknown:
        raise EvaluationError(f"There is no measure {measure!r}; choose one of {', '.join(unknown[0].overall)}.")
    return Curve(name, tuple(Point(x, evaluation.overall[measure], len(evaluation.documents)) for x, evaluation in found))


def _points_from_json(points: Sequence[Mapping[str, Any]]) -> tuple[Point, ...]:
    return tuple(Point(float(point["x"]), Estimate.from_json(point), int(point.get("documents", 0))) for point in points)
