"""The queue as a list: what is open, held, put away or done, for the people who may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from invoices.models import User
from invoices.selectors.keyset import Ordering, ordering_named, read_cursor, slice_of
from labeling.due import SOON
from labeling.models import LabelingTask, TaskKind, TaskState
from labeling.selectors.documents import vendor_choices
from labeling.task_list import of_shown_kind, told_kind, visible_tasks

PAGE_SIZE = 30
ORDERINGS = {
    "priority": Ordering("priority", oldest_first=True),
    "waiting": Ordering("created_at"),
    "name": Ordering("document__name"),
    "vendor": Ordering("vendor_name"),
}
DEFAULT_ORDERING = "-priority"
TABS = {
    "open": "Open",
    "mine": "With me",
    "held": "With others",
    "postponed": "Put away",
    "due": "Due",
    "escalated": "Needs a senior",
    "done": "Done",
}


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a person asked the queue for. Values that do not exist are left out, so any address works."""

    tab: str = "open"
    kind: str = ""
    vendor: int | None = None
    text: str = ""
    sort: str = DEFAULT_ORDERING
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> QueueFilter:
        """Read ``?tab=&kind=&vendor=&q=&sort=&cursor=``."""
        tab, kind, vendor = query.get("tab", "open"), query.get("kind", ""), query.get("vendor", "")
        return cls(
            tab=tab if tab in TABS else "open",
            kind=kind if kind in TaskKind.values else "",
            vendor=int(vendor) if vendor.isascii() and vendor.isdigit() and len(vendor) < 16 else None,
            text=query.get("q", "").replace("\x00", "").strip()[:200],
            sort=query.get("sort", DEFAULT_ORDERING),
            cursor=query.get("cursor", ""),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything inside of the tab is filtered out."""
        return bool(self.kind or self.vendor or self.text)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One task as this person sees it. ``standing``: free | mine | held | postponed | done | withdrawn."""

    task: LabelingTask
    standing: str

    @property
    def kind(self) -> str:
        """The kind as people are told."""
        return str(TaskKind(told_kind(self.task)).label)

    @property
    def can_open(self) -> bool:
        """Whether this person can work on it now."""
        return self.standing in ("free", "mine", "postponed")


@dataclass(frozen=True)
class QueueList:
    """One page of the queue; ``counts`` has a number for each tab."""

    rows: list[QueueRow]
    next: str
    previous: str
    sort: str
    counts: dict[str, int]
    vendors: list[tuple[int, str]]


def queue_list(user: User, wanted: QueueFilter) -> QueueList:
    """One page of tasks: three queries."""
    now = timezone.now()
    tabs = _tabs(user, now)
    tasks = _narrowed(visible_tasks(user), wanted)
    counts = tasks.aggregate(**{name: Count("pk", filter=condition) for name, condition in tabs.items()})
    sort, ordering = ordering_named(wanted.sort, ORDERINGS, DEFAULT_ORDERING)
    listed = (
        tasks.filter(tabs[wanted.tab])
        .select_related("document", "document__vendor", "assignee", "postponed_by", "adjudication")
        .defer("document__text_signature")
        .annotate(vendor_name=Coalesce(F("document__vendor__name"), Value("")))
    )
    page = slice_of(listed, ordering, read_cursor(wanted.cursor), PAGE_SIZE)
    return QueueList(
        rows=[QueueRow(task, standing_of(task, user, now)) for task in page.rows],
        next=page.next,
        previous=page.previous,
        sort=sort,
        counts=counts,
        vendors=vendor_choices(),
    )


def _tabs(user: User, now: dt.datetime) -> dict[str, Q]:
    """The condition of each tab."""
    is_open = Q(state=TaskState.OPEN)
    held = Q(assignee__isnull=False, lease_expires_at__gt=now)
    away = Q(postponed_until__gt=now)
    return {
        "open": is_open & ~held & ~away,
        "mine": is_open & held & Q(assignee=user),
        "held": is_open & held & ~Q(assignee=user),
        "postponed": is_open & away & ~held,
        "due": is_open & Q(due_at__lte=now + SOON),
        "escalated": is_open & Q(escalated=True),
        "done": Q(state=TaskState.DONE),
    }


def _narrowed(tasks: QuerySet[LabelingTask], wanted: QueueFilter) -> QuerySet[LabelingTask]:
    if wanted.kind:
        tasks = of_shown_kind(tasks, wanted.kind)
    if wanted.vendor is not None:
        tasks = tasks.filter(document__vendor_id=wanted.vendor)
    if wanted.text:
        tasks = tasks.filter(Q(document__name__icontains=wanted.text) | Q(document__vendor__name__icontains=wanted.text))
    return tasks


def standing_of(task: LabelingTask, user: User, now: dt.datetime) -> str:
    """How a task stands for a person: a standing of ``QueueRow``."""
    if task.state != TaskState.OPEN:
        return str(task.state)
    if task.assignee_id is not None and task.lease_expires_at is not None and task.lease_expires_at > now:
        return "mine" if task.assignee_id == user.pk else "held"
    return "postponed" if task.postponed_until is not None and task.postponed_until > now else "free"
