"""How a person's accuracy went: one point for each month, or for each week where there are few months, and where it is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from labeling.models import QualityPeriod
from labeling.quality.durations import Quartiles
from labeling.selectors.quality_rows import Totals, Window, periods_of
from mlcore.agreement.figures import Figure, Measured

MONTHS_FROM = 4
"""With labels in so many months a point is a month, with fewer a week."""

MOST = 60
"""Points that are shown, the newest ones."""

WIDTH, HEIGHT = 720, 180
LEFT, RIGHT, TOP, BOTTOM = 44, 708, 12, 148


@dataclass(frozen=True, slots=True)
class Point:
    """One period. ``critical`` and ``exact`` are of what is settled; ``documents`` are all that was labeled."""

    start: dt.date
    documents: int
    judged: int
    critical: Figure
    exact: Figure
    seconds: Quartiles

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        figures = {"critical": self.critical.to_json(), "exact": self.exact.to_json(), "seconds": self.seconds.to_json()}
        return {"start": self.start.isoformat(), "documents": self.documents, "judged": self.judged, **figures}


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of the drawing: the value at ``y`` between ``high`` and ``low``, in its units. ``said`` is what it means."""

    x: float
    y: float
    low: float
    high: float
    said: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart in a frame of ``WIDTH`` x ``HEIGHT``. ``lines`` are horizontal ones with their word, ``ticks`` words below."""

    marks: tuple[Mark, ...]
    path: str
    lines: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """``unit`` is week or month; points are the oldest first."""

    unit: str
    points: tuple[Point, ...]

    @property
    def drawing(self) -> Drawing | None:
        """The chart of ``critical``; ``None`` with fewer than two points that are known well enough."""
        return draw(self.points, self.unit)


def trend_of(person_id: int, window: Window, months: Sequence[QualityPeriod], *, alone: int | None) -> Trend:
    """The trend of a person whose ``months`` in the window are known: one statement at most. ``alone`` as for ``periods_of``."""
    by_month = _points(months)
    if len(by_month) >= MONTHS_FROM:
        return Trend("month", by_month)
    return Trend("week", _points(list(periods_of([person_id], window, unit=QualityPeriod.Unit.WEEK, alone=alone))))


def draw(points: Sequence[Point], unit: str) -> Drawing | None:
    """Points at the distance that their periods have."""
    known = [(point, point.critical) for point in points if isinstance(point.critical, Measured)]
    if len(known) < 2:
        return None
    lowest = min(figure.low if figure.low is not None else figure.value for _, figure in known)
    base = next(level for level in (0.9, 0.8, 0.5, 0.0) if lowest >= level)
    first, last = points[0].start, points[-1].start
    days = max(1, (last - first).days)

    def x(day: dt.date) -> float:
        return round(LEFT + 16 + (RIGHT - LEFT - 32) * (day - first).days / days, 1)

    def y(share: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (share - base) / (1 - base), 1)

    marks = tuple(_mark(point, figure, x(point.start), y, unit) for point, figure in known)
    levels = [base + (1 - base) * step / 4 for step in range(5)]
    every = -(-len(points) // 10)
    ticks = tuple((x(point.start), said(point.start, unit)) for point in points[::every])
    path = " ".join(f"{mark.x},{mark.y}" for mark in marks)
    return Drawing(marks, path, tuple((y(level), f"{100 * level:.3g} %") for level in levels), ticks)


def said(start: dt.date, unit: str) -> str:
    """A period in a word or two: ``Mar 2026``, ``2 Mar`` for the week from then on."""
    return f"{start:%b %Y}" if unit == "month" else f"{start.day} {start:%b}"


def _mark(point: Point, figure: Measured, x: float, y: Any, unit: str) -> Mark:
    low, high = (bound if bound is not None else figure.value for bound in (figure.low, figure.high))
    words = f"{said(point.start, unit)}: {100 * figure.value:.1f} % ({100 * low:.1f} to {100 * high:.1f}), n = {figure.n}"
    return Mark(x, y(figure.value), y(low), y(high), words)


def _points(periods: Sequence[QualityPeriod]) -> tuple[Point, ...]:
    found = []
    for start, rows in groupby(periods, key=lambda period: period.start):
        total = Totals.of(rows)
        if total.documents or total.judged:
            found.append(Point(start, total.documents, total.judged, total.critical_share, total.exact_share, total.seconds))
    return tuple(found[-MOST:])
