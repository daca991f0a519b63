"""The pictures of the report as SVG files that stand alone, light and dark, drawn with the parts of the evaluation report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.team.holding import Held
from benchmarks.team.readout import Name
from mlcore.evaluation.report.axes import drawing, label, line, share_axis, sign
from mlcore.evaluation.report.numbers import percent

_ROW, _HEAD, _LEGEND = 24, 14, 34
_LEFT, _WIDTH = 216, 440
_STYLE = """
:root{color-scheme:light dark}
svg{--surface:#fff;--line:#d8dce3;--text:#15181e;--muted:#4e5664;--truth:#a8201a;--s0:#3245a4;--s1:#8a5200;--s2:#0a6b6b;--s3:#8b2f73;
--s4:#4d6b12;--s5:#4e5664;font:12px system-ui,sans-serif}
@media(prefers-color-scheme:dark){svg{--surface:#1a1d23;--line:#333944;--text:#e9ebef;--muted:#a9b1bd;--truth:#ff9d94;--s0:#a9b6ff;
--s1:#f0bd63;--s2:#6fd0cf;--s3:#ec9fd8;--s4:#b5d36a;--s5:#c3c9d3}}
.ground{fill:var(--surface)}text{fill:var(--text)}.tick,.group{fill:var(--muted)}.group,.number{font-weight:600}.grid{stroke:var(--line)}
.s0{--series:var(--s0)}.s1{--series:var(--s1)}.s2{--series:var(--s2)}.s3{--series:var(--s3)}.s4{--series:var(--s4)}.s5{--series:var(--s5)}
.whisker{stroke:var(--series);stroke-width:5;stroke-linecap:round;opacity:.35}.sign{fill:var(--series);stroke:var(--surface)}
.truth{stroke:var(--truth);stroke-width:2.5}.happened{fill:none;stroke:var(--text);stroke-width:1.5}.bar{fill:var(--series)}
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a picture under one heading; each has a name and a figure."""

    title: str
    rows: Sequence[tuple[str, Held]]


def interval_picture(groups: Iterable[Group], told: str) -> str:
    """Estimates with intervals, what is expected as a stroke, what really happened as a ring; a row each."""
    listed = [group for group in groups if group.rows]
    rows = [held for group in listed for _, held in group.rows]
    known = [x for held in rows for x in (held.value, held.low, held.high, held.expected, held.realised) if x is not None]
    axis = share_axis(known, _LEFT, _LEFT + _WIDTH)
    bottom = _HEAD + _ROW * (len(rows) + len(listed))
    parts = [line(x, _HEAD, x, bottom, "grid") + label(x, bottom + 16, tick, "tick", "middle") for x, tick in axis.ticks]
    y = _HEAD - _ROW / 2
    for number, group in enumerate(listed):
        y += _ROW
        parts.append(label(8, y + 4, group.title, "group"))
        for name, held in group.rows:
            y += _ROW
            parts.append(label(_LEFT - 12, y + 4, name, "name", "end"))
            parts += _figure(held, axis.place, y, number, name)
    parts.append(_legend(bottom + _LEGEND))
    return _picture(_LEFT + _WIDTH + 130, bottom + _LEGEND + 14, told, parts)


def bar_picture(bars: Mapping[str, float], unit: str, told: str) -> str:
    """One bar for each name, from 0."""
    most = max(bars.values(), default=1.0) or 1.0
    parts = []
    for number, (name, value) in enumerate(bars.items()):
        y = _HEAD + _ROW * (number + 0.5)
        width = value / most * _WIDTH
        parts.append(label(_LEFT - 12, y + 4, name, "name", "end"))
        parts.append(f'<rect class="bar s0" x="{_LEFT}" y="{y - 7:.1f}" width="{width:.1f}" height="14"/>')
        parts.append(label(_LEFT + width + 8, y + 4, f"{value:,.0f} {unit}", "number"))
    return _picture(_LEFT + _WIDTH + 130, _HEAD + _ROW * len(bars) + 10, told, parts)


def _figure(held: Held, place: Callable[[float], float], y: float, series: int, name: str) -> list[str]:
    if held.value is None:
        return [label(_LEFT + 8, y + 4, f"not enough documents ({held.n})", "tick")]
    parts = []
    if held.low is not None and held.high is not None:
        parts.append(line(place(held.low), y, place(held.high), y, f"whisker s{series % 6}"))
    parts.append(sign(series, place(held.value), y, f"{name}: {percent(held.value)} %, n = {held.n}"))
    if held.expected is not None:
        parts.append(line(place(held.expected), y - 9, place(held.expected), y + 9, "truth"))
    if held.realised is not None:
        parts.append(f'<circle class="happened" cx="{place(held.realised):.1f}" cy="{y:.1f}" r="6.5"/>')
    parts.append(label(_LEFT + _WIDTH + 14, y + 4, percent(held.value) if held.value >= 0 else f"{100 * held.value:.1f}", "number"))
    parts.append(label(_LEFT + _WIDTH + 64, y + 4, f"n = {held.n}", "tick"))
    return parts


def _legend(y: float) -> str:
    x = 96
    return (
        line(x, y - 4, x + 24, y - 4, "whisker s0")
        + sign(0, x + 12, y - 4, "estimate")
        + label(x + 32, y, "what the product says, with 95 %", "tick")
        + line(x + 250, y - 12, x + 250, y + 4, "truth")
        + label(x + 258, y, "expected of the habits", "tick")
        + f'<circle class="happened" cx="{x + 420}" cy="{y - 4:.1f}" r="6.5"/>'
        + label(x + 432, y, "what really happened, per cent", "tick")
    )


def _picture(width: float, height: float, told: str, parts: Sequence[str]) -> str:
    ground = f'<style>{_STYLE}</style><rect class="ground" width="{width:.0f}" height="{height:.0f}"/>'
    return drawing(width, height, told, ground, *parts).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


def named(rows: Iterable[Held]) -> dict[Name, Held]:
    """Figures by their names."""
    return {row.name: row for row in rows}
