"""Days put together to periods that say something, and the window that the dashboard shows. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mlcore.agreement.figures import FLOOR
from modelops.monitoring.estimates import Share
from modelops.monitoring.totals import Totals
from modelops.selectors.metrics import Day

RANGES = (30, 90, 365)
"""Days that can be shown."""

USUAL = 90


@dataclass(frozen=True, slots=True)
class Window:
    """The days from ``start`` to ``end``, both included."""

    days: int
    end: dt.date

    @classmethod
    def from_address(cls, query: Mapping[str, str], today: dt.date) -> Window:
        """Read ``?days=``; whatever is no range is the usual one."""
        wanted = query.get("days", "")
        return cls(int(wanted) if wanted in map(str, RANGES) else USUAL, today)

    @property
    def start(self) -> dt.date:
        """The first day."""
        return self.end - dt.timedelta(days=self.days - 1)


@dataclass(frozen=True)
class Period:
    """Some days, ``start`` to ``end``, and what they come to. ``counted`` is false where nothing is stored of any of them."""

    start: dt.date
    end: dt.date
    totals: Totals

    @property
    def counted(self) -> bool:
        """Whether anything is stored."""
        return self.totals.newest is not None


def periods(days: Sequence[Day], length: int = 0) -> list[Period]:
    """Consecutive days in periods of ``length``, the last of which ends with the last day; a first one may be shorter.

    Without a length it is 1, 7 or 28 days: the shortest in which ``FLOOR`` documents were held to the truth, three times of four.
    """
    length = length or _length(days)
    found = []
    for end in range(len(days), 0, -length):
        part = days[max(0, end - length) : end]
        found.append(Period(part[0].day, part[-1].day, Totals.of(day.totals.newest for day in part if day.totals.newest)))
    return found[::-1]


def told(share: Share) -> Share:
    """The share, or that it is not known where fewer than ``FLOOR`` documents are behind it: its decimals would say more than it does."""
    return share if share.value is None or share.n >= FLOOR else Share(None, None, None, share.n, TOO_FEW)


TOO_FEW = "too_few"


def _length(days: Sequence[Day]) -> int:
    lengths = (7, 28) if len(days) > 2 * RANGES[0] else (1, 7)
    return next((length for length in lengths if _says_enough(days, length)), lengths[-1])


def _says_enough(days: Sequence[Day], length: int) -> bool:
    """Whether three periods of four, of those with anything counted, have ``FLOOR`` documents."""
    parts = [[day for day in days[max(0, end - length) : end] if day.counted] for end in range(len(days), 0, -length)]
    judged = [sum(day.totals.numbers["judged_documents"] for day in part) for part in parts if part]
    return bool(judged) and 4 * sum(count >= FLOOR for count in judged) >= 3 * len(judged)
