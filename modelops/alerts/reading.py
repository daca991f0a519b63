"""What the rules are given: counts of days by vendor, open tasks, the certificate of the model that serves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q

from invoices.models import Vendor, VendorStatus
from labeling.models import LabelingTask, TaskKind, TaskState
from mlcore.alerting.counted import MOST_WINDOWS, Counted, Day
from mlcore.alerting.limits import Limits
from modelops.models import DailyMetric

_COLUMNS = (
    *("vendor_id", "day", "model_id", "judged_values", "right_values", "judged_documents", "right_documents"),
    *("accepted_judged", "accepted_right", "received", "novel", "read_accepted"),
)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row of ``DailyMetric`` as the rules need it; ``age`` in days."""

    age: int
    day: dt.date
    model_id: str
    counted: Counted
    accepted_judged: int
    accepted_right: int
    received: int
    novel: int
    passed: int


@dataclass(frozen=True)
class DaysRead:
    """The days that the rules look at, newest last: of all vendors together (``overall``), and of each."""

    overall: list[DayRow] = field(default_factory=list)
    vendors: Mapping[int, list[DayRow]] = field(default_factory=dict)


def read_days(today: dt.date, limits: Limits) -> DaysRead:
    """One statement over the rows of so many days as the longest look reaches back."""
    reach = limits.window_days * MOST_WINDOWS + limits.before_days
    rows = DailyMetric.objects.filter(day__gt=today - dt.timedelta(days=reach), day__lte=today)
    vendors: dict[int, list[DayRow]] = defaultdict(list)
    overall: list[DayRow] = []
    for row in rows.order_by("day").values_list(*_COLUMNS):
        vendor_id, day, model_id, values, right_values, documents, right_documents, accepted, accepted_right, received, novel, passed = row
        counted = Counted(values, right_values, documents, right_documents)
        read = DayRow((today - day).days, day, model_id, counted, accepted, accepted_right, received, novel, passed)
        (overall if vendor_id is None else vendors[vendor_id]).append(read)
    return DaysRead(overall, vendors)


def days_of(rows: Sequence[DayRow]) -> list[Day]:
    """Rows as the rules of accuracy take them."""
    return [Day(row.age, row.counted) for row in rows]


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
