"""Estimates as points with their intervals on one axis, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.axes import share_axis
from mlcore.evaluation.report.axes import drawing, label, line, sign
from mlcore.evaluation.scores import Estimate
from mlcore.percent import percent

_ROW, _HEAD = 26, 8


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plot."""

    name: str
    estimate: Estimate
    series: int = 0
    note: str = ""


def interval_plot(rows: Sequence[Row], told: str, names: int = 140, width: int = 460) -> str:
    """SVG. ``names`` and ``width`` are those of the names and of the plot; rows without a value say so."""
    shares = [x for row in rows for x in (row.estimate.value, row.estimate.low, row.estimate.high) if x is not None]
    left, right = names, names + width
    axis = share_axis(shares, left, right)
    bottom = _HEAD + _ROW * len(rows)
    parts = [line(x, _HEAD, x, bottom, "grid") + label(x, bottom + 18, tick, "tick", "middle") for x, tick in axis.ticks]
    for n, row in enumerate(rows):
        y = _HEAD + _ROW * (n + 0.5)
        value, low, high = row.estimate.value, row.estimate.low, row.estimate.high
        parts.append(label(left - 12, y + 4, row.name, "name", "end"))
        if value is None:
            parts.append(label(left + 8, y + 4, "nothing to score", "tick"))
            continue
        if low is not None and high is not None:
            parts.append(line(axis.place(low), y, axis.place(high), y, f"whisker s{row.series % 6}"))
        between = f", {percent(low)} to {percent(high)}" if low is not None else ""
        parts.append(sign(row.series, axis.place(value), y, f"{row.name}: {percent(value)} %{between}"))
        parts.append(label(right + 16, y + 4, percent(value), "number"))
        parts.append(label(right + 64, y + 4, row.note, "tick"))
    return drawing(right + (150 if any(row.note for row in rows) else 60), bottom + 28, told, *parts)
