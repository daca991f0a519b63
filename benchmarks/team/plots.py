"""The pictures of the report as SVG files that stand alone, light and dark, drawn with the parts of the evaluation report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.picture import Colours, picture
from benchmarks.team.holding import Held
from benchmarks.team.readout import Name
from benchmarks.team.tables import share_told
from mlcore.axes import share_axis
from mlcore.evaluation.report.axes import label, line, sign
from mlcore.percent import percent

_ROW, _HEAD, _AXIS, _LEGEND = 24, 26, 30, 28
_LEFT, _WIDTH, _RIGHT = 216, 420, 190
_COLOURS: Final[Colours] = {"truth": ("#a8201a", "#ff9d94"), "said": ("#3245a4", "#a9b6ff")}
_RULES: Final = """
.group{fill:var(--muted)}
.group,.number,.outside{font-weight:600}.whisker{stroke:var(--said);stroke-width:6;stroke-linecap:round;opacity:.3}
.sign{fill:var(--said);stroke:var(--surface)}.truth{stroke:var(--truth);stroke-width:2.5}.outside{fill:var(--truth)}
.happened{fill:none;stroke:var(--text);stroke-width:1.5}.bar{fill:var(--said)}
"""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a picture under one heading; each has a name and a figure."""

    title: str
    rows: Sequence[tuple[str, Held]]


def interval_picture(groups: Iterable[Group], told: str, *, apart: bool = False) -> str:
    """Estimates with intervals, what is expected as a stroke, what really happened as a ring; a row each.

    One axis for all groups, so that they can be compared; ``apart``: one for each, where they are of different size.
    """
    listed = [group for group in groups if group.rows]
    parts = [label(x, 16, words, "tick", "end") for x, words in zip(_COLUMNS, ("product", "expected", "n"), strict=True)]
    y = float(_HEAD)
    for panel in [[group] for group in listed] if apart else [listed]:
        drawn, y = _panel(panel, y)
        parts += drawn
    parts.append(_legend(y + _LEGEND - 12))
    return picture(_LEFT + _WIDTH + _RIGHT, y + _LEGEND, told, _COLOURS, _RULES, parts)


_COLUMNS = (_LEFT + _WIDTH + 52, _LEFT + _WIDTH + 124, _LEFT + _WIDTH + 172)
"""Where the numbers beside a row end."""


def _panel(groups: Sequence[Group], top: float) -> tuple[list[str], float]:
    """Groups over one axis, and where the next thing begins."""
    rows = [held for group in groups for _, held in group.rows]
    known = [x for held in rows for x in (held.value, held.low, held.high, held.expected, held.realised) if x is not None]
    axis = share_axis(known, _LEFT, _LEFT + _WIDTH)
    bottom = top + _ROW * (len(rows) + len(groups))
    parts = [line(x, top, x, bottom, "grid") + label(x, bottom + 16, tick, "tick", "middle") for x, tick in axis.ticks]
    y = top - _ROW / 2
    for group in groups:
        y += _ROW
        parts.append(label(8, y + 4, group.title, "group"))
        for name, held in group.rows:
            y += _ROW
            parts.append(label(_LEFT - 12, y + 4, name, "name", "end"))
            parts += _figure(held, axis.place, y, name)
    return parts, bottom + _AXIS


def bar_picture(bars: Mapping[str, float], unit: str, told: str) -> str:
    """One bar for each name, from 0."""
    most = max(bars.values(), default=1.0) or 1.0
    parts = []
    for number, (name, value) in enumerate(bars.items()):
        y = 10 + _ROW * (number + 0.5)
        width = value / most * _WIDTH
        parts.append(label(_LEFT - 12, y + 4, name, "name", "end"))
        parts.append(f'<rect class="bar" x="{_LEFT}" y="{y - 7:.1f}" width="{width:.1f}" height="14"/>')
        parts.append(label(_LEFT + width + 8, y + 4, f"{value:,.0f} {unit}", "number"))
    return picture(_LEFT + _WIDTH + _RIGHT, 10 + _ROW * len(bars) + 10, told, _COLOURS, _RULES, parts)


def _figure(held: Held, place: Callable[[float], float], y: float, name: str) -> list[str]:
    numbers = [label(_COLUMNS[2], y + 4, f"{held.n}", "tick", "end")]
    if held.expected is not None:
        numbers.append(label(_COLUMNS[1], y + 4, share_told(held.expected), "outside" if held.covers is False else "tick", "end"))
    if held.value is None:
        return [label(_LEFT + 8, y + 4, "not enough documents", "tick"), *numbers]
    parts = []
    if held.low is not None and held.high is not None:
        parts.append(line(place(held.low), y, place(held.high), y, "whisker"))
    if held.expected is not None:
        parts.append(line(place(held.expected), y - 10, place(held.expected), y + 10, "truth"))
    if held.realised is not None:
        parts.append(f'<circle class="happened" cx="{place(held.realised):.1f}" cy="{y:.1f}" r="7"/>')
    parts.append(sign(0, place(held.value), y, f"{name}: {percent(held.value)} %, n = {held.n}"))
    return [*parts, label(_COLUMNS[0], y + 4, share_told(held.value), "number", "end"), *numbers]


def _legend(y: float) -> str:
    x = 60
    return (
        line(x, y - 4, x + 24, y - 4, "whisker")
        + sign(0, x + 12, y - 4, "estimate")
        + label(x + 34, y, "what the product says, with 95 %", "tick")
        + line(x + 250, y - 13, x + 250, y + 5, "truth")
        + label(x + 260, y, "expected of the habits", "tick")
        + f'<circle class="happened" cx="{x + 418}" cy="{y - 4:.1f}" r="7"/>'
        + label(x + 432, y, "what really happened; all in per cent", "tick")
    )


def named(rows: Iterable[Held]) -> dict[Name, Held]:
    """Figures by their names."""
    return {row.name: row for row in rows}
