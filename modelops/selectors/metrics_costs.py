"""What some days cost: people's active time, and the machine's hours of training at their rate."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from modelops.models import TrainingRun
from modelops.monitoring.days import end_of, start_of
from modelops.monitoring.totals import Totals


@dataclass(frozen=True, slots=True)
class Costs:
    """``hours`` of people for the documents settled, ``per_thousand`` for a thousand of them; ``runs`` that ended, their machine hours and
    what they cost in dollars. Training is for all vendors, so that one vendor has none (``None``)."""

    hours: float
    per_thousand: float | None
    runs: int | None
    machine_hours: float | None
    machine: Decimal | None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, money as text."""
        return {
            "hours": round(self.hours, 4),
            "per_thousand": None if self.per_thousand is None else round(self.per_thousand, 4),
            "runs": self.runs,
            "machine_hours": None if self.machine_hours is None else round(self.machine_hours, 4),
            "machine": None if self.machine is None else str(self.machine),
        }


def costs(start: dt.date, end: dt.date, totals: Totals, *, of_all: bool) -> Costs:
    """Of the days from ``start`` to ``end``, which ``totals`` are of. One statement."""
    hours = totals.effort_seconds / 3600
    settled = totals.numbers["settled"]
    per_thousand = 1000 * hours / settled if settled else None
    if not of_all:
        return Costs(hours, per_thousand, None, None, None)
    runs = TrainingRun.objects.filter(finished_at__gte=start_of(start), finished_at__lt=end_of(end))
    spent = runs.aggregate(seconds=Sum("seconds"), cost=Sum("cost"), count=Count("pk"))
    return Costs(
        hours, per_thousand, runs.count(), (spent["seconds"] or 0.0) / 3600, (spent["cost"] or Decimal(0)).quantize(Decimal("0.01"))
    )
