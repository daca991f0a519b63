"""What lines are drawn of, and the same as a table."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.percent import NONE
from modelops.charts.parts import Cell, Table, table
from modelops.charts.units import Unit, say, say_between, say_day

At = dt.date | float


@dataclass(frozen=True, slots=True)
class Datum:
    """A value on a day or after a step. ``value`` ``None``: not known, the line has a gap. ``n``: of how many. ``href``: what is behind."""

    at: At
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Values in order of ``at``, and what they are called."""

    name: str
    data: Sequence[Datum]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, marked by an upright line: ``Model 4``."""

    at: At
    label: str
    href: str = ""


def place_of(at: At) -> float:
    """A day or step as a number."""
    return float(at.toordinal()) if isinstance(at, dt.date) else float(at)


def say_at(at: At) -> str:
    """A day or step in words."""
    return say_day(at) if isinstance(at, dt.date) else f"{at:,.10g}"


def is_known(datum: Datum) -> bool:
    return datum.value is not None and math.isfinite(datum.value)


def summary_of(series: Sequence[Series], unit: Unit) -> str:
    """First and last value of every series, for those who do not see the drawing."""
    told = []
    for each in series:
        known = [datum for datum in each.data if is_known(datum)]
        if known:
            first, last = (f"{say(datum.value, unit)} at {say_at(datum.at)}" for datum in (known[0], known[-1]))
            told.append(f"{each.name}: {first}, {last}.")
    return " ".join(told)


def table_of(series: Sequence[Series], unit: Unit, at_label: str) -> Table:
    """The newest first. Interval and n of a series only where any is known."""
    rows: dict[At, dict[str, Datum]] = {}
    for each in series:
        for datum in each.data:
            rows.setdefault(datum.at, {})[each.name] = datum
    with_interval = {each.name for each in series if any(datum.low is not None for datum in each.data)}
    counted = {each.name for each in series if any(datum.n is not None for datum in each.data)}
    head = [at_label]
    for each in series:
        head += [each.name, *(["95 % interval"] if each.name in with_interval else []), *(["n"] if each.name in counted else [])]
    made = []
    for at in sorted(rows, key=place_of, reverse=True):
        cells: list[str | Cell] = [Cell(say_at(at), href=next((datum.href for datum in rows[at].values() if datum.href), ""))]
        for each in series:
            found = rows[at].get(each.name, Datum(at, None))
            cells.append(say(found.value, unit))
            if each.name in with_interval:
                cells.append(say_between(found.low, found.high, unit) or NONE)
            if each.name in counted:
                cells.append(say(found.n, Unit.COUNT))
        made.append(cells)
    return table(head, made)


def event_table(events: Sequence[Event], at_label: str) -> Table | None:
    if not events:
        return None
    ordered = sorted(events, key=lambda event: place_of(event.at), reverse=True)
    return table([at_label, "Marked"], [[say_at(event.at), Cell(event.label, href=event.href)] for event in ordered])
