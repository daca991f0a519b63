"""Reading the stored sums of people's quality: a bounded number of rows, whatever was labeled."""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from labeling.models import QualityPeriod, QualitySums
from labeling.quality.changes import columns_of
from labeling.quality.durations import Quartiles, quartiles
from labeling.quality.judging import RESAMPLES
from mlcore.agreement.figures import FLOOR, Figure, Measured, NotEnough
from mlcore.agreement.ratios import wilson
from mlcore.agreement.sums import Sums
from mlcore.errors import AgreementError

logger = logging.getLogger(__name__)

WINDOWS = {"3": "3 months", "12": "12 months", "all": "All time"}
DEFAULT_WINDOW = "12"


@dataclass(frozen=True, slots=True)
class Window:
    """The months that are looked at, this one included; ``None`` is all time."""

    name: str
    months: int | None

    @classmethod
    def named(cls, name: str) -> Window:
        """The window of that name, else the default one: any address works."""
        name = name if name in WINDOWS else DEFAULT_WINDOW
        return cls(name, int(name) if name.isdigit() else None)

    @property
    def first(self) -> dt.date | None:
        """The first day of its first month (UTC)."""
        if self.months is None:
            return None
        today = timezone.now().date()
        year, month = divmod(today.year * 12 + today.month - self.months, 12)
        return dt.date(year, month + 1, 1)


@dataclass(frozen=True)
class Totals:
    """What somebody did, added up over periods."""

    documents: int = 0
    reviews: int = 0
    keystrokes: int = 0
    kept: int = 0
    judged: int = 0
    unreadable: int = 0
    valued: int = 0
    exact: int = 0
    critical_valued: int = 0
    critical: int = 0
    buckets: Mapping[str, int] = field(default_factory=dict)
    skips: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, periods: Iterable[QualityPeriod]) -> Totals:
        """Add up."""
        plain: Counter[str] = Counter()
        buckets: Counter[str] = Counter()
        skips: Counter[str] = Counter()
        for period in periods:
            plain.update({name: getattr(period, name) for name in _PLAIN})
            buckets.update(period.seconds)
            skips.update(period.skips)
        return cls(**plain, buckets=dict(buckets), skips={reason: n for reason, n in skips.items() if n})

    @property
    def seconds(self) -> Quartiles:
        """Active seconds per label."""
        return quartiles(self.buckets)

    @property
    def exact_share(self) -> Figure:
        """Documents right in everything."""
        return share_of(self.exact, self.valued)

    @property
    def critical_share(self) -> Figure:
        """Documents right in every critical field."""
        return share_of(self.critical, self.critical_valued)

    @property
    def skipped(self) -> int:
        """Skips, whatever the reason."""
        return sum(self.skips.values())


_PLAIN = ("documents", "reviews", "keystrokes", "kept", "judged", "unreadable", "valued", "exact", "critical_valued", "critical")


def share_of(hits: int, n: int) -> Figure:
    """A share with Wilson's interval, or that there is not enough."""
    if n < FLOOR:
        return NotEnough(n, FLOOR)
    return Measured(hits / n, *wilson(hits, n), n)


def periods_of(people: Collection[int], window: Window, *, unit: str, alone: int | None) -> QuerySet[QualityPeriod]:
    """Their periods in the window, oldest first: one statement.

    ``alone`` is the person who looks: for them alone labels count whose documents are blind still. For everybody else they would tell
    when somebody has done one of two.
    """
    rows = QualityPeriod.objects.filter(Q(held=False) | Q(person=alone), person__in=people, unit=unit).order_by("start", "pk")
    first = window.first
    return rows.filter(start__gte=first) if first is not None else rows


def sums_of(person_id: int | None, window: Window, kinds: Collection[str]) -> dict[str, Sums]:
    """The sums of a person (``None``: of everybody) by kind, empty ones included: one statement, a row for each month and kind.

    Sums that cannot be read are left out; whoever counts next counts them anew.
    """
    found = {kind: Sums.empty(columns_of(kind), RESAMPLES) for kind in kinds}
    rows = QualitySums.objects.filter(person=person_id, kind__in=kinds)
    first = window.first
    for row in rows.filter(month__gte=first) if first is not None else rows.filter(month=None):
        found[row.kind] += readable(row)
    return found


def readable(row: QualitySums) -> Sums:
    """The sums of a row; none where they cannot be read."""
    columns = columns_of(row.kind)
    try:
        sums = Sums.from_json(columns, row.sums)
    except AgreementError:
        logger.exception("Stored quality sums %s cannot be read", row.pk)
        return Sums.empty(columns, RESAMPLES)
    return sums if sums.poisson == RESAMPLES else Sums.empty(columns, RESAMPLES)
