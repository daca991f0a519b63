"""A line for each system over the rounds, as SVG files that stand alone, light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.picture import Colours, picture
from mlcore.axes import Axis, share_axis
from mlcore.evaluation.curves import Scale
from mlcore.evaluation.report.axes import label, line, setting_axis, sign

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 300, 56, 20, 20, 64
_COLOURS: Final[Colours] = {"s0": ("#3245a4", "#a9b6ff"), "s1": ("#a8541a", "#f5b27c"), "s2": ("#1d7a53", "#7fd6ae")}
_RULES: Final = """
.s0{fill:var(--s0);stroke:var(--s0)}.s1{fill:var(--s1);stroke:var(--s1)}.s2{fill:var(--s2);stroke:var(--s2)}.sign{stroke-width:1}
path.line{fill:none;stroke-width:2}.whisker{stroke-width:5;stroke-linecap:round;opacity:.25}
.s1.line{stroke-dasharray:7 4}.s2.line{stroke-dasharray:2 4}
"""


@dataclass(frozen=True, slots=True)
class Point:
    """A value in a round, with its interval where it has one."""

    round: int
    value: float
    low: float | None = None
    high: float | None = None


def curve_picture(series: Mapping[str, Sequence[Point]], told: str, *, shares: bool) -> str:
    """One line for each name over the rounds. Shares are in per cent; other values begin at 0."""
    points = [point for own in series.values() for point in own]
    rounds = [float(point.round) for point in points] or [0.0]
    across = setting_axis(rounds, Scale.STEPS, _LEFT + 24, _WIDTH - _RIGHT - 24)
    known = [value for point in points for value in (point.value, point.low, point.high) if value is not None]
    up = share_axis(known, _HEIGHT - _BOTTOM, _TOP) if shares else _from_zero(known)
    parts = [line(_LEFT, y, _WIDTH - _RIGHT, y, "grid") + label(_LEFT - 8, y + 4, tick, "tick", "end") for y, tick in up.ticks]
    parts += [label(x, _HEIGHT - _BOTTOM + 18, f"round {tick}", "tick", "middle") for x, tick in across.ticks]
    for number, (name, own) in enumerate(series.items()):
        parts += _series(number, name, own, across, up)
        parts.append(sign(number, _LEFT + 8 + 170 * number, _HEIGHT - 18, name))
        parts.append(label(_LEFT + 20 + 170 * number, _HEIGHT - 14, name))
    return picture(_WIDTH, _HEIGHT, told, _COLOURS, _RULES, parts)


def _series(number: int, name: str, own: Sequence[Point], across: Axis, up: Axis) -> list[str]:
    shift = 6.0 * (number - 1)
    places = [(across.place(float(point.round)) + shift, up.place(point.value)) for point in own]
    parts = []
    for (x, _), point in zip(places, own, strict=True):
        if point.low is not None and point.high is not None:
            parts.append(line(x, up.place(point.low), x, up.place(point.high), f"whisker s{number}"))
    if len(places) > 1:
        parts.append(f'<path class="line s{number}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>')
    return [*parts, *(sign(number, x, y, f"{name}, round {p.round}: {p.value:.3g}") for (x, y), p in zip(places, own, strict=True))]


def _from_zero(values: Sequence[float]) -> Axis:
    most = max(values, default=0.0) or 1.0
    step: float = next(s for s in (10.0**k * m for k in range(-3, 9) for m in (1, 2, 5)) if most / s <= 5)
    top = step * -(-most // step)

    def place(value: float) -> float:
        return _HEIGHT - _BOTTOM - value / top * (_HEIGHT - _BOTTOM - _TOP)

    return Axis(place, tuple((place(n * step), f"{n * step:,.6g}") for n in range(round(top / step) + 1)), 0.0, top)
