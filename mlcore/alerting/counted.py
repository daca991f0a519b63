"""Counts of days put together, and how certain a share of them is.

A document's values are right and wrong together, so they are no independent trials. Where wrong documents have ``w`` wrong values each,
about geometrically distributed, the variance of the share is ``2w - 1`` times that of independent values (a compound sum). So many fewer
values count, but never fewer than there are documents, with which the share of values can vary at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mlcore.agreement.figures import Measured
from mlcore.agreement.ratios import difference, wilson

MOST_WINDOWS = 4
"""So many windows back a look may reach for documents enough, in a station where few are judged in one."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Values and documents that people judged, and how many of each were right as the machine had them."""

    values: int = 0
    right_values: int = 0
    documents: int = 0
    right_documents: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.values + other.values,
            self.right_values + other.right_values,
            self.documents + other.documents,
            self.right_documents + other.right_documents,
        )

    @property
    def share(self) -> float:
        """Right values among the judged; 1 where nothing was judged."""
        return self.right_values / self.values if self.values else 1.0

    def to_json(self) -> dict[str, int]:
        """Plain JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Counted:
        """Inverse of ``to_json``. Raises ``TypeError`` or ``ValueError`` for anything else."""
        return cls(**{name: int(value) for name, value in data.items()})


@dataclass(frozen=True, slots=True)
class Day:
    """One day's counts; ``age`` is how many days ago it was, 0 for today."""

    age: int
    counted: Counted


@dataclass(frozen=True, slots=True)
class Spans:
    """What is looked at: the newest ``days`` days, and ``before`` them."""

    now: Counted
    before: Counted
    days: int


def together(days: Iterable[Day]) -> Counted:
    """Their sum."""
    return sum((day.counted for day in days), Counted())


def spans(days: Sequence[Day], window: int, before: int, least: int) -> Spans:
    """The newest ``window`` days, or as many more as it takes until ``least`` documents were judged, ``MOST_WINDOWS`` windows at most.

    How far it goes depends on how many were judged alone, never on how many were right.
    """
    length = window
    while length < window * MOST_WINDOWS and together(day for day in days if day.age < length).documents < least:
        length += 1
    now = together(day for day in days if day.age < length)
    return Spans(now, together(day for day in days if length <= day.age < length + before), length)


def clustering(counted: Counted) -> float:
    """``2w - 1`` for ``w`` wrong values in a wrong document, at least 1."""
    wrong_documents = max(1, counted.documents - counted.right_documents)
    return max(1.0, 2 * (counted.values - counted.right_values) / wrong_documents - 1)


def measured(counted: Counted, clustered: float, false_alarm: float) -> Measured:
    """The share with bounds that it misses with a chance of ``false_alarm`` on either side (Wilson, of the trials that count)."""
    trials = max(1, counted.documents, int(counted.values / clustered))
    low, high = wilson(round(counted.share * trials), trials, 1 - 2 * false_alarm)
    return Measured(counted.share, min(low, counted.share), max(high, counted.share), trials)


def fallen(before: Counted, now: Counted, false_alarm: float) -> Measured:
    """By how much the share fell, with bounds as of ``measured``: above 0 the lower one says that it did fall."""
    clustered = clustering(before + now)
    fall = difference(measured(before, clustered, false_alarm), measured(now, clustered, false_alarm))
    assert isinstance(fall, Measured), "both have bounds"
    return fall
