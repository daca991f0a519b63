"""Times as counts of buckets that add up: quartiles of any number of documents, to within 2.5 %. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor, log

from mlcore.agreement.figures import FLOOR

RATIO = 1.05
"""Upper end of a bucket over its lower end."""

_LAST = 300
"""Bucket ``n`` is from ``RATIO ** n`` seconds on; the last one is beyond three weeks."""


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Seconds per document: a quarter took ``low`` at most, half ``median``, three quarters ``high``. ``None`` under the floor."""

    n: int
    low: float | None
    median: float | None
    high: float | None
    floor: int = FLOOR

    def to_json(self) -> dict[str, float | int | None]:
        """``{"n", "floor", "q1", "median", "q3"}``, seconds to a tenth."""
        return {"n": self.n, "floor": self.floor, "q1": self.low, "median": self.median, "q3": self.high}


def bucket_of(active_ms: int) -> int:
    """The bucket of a time; what took less than a second is in the first one."""
    return min(_LAST, max(0, floor(log(active_ms / 1000) / log(RATIO)))) if active_ms > 1000 else 0


def quartiles(counts: Mapping[str, int]) -> Quartiles:
    """Quartiles by nearest rank of bucket number (as text) to count; a bucket stands for its geometric middle."""
    ordered = sorted((int(bucket), count) for bucket, count in counts.items() if count > 0)
    n = sum(count for _, count in ordered)
    if n < FLOOR:
        return Quartiles(n, None, None, None)
    low, median, high = (_at(ordered, ceil(share * n)) for share in (0.25, 0.5, 0.75))
    return Quartiles(n, low, median, high)


def _at(ordered: list[tuple[int, int]], rank: int) -> float:
    seen = 0
    for bucket, count in ordered:
        seen += count
        if seen >= rank:
            return round(float(RATIO ** (bucket + 0.5)), 1)
    raise AssertionError("a rank is never above the sum of the counts")
