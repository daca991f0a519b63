"""Lines over an axis: learning curves and sweeps with their intervals, and risk against coverage."""

from __future__ import annotations

from collections.abc import Sequence

from mlcore.axes import Axis, share_axis, spread
from mlcore.evaluation.charts import RiskCurve
from mlcore.evaluation.curves import Curve, CurveChart, Point
from mlcore.evaluation.report.axes import drawing, label, line, setting_axis, sign
from mlcore.percent import percent

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 370, 14, 240
_WIDTH, _HEIGHT = 510, 286


def curve_plot(chart: CurveChart, measure_label: str) -> str:
    """SVG of a chart; each line is named at its end. A chart without a point says so."""
    points = [(curve, point) for curve in chart.curves for point in curve.points if point.estimate.value is not None]
    if not points:
        return drawing(_WIDTH, 40, chart.title, label(0, 24, "There is no measured point yet.", "tick"))
    shares = [x for _, p in points for x in (p.estimate.value, p.estimate.low, p.estimate.high) if x is not None]
    y_axis = share_axis(shares, _BOTTOM, _TOP)
    x_axis = setting_axis([p.x for _, p in points], chart.scale, _LEFT + 24, _RIGHT - 12)
    parts = [_frame(x_axis, y_axis, chart.x_label, measure_label)]
    parts.extend(_band(curve, n, x_axis, y_axis) for n, curve in enumerate(chart.curves))
    parts.extend(_line(curve, n, x_axis, y_axis) for n, curve in enumerate(chart.curves))
    parts.append(_names(chart.curves, y_axis))
    return drawing(_WIDTH, _HEIGHT, f"{chart.title}: {measure_label} against {chart.x_label}", *parts)


def risk_plot(curves: Sequence[RiskCurve]) -> str:
    """SVG of risk (share wrong) against coverage (share accepted without a person); all curves end at the same point."""
    y_axis = share_axis([0.0, *(risk for curve in curves for _, risk in curve.points)], _BOTTOM, _TOP)

    def place(coverage: float) -> float:
        return _LEFT + coverage * (_RIGHT - 12 - _LEFT)

    x_axis = Axis(place, tuple((place(n / 5), str(20 * n)) for n in range(6)), 0.0, 1.0)
    parts = [_frame(x_axis, y_axis, "accepted without a person, %", "wrong among the accepted, %")]
    ends = []
    for n, curve in enumerate(curves):
        steps = " ".join(f"{place(x):.1f},{y_axis.place(y):.1f}" for x, y in curve.points)
        parts.append(f'<polyline class="curve s{n % 6}" points="{steps}"/>')
        x, y = min(curve.points, key=lambda point: abs(point[0] - 0.6))
        parts.append(sign(n, place(x), y_axis.place(y), f"{curve.name}: {percent(y)} % wrong at {percent(x)} % accepted"))
        ends.append((curve.name, y_axis.place(y)))
    parts.append(_ends(ends))
    return drawing(_WIDTH, _HEIGHT, "Risk against coverage", *parts)


def _frame(x_axis: Axis, y_axis: Axis, x_label: str, y_label: str) -> str:
    rows = (line(_LEFT, y, _RIGHT, y, "grid") + label(_LEFT - 8, y + 4, tick, "tick", "end") for y, tick in y_axis.ticks)
    columns = (line(x, _BOTTOM, x, _BOTTOM + 4, "axis") + label(x, _BOTTOM + 20, tick, "tick", "middle") for x, tick in x_axis.ticks)
    middle = (_TOP + _BOTTOM) / 2
    turned = f'<text class="axis-name" transform="translate(12 {middle:.0f}) rotate(-90)" text-anchor="middle">{y_label}</text>'
    base = line(_LEFT, _BOTTOM, _RIGHT, _BOTTOM, "axis")
    return "".join((*rows, *columns, base, turned, label((_LEFT + _RIGHT) / 2, _BOTTOM + 40, x_label, "axis-name", "middle")))


def _measured(curve: Curve) -> list[tuple[Point, float]]:
    return [(point, point.estimate.value) for point in curve.points if point.estimate.value is not None]


def _band(curve: Curve, series: int, x_axis: Axis, y_axis: Axis) -> str:
    known = [
        (x_axis.place(p.x), p.estimate.low, p.estimate.high) for p, _ in _measured(curve) if None not in (p.estimate.low, p.estimate.high)
    ]
    upper = [f"{x:.1f},{y_axis.place(high):.1f}" for x, _, high in known if high is not None]
    lower = [f"{x:.1f},{y_axis.place(low):.1f}" for x, low, _ in reversed(known) if low is not None]
    return f'<polygon class="band s{series % 6}" points="{" ".join([*upper, *lower])}"/>' if len(upper) > 1 else ""


def _line(curve: Curve, series: int, x_axis: Axis, y_axis: Axis) -> str:
    found = [(x_axis.place(point.x), y_axis.place(value), point, value) for point, value in _measured(curve)]
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in found)
    marks = []
    for x, y, point, value in found:
        low, high = point.estimate.low, point.estimate.high
        if len(found) == 1 and low is not None and high is not None:
            marks.append(line(x, y_axis.place(low), x, y_axis.place(high), f"whisker s{series % 6}"))
        between = f", {percent(low)} to {percent(high)}" if low is not None else ""
        marks.append(sign(series, x, y, f"{curve.name} at {point.x:,.10g}: {percent(value)} %{between}; {point.documents} documents"))
    return f'<polyline class="curve s{series % 6}" points="{steps}"/>{"".join(marks)}'


def _names(curves: Sequence[Curve], y_axis: Axis) -> str:
    return _ends([(curve.name, y_axis.place(found[-1][1]) if (found := _measured(curve)) else None) for curve in curves])


def _ends(ends: Sequence[tuple[str, float | None]]) -> str:
    """Names of series at the height of their ends, moved apart where they would overlap."""
    there = [(n, name, y) for n, (name, y) in enumerate(ends) if y is not None]
    heights = spread([y for _, _, y in there], 18)
    parts = []
    for (n, name, _), y in zip(there, heights, strict=True):
        parts.append(sign(n, _RIGHT + 18, y, name) + label(_RIGHT + 30, y + 4, name, f"name s{n % 6}"))
    return "".join(parts)
