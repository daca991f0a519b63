"""What the charts are drawn of: gathered by ``selectors.dashboard``, drawn by ``drawings``, written out by ``sheets``. No database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from modelops.dashboard.periods import Period, Window
from modelops.monitoring.totals import Totals
from modelops.selectors.metrics_calibration import Calibration

SPECIFIED_YEARLY = Decimal(240)
"""What the specification reckons with for training in a year, in dollars."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A change of what serves, on a day: ``Model 4``, ``Templates``, ``Canary: model 5, 10 %``."""

    day: dt.date
    label: str


@dataclass(frozen=True)
class VendorRow:
    """A vendor and what its days come to."""

    pk: int
    name: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class RunCost:
    """A training run that ended in the window and what it cost, in dollars."""

    day: dt.date
    run: int
    cost: Decimal


@dataclass(frozen=True)
class Board:
    """Numbers of a window. ``periods`` are those of trends, ``daily`` single days (queues are as they stood at the end of one)."""

    window: Window
    periods: Sequence[Period]
    daily: Sequence[Period]
    totals: Totals
    calibration: Calibration
    vendors: Sequence[VendorRow] = ()
    deployed: Sequence[Deployed] = ()
    costs: Sequence[RunCost] = ()
    links: dict[str, str] = field(default_factory=dict)
    """Addresses of pages to look closer, by name; a page that does not exist has none."""

    @property
    def length(self) -> str:
        """What a point of a trend is of: ``day``, ``week``, ``4 weeks``."""
        longest = max(((period.end - period.start).days + 1 for period in self.periods), default=1)
        return {1: "day", 7: "week", 28: "4 weeks"}.get(longest, f"{longest} days")

    @property
    def cost(self) -> Decimal:
        """Of all runs of the window."""
        return sum((cost.cost for cost in self.costs), Decimal(0))

    @property
    def yearly_cost(self) -> Decimal:
        """Projected: the window's, for 365 days."""
        return self.cost * 365 / self.window.days
