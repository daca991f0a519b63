"""What the rules are given: days as they were counted, by vendor; open tasks; what vendors are called outside."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q

from invoices.models import Vendor, VendorStatus
from labeling.models import LabelingTask, TaskKind, TaskState
from mlcore.alerting.estimate import MOST_WINDOWS, Estimate, days_looked_at
from mlcore.alerting.limits import Limits
from modelops.models import DailyMetric
from modelops.monitoring.estimates import Share, of_values, weighted
from modelops.monitoring.sums import AUDIT, SEEN

_COUNTS = (
    *("accepted_judged", "accepted_right", "received", "novel", "passed", "read_accepted", "read_review", "read_flagged"),
    *("judged_documents", "right_documents"),
)
_STRATA = (("documents", 2), ("values", 2), ("squares", 3))
_SUMS = tuple(f"strata__{stratum}__{name}" for stratum in (SEEN, AUDIT) for name, _ in _STRATA)
"""What is taken out of ``strata``, by the database: the rest of it, a hundred numbers a row, is not needed here."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row of ``DailyMetric`` as the rules need it; ``age`` in days, ``sums`` as in ``_SUMS`` (``None`` where there are none)."""

    age: int
    day: dt.date
    model_id: str
    counts: Mapping[str, int]
    sums: Sequence[Sequence[int] | None]


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are looked at, and those that they are compared with."""

    days: int
    now: tuple[DayRow, ...]
    before: tuple[DayRow, ...]


@dataclass(frozen=True)
class DaysRead:
    """The days that the rules look at, oldest first: of all vendors together (``overall``), and of each."""

    overall: list[DayRow] = field(default_factory=list)
    vendors: Mapping[int, list[DayRow]] = field(default_factory=dict)


def read_days(today: dt.date, limits: Limits) -> DaysRead:
    """One statement over the rows of so many days as the longest look reaches back."""
    reach = limits.window_days * MOST_WINDOWS + limits.before_days
    rows = DailyMetric.objects.filter(day__gt=today - dt.timedelta(days=reach), day__lte=today).order_by("day", "pk")
    vendors: dict[int, list[DayRow]] = defaultdict(list)
    overall: list[DayRow] = []
    for vendor_id, day, model_id, *found in rows.values_list("vendor_id", "day", "model_id", *_COUNTS, *_SUMS):
        counts, sums = found[: len(_COUNTS)], found[len(_COUNTS) :]
        row = DayRow((today - day).days, day, model_id, dict(zip(_COUNTS, counts, strict=True)), sums)
        (overall if vendor_id is None else vendors[vendor_id]).append(row)
    return DaysRead(overall, vendors)


def span_of(rows: Sequence[DayRow], limits: Limits) -> Span:
    """The days to look at: as many as it takes for the least number of documents (``days_looked_at``), and those before."""
    days = days_looked_at({row.age: row.counts["judged_documents"] for row in rows}, limits.window_days, limits.least_documents)
    now = tuple(row for row in rows if row.age < days)
    return Span(days, now, tuple(row for row in rows if days <= row.age < days + limits.before_days))


def estimate_of(rows: Sequence[DayRow], level: float) -> Estimate:
    """The accuracy of all documents of those days, those who were seen and those who passed each by their number; bounds at ``level``."""
    share = weighted(
        _share(rows, SEEN, level), _share(rows, AUDIT, level), max(0, _read(rows) - total(rows, "passed")), total(rows, "passed")
    )
    judged, right = total(rows, "judged_documents"), total(rows, "right_documents")
    return Estimate(share.value, share.low, share.high, share.n, judged - right)


def total(rows: Iterable[DayRow], name: str) -> int:
    """The sum of one count."""
    return sum(row.counts[name] for row in rows)


def outward_names(vendors: Sequence[int]) -> dict[int, str]:
    """What vendors are called in messages: a confirmed one by its name, any other by its number, for a program read its name off a page."""
    found = Vendor.objects.filter(pk__in=vendors).values_list("pk", "name", "status")
    confirmed = VendorStatus.CONFIRMED.value
    return {pk: " ".join(name.split())[:120] if status == confirmed else f"Vendor {pk} (not confirmed)" for pk, name, status in found}


def open_work() -> tuple[int, int]:
    """Open tasks of reviews, and open labels; one statement. Second labels and audits are of documents that are counted already."""
    tasks = LabelingTask.objects.filter(state=TaskState.OPEN, reserved_for=None, kind__in=[TaskKind.REVIEW, TaskKind.LABEL])
    counts = tasks.aggregate(review=Count("pk", filter=Q(kind=TaskKind.REVIEW)), label=Count("pk", filter=Q(kind=TaskKind.LABEL)))
    return counts["review"], counts["label"]


def _share(rows: Sequence[DayRow], stratum: str, level: float) -> Share:
    first = 0 if stratum == SEEN else len(_STRATA)
    documents, values, squares = (_added(rows, first + place, size) for place, (_, size) in enumerate(_STRATA))
    return of_values(documents[0], values[0], values[1], squares, level=level)


def _added(rows: Sequence[DayRow], place: int, size: int) -> list[int]:
    columns = zip(*(one for row in rows if (one := row.sums[place]) is not None), strict=True)
    return [sum(column) for column in columns] or [0] * size


def _read(rows: Iterable[DayRow]) -> int:
    return sum(row.counts["read_accepted"] + row.counts["read_review"] + row.counts["read_flagged"] for row in rows)
