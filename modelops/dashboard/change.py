"""What the last change of the model that serves changed: the days before it against the days since. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.percent import points
from modelops.charts import Unit, say, say_between
from modelops.dashboard.headline import missing
from modelops.dashboard.periods import told
from modelops.monitoring.estimates import Share, of_documents
from modelops.monitoring.totals import Totals
from modelops.selectors.metrics import Day

MOST_DAYS = 28
"""Days on either side that are held against each other."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure before and since. ``verdict``: better | worse | same (the intervals overlap) | unknown. Blank numbers are not known."""

    name: str
    before: str
    since: str
    difference: str
    verdict: str
    note: str


@dataclass(frozen=True)
class Change:
    """``rows`` compare ``days_before`` days before the day ``at`` with the ``days_since`` after it (neither has the day itself)."""

    at: dt.date
    days_before: int
    days_since: int
    rows: tuple[Compared, ...]


def change(at: dt.date, days: Sequence[Day]) -> Change:
    """``days`` are around ``at``, in order; those further away than ``MOST_DAYS`` are left out."""
    before = [day for day in days if 0 < (at - day.day).days <= MOST_DAYS and day.counted]
    since = [day for day in days if 0 < (day.day - at).days <= MOST_DAYS and day.counted]
    old, new = (Totals.of(day.totals.newest for day in part if day.totals.newest) for part in (before, since))
    rows = (
        compared("Values right", told(old.values), told(new.values)),
        compared("Documents right in everything", told(old.documents), told(new.documents)),
        compared("Went through without a person", _passed(old), _passed(new)),
        _minutes(old, new),
    )
    return Change(at, len(before), len(since), rows)


def compared(name: str, old: Share, new: Share) -> Compared:
    """Two shares with their intervals."""
    before, since = _said(old), _said(new)
    if old.value is None or new.value is None:
        return Compared(name, before, since, "", "unknown", missing(new if new.value is None else old))
    difference = f"{points(new.value - old.value)} points"
    return Compared(name, before, since, difference, _verdict(old, new), "")


def _said(share: Share) -> str:
    return f"{say(share.value, Unit.SHARE)} ({say_between(share.low, share.high, Unit.SHARE)})" if share.value is not None else ""


def _verdict(old: Share, new: Share) -> str:
    if old.low is None or old.high is None or new.low is None or new.high is None:
        return "unknown"
    return "better" if new.low > old.high else "worse" if new.high < old.low else "same"


def _passed(totals: Totals) -> Share:
    return of_documents(totals.read, totals.numbers["passed"])


def _minutes(old: Totals, new: Totals) -> Compared:
    name = "Active time for a settled document"
    before, since = (say(totals.minutes * 60, Unit.SECONDS) if totals.minutes is not None else "" for totals in (old, new))
    if not old.minutes or new.minutes is None:
        return Compared(name, before, since, "", "unknown", "Nobody labeled on one of the sides.")
    return Compared(name, before, since, f"{100 * (new.minutes / old.minutes - 1):+.0f} %".replace("-", "−"), "plain", "")
