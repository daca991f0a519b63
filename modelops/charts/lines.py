"""Lines over days or steps: several series with their intervals, gaps where nothing is known, marked events, a target."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import ClassVar

from mlcore.axes import Axis, day_axis, finite, log_axis, number_axis, share_axis
from modelops.charts.line_data import At, Datum, Event, Series, event_table, is_known, place_of, say_at, summary_of, table_of
from modelops.charts.parts import SERIES, Caption, Frame, Key, Mark, Table, Tick, keys, sign, ticks_of
from modelops.charts.units import Unit, say, say_between, say_short

MOST_MARKS = 62
"""With more points than this a series is a line alone; single points and the last one keep their sign."""

MOST_POINTS = 400
"""Points of a series that are drawn; of more, every so many-th and the last. The table has no more than are drawn."""


@dataclass(frozen=True, slots=True)
class Flag:
    """An event as drawn. ``label`` is blank where there is no room for it; ``said`` is all of it. ``y`` is the base line of the label."""

    x: float
    y: float
    label: str
    anchor: str
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    """A series as drawn: path of the line and of the band of its intervals, signs; ``whiskers`` are intervals without a band."""

    series: int
    name: str
    path: str
    band: str
    marks: tuple[Mark, ...]
    whiskers: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """The chart, ready for ``modelops/charts/lines.html``. ``target`` is the height of the target line, ``target_label`` its word."""

    template: ClassVar[str] = "modelops/charts/lines.html"
    caption: Caption
    frame: Frame
    across: tuple[Tick, ...]
    down: tuple[Tick, ...]
    lines: tuple[Line, ...]
    flags: tuple[Flag, ...]
    target: float | None
    target_label: str
    keys: tuple[Key, ...]
    summary: str
    table: Table
    events: Table | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(line.marks or line.path for line in self.lines)


def line_chart(
    caption: Caption,
    series: Sequence[Series],
    unit: Unit,
    *,
    events: Sequence[Event] = (),
    target: float | None = None,
    log: bool = False,
    from_zero: bool = True,
    at_label: str = "Day",
    joined: bool = False,
    width: int = 720,
    height: int = 240,
) -> LineChart:
    """Draw. All of ``at`` are days, or all are numbers.

    A day further from the one before than twice the usual distance is a gap, unless ``joined``.
    """
    kept = [Series(each.name, _thinned(each.data)) for each in series]
    known = [datum for each in kept for datum in each.data if is_known(datum)]
    frame = Frame(width, height, 52.0, width - 14.0, 34.0 if events else 12.0, height - 28.0)
    upright = _upright(known, unit, frame, target, log=log, from_zero=from_zero)
    level = _level_axis([datum.at for each in kept for datum in each.data] + [event.at for event in events], frame)
    lines = tuple(_line(n, each, unit, level, upright, joined=joined) for n, each in enumerate(kept))
    goal = round(upright.place(target), 1) if target is not None and known else None
    return LineChart(
        caption=caption,
        frame=frame,
        across=ticks_of(upright),
        down=ticks_of(level, edge=(0, width)),
        lines=lines,
        flags=_flags(events, level, frame),
        target=goal,
        target_label=f"Target {say_short(target, unit)}" if target is not None else "",
        keys=keys([each.name for each in kept], always=target is not None),
        summary=summary_of(kept, unit),
        table=table_of(kept, unit, at_label),
        events=event_table(events, at_label),
    )


def _thinned(data: Sequence[Datum]) -> Sequence[Datum]:
    if len(data) <= MOST_POINTS:
        return data
    every = -(-len(data) // MOST_POINTS)
    return [*data[:-1:every], data[-1]]


def _upright(known: Sequence[Datum], unit: Unit, frame: Frame, target: float | None, *, log: bool, from_zero: bool) -> Axis:
    values = finite(bound for datum in known for bound in (datum.value, datum.low, datum.high)) + finite([target])
    if log:
        return log_axis(values, frame.bottom, frame.top, lambda value: say_short(value, unit))
    if unit is Unit.SHARE:
        made = share_axis(values, frame.bottom, frame.top)
        return Axis(made.place, tuple((at, f"{label} %") for at, label in made.ticks), made.low, made.high)
    return number_axis(
        values,
        frame.bottom,
        frame.top,
        lambda value: say_short(value, unit),
        from_zero=from_zero,
        whole=unit is Unit.COUNT,
        durations=unit is Unit.SECONDS,
    )


def _level_axis(ats: Sequence[At], frame: Frame) -> Axis:
    start, end = frame.left + 8, frame.right - 8
    days = [at for at in ats if isinstance(at, dt.date)]
    if days or not ats:
        return day_axis(days, start, end, most_ticks=max(2, int((end - start) // 80))) if days else Axis(lambda value: start, (), 0.0, 0.0)
    numbers = finite(at for at in ats if not isinstance(at, dt.date))
    span = (min(numbers), max(numbers)) if numbers else (0.0, 0.0)
    return number_axis(span, start, end, lambda value: say_short(value, Unit.COUNT), most_ticks=8, from_zero=False, whole=True)


def _line(number: int, series: Series, unit: Unit, level: Axis, upright: Axis, *, joined: bool) -> Line:
    marks = [
        [_mark(number, series.name, datum, unit, level.place, upright.place) for datum in run] for run in _runs(series.data, joined=joined)
    ]
    alone = tuple(run[0] for run in marks if len(run) == 1)
    every = [mark for run in marks for mark in run]
    shown = every if len(every) <= MOST_MARKS else [*alone, *every[-1:]]
    path = " ".join("M" + " L".join(f"{mark.x} {mark.y}" for mark in run) for run in marks if len(run) > 1)
    band = " ".join(_band(run) for run in marks if len(run) > 1)
    return Line(number % SERIES, series.name, path, band.strip(), tuple(shown), tuple(mark for mark in alone if mark.low is not None))


def _runs(data: Sequence[Datum], *, joined: bool) -> list[list[Datum]]:
    """Values that are joined: neighbours, none of them missing, none too far from the one before."""
    distances = [place_of(after.at) - place_of(before.at) for before, after in pairwise(data)]
    usual = median(distances) if distances and not joined and isinstance(data[0].at, dt.date) else math.inf
    runs: list[list[Datum]] = [[]]
    for number, datum in enumerate(data):
        if runs[-1] and (not is_known(datum) or distances[number - 1] > 2 * usual):
            runs.append([])
        if is_known(datum):
            runs[-1].append(datum)
    return [run for run in runs if run]


def _mark(number: int, name: str, datum: Datum, unit: Unit, x_of: Callable[[float], float], y_of: Callable[[float], float]) -> Mark:
    x, y = round(x_of(place_of(datum.at)), 1), round(y_of(datum.value or 0.0), 1)
    bounds = finite([datum.low]) and finite([datum.high])
    low, high = (round(y_of(datum.low or 0.0), 1), round(y_of(datum.high or 0.0), 1)) if bounds else (None, None)
    between = f" ({say_between(datum.low, datum.high, unit)})" if bounds else ""
    of = f", n = {datum.n:,}" if datum.n is not None else ""
    return Mark(x, y, low, high, sign(number, x, y), f"{name}, {say_at(datum.at)}: {say(datum.value, unit)}{between}{of}")


def _band(run: Sequence[Mark]) -> str:
    known = [(mark.x, mark.low, mark.high) for mark in run if mark.low is not None]
    if len(known) < 2:
        return ""
    return "M" + " L".join([*(f"{x} {high}" for x, _, high in known), *(f"{x} {low}" for x, low, _ in reversed(known))]) + "Z"


def _flags(events: Sequence[Event], level: Axis, frame: Frame) -> tuple[Flag, ...]:
    """Labels stand in two rows, where they do not run into each other."""
    ends = [-math.inf, -math.inf]
    flags = []
    for event in sorted(events, key=lambda event: place_of(event.at)):
        x, width = round(level.place(place_of(event.at)), 1), 6.2 * len(event.label) + 10
        anchor = "end" if x + width > frame.width else "start"
        left = x - width if anchor == "end" else x
        row = next((n for n, end in enumerate(ends) if left >= end), None)
        if row is not None:
            ends[row] = left + width
        words = event.label if row is not None else ""
        flags.append(Flag(x, 12.0 + 13 * (row or 0), words, anchor, f"{event.label}, {say_at(event.at)}"))
    return tuple(flags)
