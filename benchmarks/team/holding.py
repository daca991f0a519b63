"""Every figure of the product beside what is true, and whether the truth lies in its interval. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import comb
from typing import Any

from benchmarks.team.readout import Name

NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Held:
    """One figure. ``value`` is ``None`` where the product says that it has not enough; so are the truths that there are none of."""

    name: Name
    value: float | None
    low: float | None
    high: float | None
    n: int
    realised: float | None
    expected: float | None

    @property
    def covers(self) -> bool | None:
        """Whether the interval has the truth; ``None`` where one of the two is missing."""
        return _within(self, self.truth)

    @property
    def truth(self) -> float | None:
        """What the habits make of it. Gold is what it is: there the truth is how wrong it really is."""
        return self.realised if self.name[0] == "gold" and self.name[2] in ("settled", "gold") else self.expected

    @property
    def covers_realised(self) -> bool | None:
        """Whether the interval has what really happened."""
        return _within(self, self.realised)

    @property
    def bias(self) -> float | None:
        """The product's value less what really happened in the same documents."""
        return None if self.value is None or self.realised is None else self.value - self.realised


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of ``figures`` with an interval and a truth, ``covered``. ``least``: fewer would be a sign of intervals that are too narrow (one of
    forty such counts of independent figures would be lower if each had its 95 %)."""

    figures: int
    covered: int
    least: int


def held(said: Mapping[Name, Mapping[str, Any]], realised: Mapping[Name, float], expected: Mapping[Name, float]) -> list[Held]:
    """All figures, in the order of the product's."""
    rows = []
    for name, figure in said.items():
        low, high, n = figure.get("low"), figure.get("high"), int(figure.get("n") or 0)
        rows.append(Held(name, figure["value"], low, high, n, realised.get(name), expected.get(name)))
    return rows


def coverage(rows: Iterable[Held], told: Callable[[Held], bool | None] = lambda row: row.covers) -> Coverage:
    """How many intervals have the truth."""
    verdicts = [verdict for row in rows if (verdict := told(row)) is not None]
    return Coverage(len(verdicts), sum(verdicts), least_of(len(verdicts)))


def least_of(n: int, p: float = 0.95, rare: float = 0.025) -> int:
    """The smallest count of ``n`` trials with ``p`` each that is not rarer than ``rare`` from below."""
    below = 0.0
    for count in range(n + 1):
        below += comb(n, count) * p**count * (1 - p) ** (n - count)
        if below > rare:
            return count
    return n


def _within(row: Held, truth: float | None) -> bool | None:
    if truth is None or row.low is None or row.high is None:
        return None
    return row.low - NEAR <= truth <= row.high + NEAR
