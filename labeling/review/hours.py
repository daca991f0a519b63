"""How long people take, from what was measured: the middle one of the last reviews."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from labeling.models import LabelingTask, TaskKind, TaskState

FLOOR = 20
"""Fewer submitted reviews say nothing about the next ones."""

RECENT = 200


@dataclass(frozen=True, slots=True)
class Pace:
    """``seconds`` is the median of active seconds of the last ``count`` reviews; ``None`` while there are fewer than ``FLOOR``."""

    count: int
    seconds: float | None

    def hours(self, documents: int) -> float | None:
        """Hours for so many documents, or ``None`` without enough data."""
        return None if self.seconds is None else documents * self.seconds / 3600


def pace() -> Pace:
    """The pace of recent reviews: one statement, ``RECENT`` rows off the index of those that are done."""
    done = LabelingTask.objects.filter(kind=TaskKind.REVIEW, state=TaskState.DONE, annotation__isnull=False)
    times = [milliseconds / 1000 for milliseconds in done.order_by("-finished_at").values_list("annotation__active_ms", flat=True)[:RECENT]]
    return Pace(len(times), median(times) if len(times) >= FLOOR else None)
