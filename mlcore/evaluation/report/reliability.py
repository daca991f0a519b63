"""Reliability diagrams: what was promised against what held."""

from __future__ import annotations

from mlcore.evaluation.charts import ReliabilityDiagram
from mlcore.evaluation.report.axes import drawing, label, line, sign
from mlcore.percent import percent

_SIDE, _LEFT, _TOP, _COUNTS = 260, 48, 12, 44


def reliability_plot(diagram: ReliabilityDiagram, series: int = 0) -> str:
    """SVG: a mark for each bin at (mean confidence, accuracy), the diagonal that it should stand on, and how many values each has."""
    bottom = _TOP + _SIDE
    foot = bottom + 12 + _COUNTS

    def x(share: float) -> float:
        return _LEFT + share * _SIDE

    def y(share: float) -> float:
        return bottom - share * _SIDE

    parts = [line(x(0), y(0), x(1), y(1), "ideal")]
    for n in range(0, 11, 2):
        parts.append(line(_LEFT, y(n / 10), _LEFT + _SIDE, y(n / 10), "grid") + label(_LEFT - 8, y(n / 10) + 4, str(10 * n), "tick", "end"))
        parts.append(line(x(n / 10), foot, x(n / 10), foot + 4, "axis") + label(x(n / 10), foot + 18, str(10 * n), "tick", "middle"))
    most = max((b.count for b in diagram.bins), default=1)
    for b in diagram.bins:
        height = _COUNTS * b.count / most
        parts.append(f'<rect class="count" x="{x(b.confidence) - 5:.1f}" y="{foot - height:.1f}" width="10" height="{height:.1f}"/>')
        told = f"promised {percent(b.confidence)} %, right {percent(b.accuracy)} %, {b.count:,} values"
        parts.append(line(x(b.confidence), y(b.confidence), x(b.confidence), y(b.accuracy), f"miss s{series % 6}"))
        parts.append(sign(series, x(b.confidence), y(b.accuracy), told))
    parts.append(line(_LEFT, foot, _LEFT + _SIDE, foot, "axis"))
    middle = _TOP + _SIDE / 2
    parts.append(f'<text class="axis-name" transform="translate(12 {middle:.0f}) rotate(-90)" text-anchor="middle">right, %</text>')
    parts.append(label(_LEFT + _SIDE / 2, foot + 38, "confidence, % · below: how many values", "axis-name", "middle"))
    return drawing(_LEFT + _SIDE + 20, foot + 46, f"Reliability, {diagram.name}", *parts)
