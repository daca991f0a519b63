"""How long people take, from what was measured: the middle one of the last reviews."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from labeling.models import Annotation, TaskKind

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


def pace(kind: TaskKind = TaskKind.REVIEW) -> Pace:
    """The pace of recent work of one kind: one statement, ``RECENT`` rows at most."""
    recent = Annotation.objects.filter(task__kind=kind).order_by("-pk").values_list("active_ms", flat=True)
    times = [milliseconds / 1000 for milliseconds in recent[:RECENT]]
    return Pace(len(times), median(times) if len(times) >= FLOOR else None)
