"""Days as they were counted: the series of one vendor or of all, what some days come to, and vendors side by side."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from invoices.models import Vendor
from modelops.errors import NotFound, RequestInvalid
from modelops.models import DailyMetric
from modelops.monitoring.totals import Totals

MOST_DAYS: Final = 400
"""Days of one series."""


@dataclass(frozen=True)
class Day:
    """One day. ``counted`` is false for a day of which nothing is stored: its figures are of nothing."""

    day: dt.date
    counted: bool
    totals: Totals

    def to_json(self) -> dict[str, Any]:
        """The day with its figures (``Totals.to_json``)."""
        counted_at = self.totals.newest.counted_at.isoformat() if self.totals.newest else None
        return {"day": self.day.isoformat(), "counted": self.counted, "counted_at": counted_at, **self.totals.to_json()}


@dataclass(frozen=True)
class VendorFigures:
    """What some days of one vendor come to."""

    vendor: Vendor
    totals: Totals


def series(start: dt.date, end: dt.date, vendor: int | None = None) -> list[Day]:
    """Every day from ``start`` to ``end``, both included, oldest first; of a vendor (its id), or of all. One statement.

    Raises ``RequestInvalid`` for days in the wrong order or more than ``MOST_DAYS``.
    """
    check_range(start, end)
    known = {row.day: row for row in _rows(start, end, vendor)}
    days = (start + dt.timedelta(days=number) for number in range((end - start).days + 1))
    return [Day(day, day in known, Totals.of([known[day]] if day in known else [])) for day in days]


def window(start: dt.date, end: dt.date, vendor: int | None = None) -> Totals:
    """What the days from ``start`` to ``end``, both included, come to. One statement. Raises ``RequestInvalid``."""
    check_range(start, end)
    return Totals.of(_rows(start, end, vendor))


def by_vendor(start: dt.date, end: dt.date) -> list[VendorFigures]:
    """Every vendor of which something was counted from ``start`` to ``end``: where the value accuracy may be lowest first, then those
    without one, by name. Two statements. Raises ``RequestInvalid``."""
    check_range(start, end)
    totals: dict[int, Totals] = defaultdict(Totals)
    rows = DailyMetric.objects.filter(day__gte=start, day__lte=end, vendor__isnull=False).order_by("day", "pk")
    for row in rows.iterator(chunk_size=500):
        totals[row.vendor_id or 0].add(row)
    vendors = Vendor.objects.in_bulk(list(totals))
    found = [VendorFigures(vendors[pk], own) for pk, own in totals.items() if pk in vendors]
    return sorted(found, key=lambda one: (*_place(one.totals), one.vendor.name.casefold(), one.vendor.pk))


def known_vendor(vendor_id: int) -> Vendor:
    """The vendor of that id, of a merged one the one that took it over. Raises ``NotFound``."""
    vendor = Vendor.objects.select_related("merged_into").filter(pk=vendor_id).first()
    if vendor is None:
        raise NotFound("vendor_unknown", f"There is no vendor {vendor_id}.")
    return vendor.standing


def check_range(start: dt.date, end: dt.date) -> None:
    """Raises ``RequestInvalid`` for days in the wrong order or more than ``MOST_DAYS``."""
    if end < start:
        raise RequestInvalid("days_reversed", f"{start} is after {end}; give the earlier day first.")
    if (end - start).days + 1 > MOST_DAYS:
        raise RequestInvalid("too_many_days", f"{(end - start).days + 1} days from {start} to {end}; ask for {MOST_DAYS} at most.")


def _rows(start: dt.date, end: dt.date, vendor: int | None) -> list[DailyMetric]:
    return list(DailyMetric.objects.filter(day__gte=start, day__lte=end, vendor=vendor).order_by("day"))


def _place(totals: Totals) -> tuple[int, float]:
    low = totals.values.low
    return (1, 0.0) if low is None else (0, low)
