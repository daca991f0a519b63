"""A worker's hold on a run: every row that it writes, it writes through this.

A late write is refused twice over: by the fence of the job, and because the row says which attempt is under way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from modelops.models import RunLine, RunState, TrainingRun
from modelops.runs.costs import cost_of
from modelops.runs.faults import RunStopped, RunTaken

HELD = (RunState.RUNNING, RunState.STOPPING)
LONGEST_LINE = 600


@dataclass(slots=True)
class Hold:
    """The right to carry out attempt ``attempt`` at a run. ``fence`` raises when the job was given to somebody else; ``got_on`` tells
    the ledger that something is done that need not be done again.

    The clock runs from when it is made: each ``write`` adds what has gone by since the last one to ``seconds`` and to the cost.
    """

    run_id: int
    attempt: int
    fence: Callable[[], None]
    got_on: Callable[[], None]
    processes: int = 1
    hourly_rate: Decimal = Decimal(0)
    seconds: float = 0.0
    _since: float = field(default_factory=time.monotonic)

    def write(self, *lines: str, points: Sequence[Callable[[], None]] = (), **values: Any) -> None:
        """Change the run, add lines to its log and write ``points``, in one transaction. Raises ``RunTaken``, or what ``fence`` raises."""
        now = time.monotonic()
        seconds = self.seconds + now - self._since
        cost = cost_of(seconds, self.hourly_rate, self.processes)
        with transaction.atomic():
            self.fence()
            mine = TrainingRun.objects.filter(pk=self.run_id, attempts=self.attempt, state__in=HELD)
            if not mine.update(told_at=Now(), seconds=seconds, cost=cost, **values):
                raise RunTaken
            RunLine.objects.bulk_create([RunLine(run_id=self.run_id, text=text[:LONGEST_LINE]) for text in lines])
            for point in points:
                point()
        self.seconds, self._since = seconds, now

    def stop_asked(self) -> bool:
        """Whether somebody asked for an end. Raises ``RunTaken`` when the run is not this worker's any more."""
        mine = TrainingRun.objects.filter(pk=self.run_id, attempts=self.attempt)
        state = mine.values_list("state", flat=True).first()
        if state not in HELD:
            raise RunTaken
        return bool(state == RunState.STOPPING)

    def check(self) -> None:
        """Raises ``RunStopped`` when somebody asked for an end, ``RunTaken`` as ``stop_asked`` does."""
        if self.stop_asked():
            raise RunStopped
