"""Axes of charts: from values to pixels, with round ends and ticks that can be read. Numbers in, numbers out; nobody draws here.

What is not a finite number is left out, and what lies beyond ``MOST`` is taken for it. Every axis holds all values that it was made
of, also when there is none, one, or the same one many times.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST = 1e30
"""Largest number that has a place of its own."""

_SHARE_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
_DURATION_STEPS = (
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200),
    *(86_400, 172_800, 432_000, 864_000, 1_728_000, 4_320_000, 8_640_000),
)
_DAY_STEPS = (1, 2, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True)
class Axis:
    """From values to pixels. ``ticks`` are ``(pixel, label)``."""

    place: Callable[[float], float]
    ticks: tuple[tuple[float, str], ...]
    low: float
    high: float


def finite(values: Iterable[float | None]) -> list[float]:
    """Those that are numbers, none beyond ``MOST``."""
    return [max(-MOST, min(MOST, float(value))) for value in values if value is not None and math.isfinite(value)]


def share_axis(values: Sequence[float], start: float, end: float, most_ticks: int = 6) -> Axis:
    """An axis of shares in per cent that holds the values, with round ends; shares end at 0 and 1.

    A truncated axis is right for points and lines, and wrong for bars.
    """
    known = [max(0.0, min(1.0, value)) for value in finite(values)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    step = next((s for s in _SHARE_STEPS if (high - low) / s <= most_ticks - 2), 0.25)
    first, last = max(0, math.floor(low / step + 1e-9)), min(round(1 / step), math.ceil(high / step - 1e-9))
    if last - first < 2:
        first, last = max(0, last - 2), max(last, first + 2) if first + 2 <= round(1 / step) else last
    bottom, top = first * step, last * step
    decimals = 1 if step < 0.01 else 0
    place = _straight(bottom, top, start, end)
    return Axis(place, tuple((place(n * step), f"{100 * n * step:.{decimals}f}") for n in range(first, last + 1)), bottom, top)


def number_axis(
    values: Iterable[float | None],
    start: float,
    end: float,
    said: Callable[[float], str],
    *,
    most_ticks: int = 6,
    from_zero: bool = True,
    whole: bool = False,
    durations: bool = False,
) -> Axis:
    """An axis of numbers in steps of 1, 2 or 5 times a power of ten; ``from_zero`` keeps the 0 on it, ``whole`` has no step below 1.

    ``durations`` are seconds, in steps that are round in minutes, hours or days.
    """
    known = finite(values)
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if from_zero:
        low, high = min(0.0, low), max(0.0, high)
    if high - low <= max(1e-9 * max(abs(low), abs(high)), 1e-12):
        margin = max(abs(high) * 0.1, 1e-6) if high or not from_zero else 1.0
        low, high = (low if from_zero and low == 0 else low - margin), high + margin
    rough = (high - low) / max(1, most_ticks - 2)
    step = next((float(each) for each in _DURATION_STEPS if each >= rough), 0.0) if durations and rough >= 0.05 else 0.0
    step = step or _round_step(rough)
    if whole:
        step = max(1.0, step)
    first, last = math.floor(low / step + 1e-9), max(math.ceil(high / step - 1e-9), math.floor(low / step + 1e-9) + 1)
    place = _straight(first * step, last * step, start, end)
    return Axis(place, tuple((place(n * step), said(n * step)) for n in range(first, last + 1)), first * step, last * step)


def log_axis(values: Iterable[float | None], start: float, end: float, said: Callable[[float], str]) -> Axis:
    """A logarithmic axis of numbers above 0 (the others are left out) with ticks at powers of ten, and at 2 and 5 times where few."""
    known = [max(1e-30, value) for value in finite(values) if value > 0]
    low, high = (min(known), max(known)) if known else (1.0, 10.0)
    marks = _log_marks(low, high)
    below, above = math.log10(marks[0]), math.log10(marks[-1])

    def place(value: float) -> float:
        position = math.log10(max(value, 1e-30)) if value > 0 else below
        return start + (max(below, min(above, position)) - below) / (above - below) * (end - start)

    return Axis(place, tuple((place(mark), said(mark)) for mark in marks), marks[0], marks[-1])


def day_axis(days: Iterable[dt.date], start: float, end: float, *, most_ticks: int = 8) -> Axis:
    """An axis of days (as ordinals): ticks at single days, Mondays or firsts of months, whatever is few enough; a year where it is new."""
    known = [day.toordinal() for day in days]
    low, high = (min(known), max(known)) if known else (1, 1)
    place = _straight(low, high, start, end) if high > low else (lambda value: (start + end) / 2)
    marks = _day_marks(dt.date.fromordinal(low), dt.date.fromordinal(high), max(2, most_ticks))
    return Axis(place, tuple((place(day.toordinal()), word) for day, word in marks), float(low), float(high))


def month_ticks(first: dt.date, last: dt.date, months: int) -> list[dt.date]:
    """Firsts of months from ``first`` to ``last``, those that a year divides into ``months``."""
    found, month = [], first.year * 12 + first.month - 1
    month += first.day > 1
    while month // 12 <= min(last.year, 9998) and (day := dt.date(month // 12, month % 12 + 1, 1)) <= last:
        if month % months == 0:
            found.append(day)
        month += 1
    return found


def spread(places: Sequence[float], gap: float) -> list[float]:
    """The same places, moved apart as little as needed so that no two are nearer than ``gap``."""
    order = sorted(range(len(places)), key=lambda n: places[n])
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    shift = sum(moved[n] - places[n] for n in order) / max(len(order), 1)
    return [place - shift for place in moved]


def _straight(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    def place(value: float) -> float:
        return start + (max(low, min(high, value)) - low) / (high - low) * (end - start)

    return place


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(float(times * power) for times in (1, 2, 5, 10) if times * power >= rough * (1 - 1e-9))


def _log_marks(low: float, high: float) -> list[float]:
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    every, times = (1, (1, 2, 5)) if last - first <= 1 else (-(-(last - first) // 6), (1,))
    marks = [float(f"{n}e{power}") for power in range(first - 1, last + every + 1, every) for n in times]
    lower = max(mark for mark in marks if mark <= low * (1 + 1e-9))
    upper = min(mark for mark in marks if mark >= high * (1 - 1e-9) and mark > lower)
    return [mark for mark in marks if lower <= mark <= upper]


def _day_marks(first: dt.date, last: dt.date, most: int) -> list[tuple[dt.date, str]]:
    span = (last - first).days
    step = next((days for days in _DAY_STEPS if span // days + 1 <= most), None)
    if step is not None:
        offset = -first.weekday() % 7 if step >= 7 else 0
        return _with_years([first + dt.timedelta(days=n) for n in range(offset, span + 1, step)], monthly=False)
    for months in _MONTH_STEPS:
        if len(found := month_ticks(first, last, months)) <= most:
            return _with_years(found, monthly=True)
    return _with_years([first, last], monthly=True)


def _with_years(days: Sequence[dt.date], *, monthly: bool) -> list[tuple[dt.date, str]]:
    marks, year = [], None
    for day in days:
        word = f"{day:%b}" if monthly else f"{day.day} {day:%b}"
        marks.append((day, f"{word} {day.year}" if day.year != year and (monthly or year is not None) else word))
        year = day.year
    return marks
