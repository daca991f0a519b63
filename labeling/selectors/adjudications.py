"""The list of adjudications: what waits for a senior, how long, and what kind of differences it has."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from invoices.models import User
from invoices.selectors.keyset import Ordering, ordering_named, read_cursor, slice_of
from labeling.adjudication.holding import labeled_by
from labeling.models import Adjudication, Difference, DifferenceCause
from labeling.selectors.documents import vendor_choices

PAGE_SIZE = 30
ORDERINGS = {
    "opened": Ordering("opened_at"),
    "resolved": Ordering("resolved_at"),
    "name": Ordering("document__name"),
    "vendor": Ordering("vendor_name"),
}
TABS = {"open": "Open", "resolved": "Resolved"}
DEFAULT_ORDERINGS = {"open": "opened", "resolved": "-resolved"}


@dataclass(frozen=True, slots=True)
class AdjudicationFilter:
    """What a person asked the list for. Values that do not exist are left out, so any address works."""

    tab: str = "open"
    vendor: int | None = None
    cause: str = ""
    field: str = ""
    text: str = ""
    sort: str = ""
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> AdjudicationFilter:
        """Read ``?state=&vendor=&cause=&field=&q=&sort=&cursor=``."""
        tab, vendor, cause = query.get("state", "open"), query.get("vendor", ""), query.get("cause", "")
        return cls(
            tab=tab if tab in TABS else "open",
            vendor=int(vendor) if vendor.isascii() and vendor.isdigit() and len(vendor) < 16 else None,
            cause=cause if cause in DifferenceCause.values else "",
            field=query.get("field", "").replace("\x00", "")[:80],
            text=query.get("q", "").replace("\x00", "").strip()[:200],
            sort=query.get("sort", ""),
            cursor=query.get("cursor", ""),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything inside of the tab is filtered out."""
        return bool(self.vendor or self.cause or self.field or self.text)


@dataclass(frozen=True, slots=True)
class AdjudicationRow:
    """``standing``: free | mine | held | own (this person labeled it) | resolved; ``causes`` are in order of frequency."""

    adjudication: Adjudication
    standing: str
    differences: int
    left: int
    critical: int
    causes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class AdjudicationList:
    """One page; ``counts`` has a number for each tab."""

    rows: list[AdjudicationRow]
    next: str
    previous: str
    sort: str
    counts: dict[str, int]
    vendors: list[tuple[int, str]]


def adjudication_list(user: User, wanted: AdjudicationFilter, page_size: int = PAGE_SIZE) -> AdjudicationList:
    """One page of adjudications: four queries. Those that wait for a third label are nobody's to see yet."""
    narrowed = _narrowed(Adjudication.objects.exclude(state=Adjudication.State.WAITING), wanted)
    counts = narrowed.aggregate(**{tab: Count("pk", filter=Q(state=tab)) for tab in TABS})
    orderings = ORDERINGS if wanted.tab == "resolved" else {name: order for name, order in ORDERINGS.items() if name != "resolved"}
    sort, ordering = ordering_named(wanted.sort, orderings, DEFAULT_ORDERINGS[wanted.tab])
    listed = narrowed.filter(state=wanted.tab).select_related("document__vendor", "task__assignee", "gold")
    listed = listed.annotate(vendor_name=Coalesce(F("document__vendor__name"), Value("")), is_own=labeled_by(user))
    page = slice_of(listed.defer("document__text_signature"), ordering, read_cursor(wanted.cursor), page_size)
    found = _differences([row.pk for row in page.rows])
    now = timezone.now()
    rows = [_row(row, _standing(row, user, now), found.get(row.pk, [])) for row in page.rows]
    return AdjudicationList(rows, page.next, page.previous, sort, counts, vendor_choices())


def open_count(user: User) -> int:
    """How many adjudications this person could settle."""
    return Adjudication.objects.filter(state=Adjudication.State.OPEN).exclude(labeled_by(user)).count()


def _narrowed(rows: QuerySet[Adjudication], wanted: AdjudicationFilter) -> QuerySet[Adjudication]:
    if wanted.vendor is not None:
        rows = rows.filter(document__vendor=wanted.vendor)
    if wanted.text:
        rows = rows.filter(Q(document__name__icontains=wanted.text) | Q(document__vendor__name__icontains=wanted.text))
    kind = {key: value for key, value in (("cause", wanted.cause), ("name", wanted.field)) if value}
    return rows.filter(pk__in=Difference.objects.filter(**kind).values("adjudication")) if kind else rows


def _differences(ids: list[int]) -> dict[int, list[tuple[str, bool, bool]]]:
    """Cause, settled and critical of every difference, by adjudication."""
    found: dict[int, list[tuple[str, bool, bool]]] = {}
    rows = Difference.objects.filter(adjudication__in=ids).values_list("adjudication", "cause", "choice", "critical")
    for adjudication, cause, choice, critical in rows:
        found.setdefault(adjudication, []).append((cause, bool(choice), critical))
    return found


def _row(row: Adjudication, standing: str, found: list[tuple[str, bool, bool]]) -> AdjudicationRow:
    causes = Counter(DifferenceCause(cause).label for cause, _, _ in found).most_common()
    left, critical = sum(not settled for _, settled, _ in found), sum(critical for *_, critical in found)
    return AdjudicationRow(row, standing, len(found), left, critical, tuple(causes))


def _standing(row: Adjudication, user: User, now: dt.datetime) -> str:
    if row.state == Adjudication.State.RESOLVED:
        return "resolved"
    if getattr(row, "is_own", False):
        return "own"
    task = row.task
    if task is None or task.assignee_id is None or task.lease_expires_at is None or task.lease_expires_at <= now:
        return "free"
    return "mine" if task.assignee_id == user.pk else "held"
