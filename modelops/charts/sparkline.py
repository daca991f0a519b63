"""A line of the size of a word. The number stands beside it, so it says nothing to a screen reader."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.axes import finite

WIDTH, HEIGHT = 96, 24


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Path of the line and place of the last value; ready for ``modelops/charts/sparkline.html``. Blank with fewer than two values."""

    width: int
    height: int
    path: str
    x: float
    y: float


def sparkline(values: Sequence[float | None], *, width: int = WIDTH, height: int = HEIGHT) -> Sparkline:
    """Values at even distances; over a missing one there is a gap. The lowest stands at the bottom, the highest at the top."""
    known = finite(values)
    if len(known) < 2:
        return Sparkline(width, height, "", 0.0, 0.0)
    low, high = min(known), max(known)
    pieces, joined, place = [], False, (0.0, 0.0)
    for number, value in enumerate(values):
        if value is None or not math.isfinite(value):
            joined = False
            continue
        (kept,) = finite([value])
        share = (kept - low) / (high - low) if high > low else 0.5
        place = (round(3 + (width - 6) * number / (len(values) - 1), 1), round(height - 3 - (height - 6) * share, 1))
        pieces.append(f"{'L' if joined else 'M'}{place[0]} {place[1]}")
        joined = True
    return Sparkline(width, height, " ".join(pieces), *place)
