"""Agreement as stored sums tell it: the figures of one set of pairs, the classes of pre-fill, the trend."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import add
from typing import Any, Final

from django.db import OperationalError

from invoices.models import User, Vendor
from labeling.agreement.counting import count_pairs, rows_of, waiting
from labeling.agreement.slices import EVERYTHING, NO_VENDOR, Kind, Slice, people_of
from labeling.agreement.stored import figures_of, tally_of
from labeling.errors import TallyUnreadable
from labeling.models import AgreementTally
from mlcore.agreement.prefill import PrefillPair
from mlcore.agreement.statistics import AgreementStatistics, agreement_of
from mlcore.agreement.tally import Tally

COUNTED_BY_A_PAGE: Final = 20
"""Waiting pairs that a page counts itself; the rest is a worker's."""

MOST_PERIODS: Final = 24
"""Months, or weeks, of a trend, and the most months whose sums are added for one page."""

FEW_MONTHS: Final = 3
"""Under so many months the trend is by weeks."""

_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
_CLASSES = frozenset(part.value for part in PrefillPair)
_PREFILL_ORDER = (PrefillPair.BOTH_TYPED, PrefillPair.ONE_UNCHANGED, PrefillPair.BOTH_UNCHANGED)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which pairs: those of a vendor, of two people, of a class of pre-fill, of some months, or all. Sums are stored for one of these at a
    time, so one of them is asked for; the first that is given counts. Values that cannot be are left out, so any address works."""

    vendor: int | None = None
    pair: str = ""
    prefill: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> Scope:
        """Read ``?vendor=&pair=&prefill=&since=&until=``; months are ``2026-11``, both included, in any order."""
        asked = cls.crossed(query)
        if asked.vendor is not None:
            return cls(vendor=asked.vendor)
        if asked.pair or asked.prefill:
            return cls(pair=asked.pair) if asked.pair else cls(prefill=asked.prefill)
        return asked

    @classmethod
    def crossed(cls, query: Mapping[str, str]) -> Scope:
        """The same with everything that was given at once: for lists of documents, which are not sums."""
        vendor, pair, prefill = query.get("vendor", ""), query.get("pair", ""), query.get("prefill", "")
        since, until = (text if _MONTH.fullmatch(text := query.get(name, "")) else "" for name in ("since", "until"))
        if since and until and since > until:
            since, until = until, since
        return cls(
            vendor=int(vendor) if vendor.isascii() and vendor.isdigit() and len(vendor) < 16 else None,
            pair=pair if people_of(pair) else "",
            prefill=prefill if prefill in _CLASSES else "",
            since=since,
            until=until,
        )

    @property
    def months(self) -> bool:
        """Whether it is about some months."""
        return bool(self.since or self.until)

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Scope()

    @property
    def slice(self) -> Slice | None:
        """The stored sums of it; ``None`` for months, which are added up."""
        if self.vendor is not None:
            return Slice(Kind.VENDOR, str(self.vendor))
        if self.pair:
            return Slice(Kind.PAIR, self.pair)
        if self.prefill:
            return Slice(Kind.PREFILL, self.prefill)
        return None if self.months else EVERYTHING

    def to_json(self) -> dict[str, Any]:
        """What was asked for, without what was not."""
        asked = {"vendor": self.vendor, "pair": self.pair, "prefill": self.prefill, "since": self.since, "until": self.until}
        return {name: value for name, value in asked.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class Part:
    """A slice as lists show it: ``key``, number of pairs and the figures beside its sums (``AgreementStatistics`` as JSON)."""

    key: str
    documents: int
    figures: dict[str, Any]


@dataclass(frozen=True)
class Newer:
    """Pairs that wait to be counted; ``stuck`` says which damaged sums keep them from it."""

    left: int = 0
    stuck: TallyUnreadable | None = None


@dataclass(frozen=True)
class Overview:
    """Everything that stands on the screen about one scope.

    ``counted`` pairs are in the sums of everything, ``newer`` wait to be. ``parts`` are the classes of pre-fill, and ``periods`` the
    trend, oldest first, by ``period`` (month | week). ``months`` are all that can be asked for. ``two_people``: all pairs of the scope are
    of the same two, so that kappa stands for them. ``damaged`` says which sums cannot be read; then ``statistics`` is of no pair.
    """

    scope: Scope
    title: str
    statistics: AgreementStatistics
    counted: int
    newer: Newer
    two_people: bool
    parts: tuple[Part, ...] = ()
    periods: tuple[Part, ...] = ()
    period: str = "month"
    months: tuple[Part, ...] = ()
    damaged: TallyUnreadable | None = None

    def readable(self) -> AgreementStatistics:
        """The figures, for answers that have no place for a notice. Raises ``TallyUnreadable``."""
        if self.damaged is not None:
            raise self.damaged
        return self.statistics


def count_newer() -> Newer:
    """Count a few of the pairs that wait, unless somebody else is counting; answers how many are left.

    One statement when nothing waits. Does not raise for damaged sums, nor for a database that somebody else is writing to.
    """
    left = waiting()
    if not left:
        return Newer()
    try:
        return Newer(max(0, left - count_pairs(COUNTED_BY_A_PAGE, wait=False)))
    except TallyUnreadable as error:
        return Newer(left, error)
    except OperationalError:
        return Newer(left)


def overview(scope: Scope) -> Overview:
    """The figures of one scope: six statements, and those of counting when something waits."""
    newer = count_newer()
    months = _newest(Kind.MONTH)
    known = rows_of([EVERYTHING, *([scope.slice] if scope.slice else [])])
    counted = known[EVERYTHING.name].documents if EVERYTHING.name in known else 0
    tally: Tally = Tally.empty()
    damaged: TallyUnreadable | None = None
    try:
        tally = _tally(scope, known)
    except TallyUnreadable as error:
        damaged = error
    periods, period = (months, "month") if len(months) >= FEW_MONTHS else (_newest(Kind.WEEK), "week")
    return Overview(
        scope=scope,
        title=_title(scope),
        statistics=agreement_of(tally),
        counted=counted,
        newer=newer,
        two_people=bool(scope.pair) or _two_people(),
        parts=prefill_parts() if scope.everything else (),
        periods=periods if scope.everything or scope.months else (),
        period=period,
        months=months,
        damaged=damaged,
    )


def prefill_parts() -> tuple[Part, ...]:
    """The classes of pre-fill, the most independent first; those without a pair too."""
    rows = AgreementTally.objects.filter(kind=Kind.PREFILL).values_list("key", "documents", "figures")
    found = {key: Part(key, documents, figures) for key, documents, figures in rows}
    return tuple(found.get(name) or Part(name.value, 0, _figures_of_nothing()) for name in _PREFILL_ORDER)


@cache
def _figures_of_nothing() -> dict[str, Any]:
    return figures_of(agreement_of(Tally.empty()))


def _newest(kind: Kind) -> tuple[Part, ...]:
    rows = AgreementTally.objects.filter(kind=kind).order_by("-key").values_list("key", "documents", "figures")[:MOST_PERIODS]
    return tuple(Part(*row) for row in reversed(rows))


def _tally(scope: Scope, known: Mapping[str, AgreementTally]) -> Tally:
    if scope.slice:
        row = known.get(scope.slice.name)
        return tally_of(row) if row else Tally.empty()
    rows = AgreementTally.objects.filter(kind=Kind.MONTH).order_by("-key")
    rows = rows.filter(key__gte=scope.since) if scope.since else rows
    rows = rows.filter(key__lte=scope.until) if scope.until else rows
    return reduce(add, (tally_of(row) for row in rows[:MOST_PERIODS]), Tally.empty())


def _two_people() -> bool:
    """Whether all pairs there are were labeled by the same two."""
    return len(AgreementTally.objects.filter(kind=Kind.PAIR).values_list("pk")[:2]) == 1


def _title(scope: Scope) -> str:
    """What the figures are of, in words."""
    if scope.vendor is not None:
        name = Vendor.objects.filter(pk=scope.vendor).values_list("name", flat=True).first() if scope.vendor != NO_VENDOR else None
        return name or ("Vendor not recognised" if scope.vendor == NO_VENDOR else f"Vendor {scope.vendor}")
    if scope.pair:
        people = people_of(scope.pair) or (0, 0)
        names = {user.pk: user.get_full_name() or user.username for user in User.objects.filter(pk__in=people)}
        return " and ".join(names.get(pk, f"person {pk}") for pk in people)
    if scope.prefill:
        return PREFILL_NAMES[scope.prefill]
    if scope.since and scope.until:
        return " to ".join(dict.fromkeys(month_name(month) for month in (scope.since, scope.until)))
    if scope.months:
        return f"since {month_name(scope.since)}" if scope.since else f"until {month_name(scope.until)}"
    return ""


PREFILL_NAMES: Final[dict[str, str]] = {
    PrefillPair.BOTH_TYPED: "Neither accepted the pre-fill as it was",
    PrefillPair.ONE_UNCHANGED: "One accepted the pre-fill as it was",
    PrefillPair.BOTH_UNCHANGED: "Both accepted the pre-fill as it was",
}
"""Class of a pair in words."""


def month_name(month: str) -> str:
    """``2026-11`` as people write it: ``November 2026``."""
    return dt.date.fromisoformat(f"{month}-01").strftime("%B %Y")
