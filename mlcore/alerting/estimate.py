"""A share with its bounds, how much one fell against another, and how many days a look takes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mlcore.agreement.figures import Measured
from mlcore.agreement.ratios import difference

MOST_WINDOWS = 4
"""So many windows back a look may reach for documents enough, in a station where few are judged in one."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Right values among all, 0..1, with the bounds of an interval of documents at the level that was asked for.

    ``documents`` were looked at, ``wrong`` of them are not wholly right. Without a ``value``, it is not known.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    documents: int = 0
    wrong: int = 0

    @property
    def known(self) -> bool:
        """Whether there is a share with bounds."""
        return self.value is not None and self.low is not None and self.high is not None

    def measured(self) -> Measured:
        """The figure; only of a known one."""
        assert self.value is not None, "it is known"
        return Measured(self.value, self.low, self.high, self.documents)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return {name: round(one, 6) if isinstance(one, float) else one for name, one in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Estimate:
        """Inverse of ``to_json``. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
        value, low, high = (None if data[name] is None else float(data[name]) for name in ("value", "low", "high"))
        return cls(value, low, high, int(data["documents"]), int(data["wrong"]))


def fall(before: Estimate, now: Estimate) -> Measured | None:
    """By how much the share fell, with bounds at the level of both: above 0 the lower one says that it did fall. ``None``: not known."""
    if not before.known or not now.known:
        return None
    found = difference(before.measured(), now.measured())
    return found if isinstance(found, Measured) else None


def days_looked_at(documents: Mapping[int, int], window: int, least: int) -> int:
    """The newest ``window`` days, or as many more as it takes until ``least`` documents were judged, ``MOST_WINDOWS`` windows at most.

    ``documents`` is how many were judged, by how many days ago. How far a look goes depends on that alone, never on what was right.
    """
    length = window
    found = sum(count for age, count in documents.items() if age < length)
    while found < least and length < window * MOST_WINDOWS:
        found += documents.get(length, 0)
        length += 1
    return length
