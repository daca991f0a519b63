"""The review queue: worst and most valuable first, filtered by field in doubt, vendor and cause."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from invoices.models import User
from invoices.selectors.keyset import Ordering, ordering_named, read_cursor, slice_of
from labeling.models import DoubtCause, FieldDoubt, LabelingTask, TaskKind, TaskState
from labeling.review.hours import Pace, pace
from labeling.selectors.documents import vendor_choices
from labeling.selectors.queue import QueueRow, standing_of
from labeling.selectors.stored_text import StoredText
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, spec_for

PAGE_SIZE = 30
ORDERINGS = {"risk": Ordering("priority", oldest_first=True), "waiting": Ordering("pk")}
DEFAULT_ORDERING = "-risk"
FIELDS = {
    "": "The document",
    **{s.name: s.label for s in HEADER_FIELDS},
    **{f"line_items.{s.name}": f"Line: {s.label}" for s in LINE_ITEM_FIELDS},
}
ANY = FieldDoubt.ANY

FEW = 500
"""So many tasks are sorted for a page without thinking about it."""


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What a person asked the queue for. Values that do not exist are left out, so any address works."""

    field: str = ANY
    cause: str = ""
    vendor: int | None = None
    sort: str = DEFAULT_ORDERING
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> ReviewFilter:
        """Read ``?field=&cause=&vendor=&sort=&cursor=``."""
        field, cause, vendor = query.get("field", ""), query.get("cause", ""), query.get("vendor", "")
        return cls(
            field=field if field in FIELDS and field else ANY,
            cause=cause if cause in DoubtCause.values else "",
            vendor=int(vendor) if vendor.isascii() and vendor.isdigit() and len(vendor) < 16 else None,
            sort=query.get("sort", DEFAULT_ORDERING),
            cursor=query.get("cursor", ""),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything besides the cause, which is a tab, is filtered out."""
        return bool(self.vendor) or self.field != ANY


@dataclass(frozen=True, slots=True)
class DoubtChip:
    """The fields that are doubted for one cause, in words."""

    cause: str
    fields: str


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One document to review: how it stands, its total, and why it is here."""

    row: QueueRow
    total: str
    doubts: list[DoubtChip]

    @property
    def task(self) -> LabelingTask:
        """The task itself."""
        return self.row.task


@dataclass(frozen=True)
class ReviewList:
    """One page of the queue. ``counts`` is for each cause (``""``: all); ``oldest`` and ``predicted_hours`` are of what matches."""

    rows: list[ReviewRow]
    next: str
    previous: str
    sort: str
    counts: dict[str, int]
    oldest: dt.datetime | None
    pace: Pace
    vendors: list[tuple[int, str]]

    def hours(self, cause: str) -> float | None:
        """Hours for what is left of a cause, or ``None`` without enough data."""
        return self.pace.hours(self.counts[cause])


def review_list(user: User, wanted: ReviewFilter) -> ReviewList:
    """One page: seven queries. Reviews that nobody described yet are not among them."""
    now = timezone.now()
    open_reviews = LabelingTask.objects.filter(kind=TaskKind.REVIEW, state=TaskState.OPEN)
    if wanted.vendor is not None:
        open_reviews = open_reviews.filter(document__vendor_id=wanted.vendor)
    doubts = _doubts_of(wanted)
    counts = dict.fromkeys(DoubtCause.values, 0) | dict(doubts.values_list("cause").annotate(Count("pk")))
    counts[""] = counts.pop(ANY, 0)
    matching = _matching(open_reviews, wanted, counts[wanted.cause])
    sort, ordering = ordering_named(wanted.sort, ORDERINGS, DEFAULT_ORDERING)
    listed = matching.select_related("document", "document__vendor", "assignee", "postponed_by").defer("document__text_signature")
    page = slice_of(listed.annotate(total=StoredText("prediction__record", "total")), ordering, read_cursor(wanted.cursor), PAGE_SIZE)
    chips = _doubts([task.pk for task in page.rows])
    return ReviewList(
        rows=[
            ReviewRow(QueueRow(task, standing_of(task, user, now)), getattr(task, "total", None) or "", chips.get(task.pk, []))
            for task in page.rows
        ],
        next=page.next,
        previous=page.previous,
        sort=sort,
        counts=counts,
        oldest=matching.order_by("pk").values_list("created_at", flat=True).first(),
        pace=pace(),
        vendors=vendor_choices(),
    )


def _doubts_of(wanted: ReviewFilter) -> QuerySet[FieldDoubt]:
    """The doubts that match, whatever their cause; a task has one for each cause, and one for all of them."""
    doubts = FieldDoubt.objects.filter(name=wanted.field, task__kind=TaskKind.REVIEW, task__state=TaskState.OPEN)
    return doubts if wanted.vendor is None else doubts.filter(task__document__vendor=wanted.vendor)


def _matching(tasks: QuerySet[LabelingTask], wanted: ReviewFilter, count: int) -> QuerySet[LabelingTask]:
    """Few that match are looked up and sorted; of many a page is soon found on the way down the index of the order."""
    if not wanted.cause and wanted.field == ANY:
        return tasks
    doubts = FieldDoubt.objects.filter(name=wanted.field, cause=wanted.cause or ANY)
    return tasks.filter(pk__in=doubts.values("task")) if count <= FEW else tasks.filter(Exists(doubts.filter(task=OuterRef("pk"))))


def _doubts(task_ids: list[int]) -> dict[int, list[DoubtChip]]:
    """The doubts of some tasks, by cause in the order of ``DoubtCause``: one query."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    named = FieldDoubt.objects.filter(task__in=task_ids).exclude(Q(name=ANY) | Q(cause=ANY)).order_by("pk")
    for task_id, name, cause in named.values_list("task", "name", "cause"):
        found[task_id][cause].append(spec_for(name).label if name in FIELDS and name else FIELDS[""])
    order = list(DoubtCause.values)
    return {
        task_id: [DoubtChip(cause, _listed(by_cause[cause])) for cause in order if cause in by_cause] for task_id, by_cause in found.items()
    }


def _listed(labels: list[str]) -> str:
    unique = list(dict.fromkeys(labels))
    return ", ".join(unique[:3]) + (f" and {len(unique) - 3} more" if len(unique) > 3 else "")
