"""Counting days: incremental, idempotent, exact. The one place that writes ``DailyMetric``.

What a day is added up from is kept for each document and brought up to date first (``refresh``); whatever changes there marks its days.
So a day costs what changed, and a truth that was replaced changes the day on which its document was settled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from invoices.models import Document
from modelops.errors import RequestInvalid
from modelops.models import CountedDay, DailyMetric
from modelops.monitoring.counted_documents import refresh_documents
from modelops.monitoring.counted_readings import refresh_readings
from modelops.monitoring.days import Fence, day_of, end_of, mark, no_fence, stale_days
from modelops.monitoring.summing import sums_of
from modelops.monitoring.sums import Sums

MOST_DAYS = 3660
"""Days of one back-fill."""

WRITTEN = tuple(one.name for one in DailyMetric._meta.concrete_fields if one.name not in ("id", "day", "vendor", "counted_at"))
"""The columns that counting fills in."""


def refresh(*, fence: Fence = no_fence) -> int:
    """Bring what days are added up from up to date; answers how many documents were looked at. Idempotent; can be stopped anywhere."""
    total = 0
    for look in (refresh_readings, refresh_documents):
        while done := look(fence=fence):
            total += done
    return total


def count_newer(*, now: dt.datetime | None = None, fence: Fence = no_fence) -> list[dt.date]:
    """Count today, days without numbers since the last one that has some, and all of which a document has changed; the daily job.

    Answers the days, the newest first. ``fence`` raises to refuse a late result.
    """
    now = now or timezone.now()
    refresh(fence=fence)
    with transaction.atomic():
        mark(_due(day_of(now)))
        fence()
    days = stale_days()
    for day in days:
        count_day(day, now=now, fence=fence)
    return days


def count_days(first: dt.date, last: dt.date, *, now: dt.datetime | None = None, fence: Fence = no_fence) -> list[dt.date]:
    """Count every day from ``first`` to ``last`` whatever is stored of them, and those of which a document has changed.

    Days to come are left out. Raises ``RequestInvalid`` for days in the wrong order or more than ``MOST_DAYS``.
    """
    now = now or timezone.now()
    days = [day for day in checked_days(first, last) if day <= day_of(now)]
    refresh(fence=fence)
    with transaction.atomic():
        mark(days)
        fence()
    for day in days:
        count_day(day, now=now, fence=fence)
    return days + [day for day in count_newer(now=now, fence=fence) if day not in days]


def count_day(day: dt.date, *, now: dt.datetime | None = None, fence: Fence = no_fence) -> int:
    """Count one day for all and for each vendor from what is kept; answers how many rows it has. Idempotent: equal rows stay as they are.

    A day that is not over has to be counted again. One counts a day at a time; ten statements, however many documents there are.
    """
    now = now or timezone.now()
    with transaction.atomic():
        CountedDay.objects.get_or_create(day=day)
        held = CountedDay.objects.select_for_update().get(day=day)
        scopes = sums_of(day, now)
        _write(day, scopes, now)
        CountedDay.objects.filter(day=day, marks=held.marks).update(stale=now < end_of(day), counted_at=now)
        fence()
    return len(scopes)


def differing(day: dt.date, *, now: dt.datetime | None = None) -> list[str]:
    """What a stored day has other than a count would have now, as ``vendor: column stored -> counted``; changes nothing.

    Of a day that is not over only what does not hang on the hour.
    """
    now = now or timezone.now()
    open_columns = {"waiting_label", "waiting_review", "waiting_oldest"} if day >= day_of(now) else set()
    stored = {row.vendor_id: row for row in DailyMetric.objects.filter(day=day)}
    counted = {vendor: _filled(DailyMetric(day=day, vendor_id=vendor), sums) for vendor, sums in sums_of(day, now).items()}
    found = []
    for vendor in sorted({*stored, *counted}, key=lambda key: (key is not None, key or 0)):
        name = "all" if vendor is None else f"vendor {vendor}"
        before, after = stored.get(vendor), counted.get(vendor)
        if before is None or after is None:
            found.append(f"{day} {name}: {'not stored' if before is None else 'stored, and nothing of it is left'}")
            continue
        for column in WRITTEN:
            one, other = getattr(before, column), getattr(after, column)
            if column not in open_columns and one != other:
                found.append(f"{day} {name}: {column} {one!r} -> {other!r}")
    return found


def checked_days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days from ``first`` to ``last``, both included. Raises ``RequestInvalid``."""
    if last < first:
        raise RequestInvalid("days_reversed", f"{first} is after {last}; give the earlier day first.")
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise RequestInvalid("too_many_days", f"{count} days from {first} to {last}; ask for {MOST_DAYS} at most.")
    return (first + dt.timedelta(days=number) for number in range(count))


def _due(today: dt.date) -> list[dt.date]:
    """Today, the days since the last counted one (since the first document came in) that have no numbers, and those of a vendor that
    went into another since."""
    newest = CountedDay.objects.filter(stale=False, day__lt=today).order_by("-day").values_list("day", flat=True).first()
    if newest is None:
        came = Document.objects.aggregate(first=Min("received_at"))["first"]
        newest = day_of(came) - dt.timedelta(days=1) if came else today - dt.timedelta(days=1)
    newest = max(newest, today - dt.timedelta(days=MOST_DAYS))
    merged = DailyMetric.objects.filter(vendor__merged_into__isnull=False).order_by().values_list("day", flat=True).distinct()
    days = [newest + dt.timedelta(days=number) for number in range(1, (today - newest).days + 1)]
    known = set(CountedDay.objects.filter(day__in=days, stale=False).values_list("day", flat=True))
    return [*(day for day in days if day not in known), *merged[:MOST_DAYS]]


def _write(day: dt.date, scopes: dict[int | None, Sums], now: dt.datetime) -> None:
    stored = {row.vendor_id: row for row in DailyMetric.objects.filter(day=day)}
    new, changed = [], []
    for vendor, sums in scopes.items():
        row = stored.pop(vendor, None)
        if row is None:
            new.append(_filled(DailyMetric(day=day, vendor_id=vendor, counted_at=now), sums))
            continue
        before = _columns(row)
        if _columns(_filled(row, sums)) != before:
            row.counted_at = now
            changed.append(row)
    _forget(stored.values())
    DailyMetric.objects.bulk_create(new, batch_size=500)
    DailyMetric.objects.bulk_update(changed, [*WRITTEN, "counted_at"], batch_size=200)


def _forget(rows: Iterable[DailyMetric]) -> None:
    gone = [row.pk for row in rows]
    if gone:
        DailyMetric.objects.filter(pk__in=gone).delete()


def _columns(row: DailyMetric) -> list[Any]:
    return [getattr(row, column) for column in WRITTEN]


def _filled(row: DailyMetric, sums: Sums) -> DailyMetric:
    counted: dict[str, Any] = sums.to_row()
    for column in WRITTEN:
        setattr(row, column, counted.get(column, 0))
    return row
