"""The axis of settings, and the signs that tell series apart; the other axes are in ``mlcore.axes``.

All drawing is SVG text with classes of ``style.css``; lengths are pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlcore.axes import Axis
from mlcore.evaluation.curves import Scale
from mlcore.evaluation.report.numbers import text

SERIES = 6
"""Colours and signs there are; a seventh series begins again."""


def setting_axis(xs: Sequence[float], scale: Scale, start: float, end: float) -> Axis:
    """The horizontal axis of curves, with a tick at every setting; 0 on a logarithmic axis stands a little before the first."""
    settings = sorted(set(xs))
    positions = dict(zip(settings, _positions(settings, scale), strict=True))
    least, most = min(positions.values()), max(positions.values())
    width = (most - least) or 1.0

    def place(x: float) -> float:
        return start + (positions[x] - least) / width * (end - start) if most > least else (start + end) / 2

    ticks: list[tuple[float, str]] = []
    for x in settings:
        if not ticks or place(x) - ticks[-1][0] >= 34:
            ticks.append((place(x), f"{x:,.10g}"))
    return Axis(place, tuple(ticks), settings[0], settings[-1])


def _positions(settings: Sequence[float], scale: Scale) -> list[float]:
    if scale is Scale.STEPS:
        return [float(n) for n in range(len(settings))]
    if scale is Scale.LINEAR:
        return list(settings)
    above = [x for x in settings if x > 0]
    nearest = math.log10(above[1] / above[0]) if len(above) > 1 else 1.0
    before = math.log10(above[0]) - max(0.25, 0.6 * nearest) if above else 0.0
    return [math.log10(x) if x > 0 else before for x in settings]


def sign(series: int, x: float, y: float, told: str) -> str:
    """The mark of a series at a place; a pointer that rests on it is told ``told``."""
    shapes = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>',
        f'<rect x="{x - 3.6:.1f}" y="{y - 3.6:.1f}" width="7.2" height="7.2"/>',
        f'<path d="M{x:.1f} {y - 5:.1f}l5 8.6h-10z"/>',
        f'<path d="M{x:.1f} {y - 5:.1f}l5 5-5 5-5-5z"/>',
        f'<path d="M{x:.1f} {y + 5:.1f}l5-8.6h-10z"/>',
        f'<path class="hollow" d="M{x - 3.6:.1f} {y - 3.6:.1f}l7.2 7.2m0-7.2l-7.2 7.2"/>',
    )
    return f'<g class="sign s{series % SERIES}">{shapes[series % SERIES]}<title>{text(told)}</title></g>'


def label(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """A line of text; ``kind`` is a class of the stylesheet."""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def drawing(width: float, height: float, told: str, *parts: str) -> str:
    """The SVG element. ``told`` is what a screen reader says."""
    inner = "".join(parts)
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return f'<svg {size} role="img" aria-label="{text(told)}">{inner}</svg>'
