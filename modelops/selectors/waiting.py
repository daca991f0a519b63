"""Who waits for what: the open tasks of each kind, and how long the oldest has waited. Three statements, off the indexes of the desks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone

from labeling.models import LabelingTask, TaskKind, TaskState
from labeling.models.tasks import LABELING_LINE, SENIOR_LINES

WHO = {
    TaskKind.LABEL: "Billers",
    TaskKind.SECOND_LABEL: "Billers",
    TaskKind.AUDIT: "Billers",
    TaskKind.REVIEW: "Seniors",
    TaskKind.ADJUDICATE: "Seniors",
}
"""Whom a task waits for."""

PAGES = {TaskKind.REVIEW: "review", TaskKind.ADJUDICATE: "adjudications"}
"""Name of the page with the tasks of a kind; the others are in the queue."""


@dataclass(frozen=True, slots=True)
class Line:
    """The open tasks of one kind. ``oldest_seconds`` is 0 without any."""

    kind: str
    name: str
    who: str
    page: str
    count: int
    oldest_seconds: int


def waiting_lines() -> list[Line]:
    """Every kind, in the order in which a document meets them. Tests that are reserved for one person are not among them."""
    found: dict[str, tuple[int, int]] = {}
    for line, kinds in ((LABELING_LINE, (TaskKind.LABEL, TaskKind.SECOND_LABEL, TaskKind.AUDIT)), (SENIOR_LINES, tuple(PAGES))):
        tasks = LabelingTask.objects.filter(line, reserved_for__isnull=True).order_by()
        counts = {f"n_{kind}": Count("pk", filter=Q(kind=kind)) for kind in kinds}
        firsts = {f"first_{kind}": Min("pk", filter=Q(kind=kind)) for kind in kinds}
        row = tasks.aggregate(**counts, **firsts)
        found |= {kind: (row[f"n_{kind}"], row[f"first_{kind}"] or 0) for kind in kinds}
    oldest = dict(LabelingTask.objects.filter(pk__in=[first for _, first in found.values() if first]).values_list("pk", "created_at"))
    now = timezone.now()
    order = (TaskKind.LABEL, TaskKind.SECOND_LABEL, TaskKind.REVIEW, TaskKind.ADJUDICATE, TaskKind.AUDIT)
    return [_line(kind, *found[kind], oldest, now) for kind in order]


def overdue_count() -> int:
    """Open tasks that are past the day on which they were due."""
    return LabelingTask.objects.filter(state=TaskState.OPEN, due_at__lte=timezone.now()).count()


def escalated_count() -> int:
    """Open tasks that somebody passed on to a senior."""
    return LabelingTask.objects.filter(state=TaskState.OPEN, escalated=True).count()


def _line(kind: TaskKind, count: int, first: int, oldest: dict[int, dt.datetime], now: dt.datetime) -> Line:
    age = int((now - oldest[first]).total_seconds()) if first in oldest else 0
    return Line(str(kind), str(kind.label), WHO[kind], PAGES.get(kind, "queue"), count, max(0, age))
