"""Where the points of the charts of agreement stand. Numbers in, coordinates out; colours are the stylesheet's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from labeling.agreement.method import TARGET
from labeling.selectors.agreement import MOST_PERIODS, Part

WIDTH, HEIGHT = 760, 232
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 40
SERIES: Final[Mapping[str, str]] = {
    "exact": "Documents exact",
    "critical": "All critical fields",
    "values": "All values",
}
STRIP = 200
"""Width of a strip."""

Figure = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: its place and what it says."""

    at: float
    label: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A measured share: centre and both ends of its interval."""

    x: float
    y: float
    low: float
    high: float
    label: str


@dataclass(frozen=True)
class Line:
    """One series: points, and the paths that join neighbours. ``mark`` is its form: circle | square | diamond."""

    name: str
    label: str
    mark: str
    points: list[Point]
    path: str


@dataclass(frozen=True)
class Trend:
    """The chart over time. ``target`` is the height of the specification's line."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    target: float
    across: list[Tick]
    down: list[Tick]
    lines: list[Line]

    @property
    def measured(self) -> bool:
        """Whether there is anything to draw."""
        return any(line.points for line in self.lines)


@dataclass(frozen=True, slots=True)
class Scale:
    """From ``lowest`` (0..0.9) to 1 over ``length``."""

    lowest: float
    length: float
    start: float = 0.0

    def at(self, share: float) -> float:
        """The place of a share; below the lowest it is the lowest's."""
        return round(self.start + self.length * (max(share, self.lowest) - self.lowest) / (1 - self.lowest), 1)

    def ticks(self) -> list[float]:
        """Shares with a line, in steps of ten per cent or of twenty."""
        step = 10 if self.lowest >= 0.5 else 20
        return [percent / 100 for percent in range(round(self.lowest * 100), 101, step)]


def lowest_of(figures: Iterable[Figure]) -> float:
    """Where a scale begins so that every interval fits: a multiple of ten per cent (twenty in the lower half), 80 % at most."""
    lows = [low for figure in figures if (low := figure.get("low", figure.get("value"))) is not None]
    tens = min([8, *(int(max(0.0, low) * 10) for low in lows)])
    return (tens if tens >= 5 else tens // 2 * 2) / 10


def trend(found: Sequence[Part], period: str) -> Trend:
    """The chart of periods, oldest first; a period without a pair has its place, so that time runs evenly."""
    parts = without_gaps(found, period)
    lowest = lowest_of(part.figures.get(name, {}) for part in parts for name in SERIES)
    upright = Scale(lowest, HEIGHT - TOP - BOTTOM)

    def height(share: float) -> float:
        return round(HEIGHT - BOTTOM - upright.at(share), 1)

    step = (WIDTH - LEFT - RIGHT) / max(1, len(parts))
    places = [round(LEFT + step * (number + 0.5), 1) for number in range(len(parts))]
    every = 1 + (len(parts) - 1) // 12
    down = [
        Tick(
            x,
            period_name(part.key, period) if number % every == 0 else "",
            f"n {part.documents}" if part.documents and number % every == 0 else "",
        )
        for number, (x, part) in enumerate(zip(places, parts, strict=True))
    ]
    lines = []
    for (name, label), mark in zip(SERIES.items(), ("circle", "square", "diamond"), strict=True):
        points = [
            (number, _point(x, part.figures[name], height, f"{label}, {period_name(part.key, period)}"))
            for number, (x, part) in enumerate(zip(places, parts, strict=True))
            if part.figures.get(name, {}).get("value") is not None
        ]
        lines.append(Line(name, label, mark, [point for _, point in points], _path(points)))
    across = [Tick(height(share), f"{share * 100:.0f} %") for share in upright.ticks()]
    return Trend(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, height(float(TARGET)), across, down, lines)


def without_gaps(found: Sequence[Part], period: str) -> list[Part]:
    """Every period from the first to the last, ``MOST_PERIODS`` at most, the newest."""
    known = {part.key: part for part in found}
    keys = [max(known)] if known else []
    while keys and keys[-1] > min(known) and len(keys) < MOST_PERIODS:
        keys.append(_before(keys[-1], period))
    return [known.get(key, Part(key, 0, {})) for key in reversed(keys)]


def strip_scale(figures: Iterable[Figure]) -> Scale:
    """The common scale of strips that stand below each other."""
    return Scale(lowest_of(figures), STRIP - 12, 6)


def period_name(key: str, period: str) -> str:
    """``Nov 2026``, or the Monday of a week: ``23 Nov``."""
    if period == "week":
        day = dt.date.fromisoformat(key)
        return f"{day.day} {day:%b}"
    return dt.date.fromisoformat(f"{key}-01").strftime("%b %Y")


def _before(key: str, period: str) -> str:
    if period == "week":
        return (dt.date.fromisoformat(key) - dt.timedelta(days=7)).isoformat()
    year, month = (int(part) for part in key.split("-"))
    return f"{year - (month == 1):04d}-{(month - 2) % 12 + 1:02d}"


def _point(x: float, figure: Figure, height: Any, label: str) -> Point:
    value = float(figure["value"])
    low, high = (value if figure.get(name) is None else float(figure[name]) for name in ("low", "high"))
    return Point(x, height(value), height(low), height(high), f"{label}: {value * 100:.1f} % of {figure['n']} documents")


def _path(points: Sequence[tuple[int, Point]]) -> str:
    """Neighbours are joined; over a period without a number there is no line."""
    parts, before = [], None
    for number, point in points:
        parts.append(f"{'L' if before == number - 1 else 'M'}{point.x} {point.y}")
        before = number
    return " ".join(parts)
