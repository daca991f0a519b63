"""Everybody's quality side by side, in the order of their names: numbers with intervals are no ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from invoices.models import Role, User
from invoices.selectors.keyset import Ordering, Slice, read_cursor, slice_of
from labeling.models import QualityPeriod, QualitySums
from labeling.quality.changes import SUGGESTED, UNSEEN
from labeling.selectors.quality import user_json
from labeling.selectors.quality_rows import Totals, Window, periods_of, readable, sums_of
from mlcore.agreement.anchoring import COLUMNS, Anchoring, anchoring_of
from mlcore.agreement.sums import Sums

PAGE_SIZE = 50
ANCHORING_PAGE = 25
ALL_TIME = Window.named("all")
_BY_NAME = Ordering("username")


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person's numbers in short."""

    person: User
    totals: Totals

    def to_json(self) -> dict[str, Any]:
        """One result of the API's list."""
        totals = self.totals
        accuracy = {"documents": totals.judged, "exact": totals.exact_share.to_json(), "critical": totals.critical_share.to_json()}
        counts = {"documents": totals.documents, "reviews": totals.reviews, "skips": totals.skipped}
        keys = {"typed": totals.keystrokes, "saved": totals.kept}
        return {"user": user_json(self.person), **counts, "accuracy": accuracy, "seconds": totals.seconds.to_json(), "keystrokes": keys}


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of people; ``next`` and ``previous`` are cursors."""

    rows: list[PersonRow]
    next: str
    previous: str


@dataclass(frozen=True, slots=True)
class AnchoringRow:
    """The meter of one person, for one field or (``""``) all."""

    person: User
    meter: Anchoring

    def to_json(self) -> dict[str, Any]:
        """One result of the API's list."""
        return {"user": user_json(self.person), **self.meter.to_json()}


@dataclass(frozen=True, slots=True)
class AnchoringPage:
    """The meter of everybody together by field, and of a page of people for the field that was asked for."""

    everybody: dict[str, Anchoring]
    rows: list[AnchoringRow]
    next: str
    previous: str


def people_quality(viewer: User, window: Window, cursor: str, *, size: int = PAGE_SIZE) -> PeoplePage:
    """One page of people: two statements; rows by people and months."""
    page = _page(cursor, size)
    periods = periods_of([person.pk for person in page.rows], window, unit=QualityPeriod.Unit.MONTH, alone=viewer.pk)
    return PeoplePage([PersonRow(person, total) for person, total in _totals(page.rows, periods)], page.next, page.previous)


def anchoring_by_person(field: str, cursor: str, *, size: int = ANCHORING_PAGE) -> AnchoringPage:
    """The anchoring meter of all time: three statements, one row of sums for each person of the page."""
    together = sums_of(None, ALL_TIME, (SUGGESTED, UNSEEN))
    page = _page(cursor, size)
    stored = QualitySums.objects.filter(person__in=page.rows, kind=SUGGESTED, month=None)
    sums = {row.person_id: readable(row) for row in stored}
    nothing = Sums.empty(COLUMNS, together[UNSEEN].poisson)
    rows = [AnchoringRow(person, anchoring_of(sums.get(person.pk, nothing), together[UNSEEN])[field]) for person in page.rows]
    return AnchoringPage(anchoring_of(together[SUGGESTED], together[UNSEEN]), rows, page.next, page.previous)


def labelers() -> QuerySet[User]:
    """Active people who label, and whoever has labeled something that others may know of."""
    labeled = QualityPeriod.objects.filter(person=OuterRef("pk"), held=False)
    return User.objects.filter(Q(is_active=True) & ~Q(role=Role.ADMIN) | Exists(labeled))


def _page(cursor: str, size: int) -> Slice[User]:
    return slice_of(labelers(), _BY_NAME, read_cursor(cursor), size)


def _totals(people: Iterable[User], periods: Iterable[QualityPeriod]) -> Iterable[tuple[User, Totals]]:
    by_person: dict[int, list[QualityPeriod]] = defaultdict(list)
    for period in periods:
        by_person[period.person_id].append(period)
    return ((person, Totals.of(by_person[person.pk])) for person in people)
