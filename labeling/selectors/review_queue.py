"""The review queue: worst and most valuable first, filtered by field in doubt, vendor and cause."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
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
ORDERINGS = {"risk": Ordering("priority", oldest_first=True), "waiting": Ordering("created_at")}
DEFAULT_ORDERING = "-risk"
FIELDS = {
    "": "The document",
    **{s.name: s.label for s in HEADER_FIELDS},
    **{f"line_items.{s.name}": f"Line: {s.label}" for s in LINE_ITEM_FIELDS},
}
ANY = "any"


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
        field, cause, vendor = query.get("field", ANY), query.get("cause", ""), query.get("vendor", "")
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
    """One page: six queries."""
    now = timezone.now()
    narrowed = _narrowed(LabelingTask.objects.filter(kind=TaskKind.REVIEW, state=TaskState.OPEN), wanted)
    per_cause = {cause: Count("pk", filter=_doubted(wanted.field, cause)) for cause in DoubtCause.values}
    counted = _of_field(narrowed, wanted.field).aggregate(every=Count("pk"), oldest=Min("created_at"), **per_cause)
    sort, ordering = ordering_named(wanted.sort, ORDERINGS, DEFAULT_ORDERING)
    matching = narrowed.filter(_doubted(wanted.field, wanted.cause)) if wanted.cause or wanted.field != ANY else narrowed
    listed = matching.select_related("document", "document__vendor", "assignee", "postponed_by").defer("document__text_signature")
    page = slice_of(listed.annotate(total=StoredText("prediction__record", "total")), ordering, read_cursor(wanted.cursor), PAGE_SIZE)
    doubts = _doubts([task.pk for task in page.rows])
    return ReviewList(
        rows=[
            ReviewRow(QueueRow(task, standing_of(task, user, now)), getattr(task, "total", None) or "", doubts.get(task.pk, []))
            for task in page.rows
        ],
        next=page.next,
        previous=page.previous,
        sort=sort,
        counts={"": counted["every"], **{cause: counted[cause] for cause in DoubtCause.values}},
        oldest=counted["oldest"],
        pace=pace(),
        vendors=vendor_choices(),
    )


def _narrowed(tasks: QuerySet[LabelingTask], wanted: ReviewFilter) -> QuerySet[LabelingTask]:
    return tasks.filter(document__vendor_id=wanted.vendor) if wanted.vendor is not None else tasks


def _of_field(tasks: QuerySet[LabelingTask], field: str) -> QuerySet[LabelingTask]:
    return tasks if field == ANY else tasks.filter(_doubted(field, ""))


def _doubted(field: str, cause: str) -> Exists:
    wanted = Q(task=OuterRef("pk"))
    if field != ANY:
        wanted &= Q(name=field)
    if cause:
        wanted &= Q(cause=cause)
    return Exists(FieldDoubt.objects.filter(wanted))


def _doubts(task_ids: list[int]) -> dict[int, list[DoubtChip]]:
    """The doubts of some tasks, by cause in the order of ``DoubtCause``: one query."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for task_id, name, cause in FieldDoubt.objects.filter(task__in=task_ids).order_by("pk").values_list("task", "name", "cause"):
        found[task_id][cause].append(spec_for(name).label if name in FIELDS and name else FIELDS[""])
    order = list(DoubtCause.values)
    return {
        task_id: [DoubtChip(cause, _listed(by_cause[cause])) for cause in order if cause in by_cause] for task_id, by_cause in found.items()
    }


def _listed(labels: list[str]) -> str:
    unique = list(dict.fromkeys(labels))
    return ", ".join(unique[:3]) + (f" and {len(unique) - 3} more" if len(unique) > 3 else "")
