"""How numbers are written beside a chart: in full where they are read, shortly on an axis."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from enum import Enum

from mlcore.percent import NONE, in_percent

Number = float | Decimal


class Unit(Enum):
    """What is counted. Shares are 0..1, durations seconds, money dollars."""

    SHARE = "share"
    COUNT = "count"
    SECONDS = "seconds"
    MONEY = "money"
    NUMBER = "number"


def say(value: Number | None, unit: Unit) -> str:
    """A value in full: ``98.4 %``, ``12,340``, ``2 h 05 min``, ``$1,240.50``, ``0.0123``; a dash for none, and for what is no number.

    What is not all never reads as 100 %, what is not none never as 0 %.
    """
    if value is None or not math.isfinite(value):
        return NONE
    match unit:
        case Unit.SHARE:
            return in_percent(float(value)) if 0 <= value <= 1 else f"{100 * float(value):.1f} %"
        case Unit.COUNT:
            return f"{round(value):,}"
        case Unit.SECONDS:
            return _duration(float(value))
        case Unit.MONEY:
            return _money(Decimal(str(value)))
    return f"{float(value):.3g}" if abs(float(value)) < 1000 else f"{float(value):,.0f}"


def say_short(value: float, unit: Unit) -> str:
    """A value on an axis: ``98 %``, ``12k``, ``5 min``, ``$1.2k``."""
    match unit:
        case Unit.SHARE:
            return f"{100 * value:.3g} %"
        case Unit.SECONDS:
            return _short_duration(value)
        case Unit.MONEY:
            return f"${_thousands(value)}" if value >= 0 else f"−${_thousands(-value)}"
    return _thousands(value)


def say_between(low: float | None, high: float | None, unit: Unit) -> str:
    """An interval: ``97.1–99.0 %``; nothing where there is none."""
    if low is None or high is None:
        return ""
    lower, upper = say(low, unit), say(high, unit)
    return f"{lower.removesuffix(' %')}–{upper}" if unit is Unit.SHARE else f"{lower} to {upper}"


def say_day(day: dt.date) -> str:
    """``4 Nov 2026``."""
    return f"{day.day} {day:%b} {day.year}"


def _duration(seconds: float) -> str:
    if seconds < 0:
        return f"−{_duration(-seconds)}"
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 or seconds == round(seconds) else f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    if seconds < 600:
        return f"{round(seconds) // 60} min {round(seconds) % 60:02d} s" if round(seconds) % 60 else f"{round(seconds) // 60} min"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 10 * 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{round(minutes / 60)} h" if minutes < 48 * 60 else f"{minutes // 1440} d {minutes % 1440 // 60} h"


def _short_duration(seconds: float) -> str:
    size, word = next(((size, word) for size, word in ((86400, "d"), (3600, "h"), (60, "min")) if abs(seconds) >= size), (1, "s"))
    return "0" if not seconds else f"{seconds / size:.3g} {word}"


def _money(amount: Decimal) -> str:
    sign, amount = ("−", -amount) if amount < 0 else ("", amount)
    return f"{sign}${amount:,.0f}" if amount >= 10_000 else f"{sign}${amount:,.2f}"


def _thousands(value: float) -> str:
    for size, word in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= 10 * size or (abs(value) >= size and word != "k"):
            return f"{value / size:,.3g}{word}" if abs(value) < 1e15 else f"{value:.0e}"
    return f"{value:,.0f}" if value == round(value) else f"{value:.4g}"
