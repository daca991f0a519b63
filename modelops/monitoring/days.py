"""Which days have to be counted, and when a day begins and ends. Days are those of UTC, wherever anybody sits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import F

from modelops.models import CountedDay

Fence = Callable[[], None]
"""Raises to refuse a late result; called in the transaction that writes."""


def no_fence() -> None:
    """Lets everything through."""


def day_of(at: dt.datetime) -> dt.date:
    """The day (UTC) of an instant."""
    return at.astimezone(dt.UTC).date()


def start_of(day: dt.date) -> dt.datetime:
    """The first instant of a day."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def end_of(day: dt.date) -> dt.datetime:
    """The first instant after a day; of the last day there is, its last."""
    return start_of(day) + dt.timedelta(days=1) if day < dt.date.max else dt.datetime.max.replace(tzinfo=dt.UTC)


def mark(days: Iterable[dt.date]) -> None:
    """These days have to be counted. Call it in the transaction that changed what they are counted from; two statements."""
    wanted = sorted(set(days))
    if not wanted:
        return
    CountedDay.objects.bulk_create([CountedDay(day=day, stale=False) for day in wanted], ignore_conflicts=True)
    CountedDay.objects.filter(day__in=wanted).update(stale=True, marks=F("marks") + 1)


def mark_from(day: dt.date) -> None:
    """Every day that was counted, from this one on, has to be counted again."""
    CountedDay.objects.filter(day__gte=day).update(stale=True, marks=F("marks") + 1)


def stale_days(limit: int = 400) -> list[dt.date]:
    """The days that have to be counted, the newest first."""
    return list(CountedDay.objects.filter(stale=True).order_by("-day").values_list("day", flat=True)[:limit])
