"""The curve of the threshold simulator: computed once for each set of measured documents, then kept in the process."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from labeling.models import MeasuredReading
from labeling.readings import RECENT, samples, to_measure
from labeling.review.hours import Pace, pace

_lock = threading.Lock()
_kept: tuple[tuple[int, int], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class ThresholdCurve:
    """``simulation`` is the JSON of ``mlcore.confidence.simulate``; ``waiting`` documents are not measured yet."""

    simulation: dict[str, Any]
    pace: Pace
    waiting: int

    def to_json(self) -> dict[str, Any]:
        """What the screen is told: the curve, never the documents."""
        return {**self.simulation, "seconds": self.pace.seconds, "timed": self.pace.count, "waiting": self.waiting, "recent": RECENT}


def threshold_curve() -> ThresholdCurve:
    """The curve of what has been measured (``workers.measure_readings`` does that by the clock): six statements at most.

    Documents are the newest ``RECENT``, so the work does not grow with the archive.
    """
    return ThresholdCurve(_simulation(), pace(), to_measure())


def _simulation() -> dict[str, Any]:
    global _kept
    counted = MeasuredReading.objects.aggregate(newest=Max("gold"), count=Count("pk"))
    version = (counted["newest"] or 0, counted["count"])
    with _lock:
        if _kept is None or _kept[0] != version:
            from mlcore.confidence.simulate import simulate, to_json  # SciPy, 35 MB: only a process that computes curves pays for it

            _kept = version, to_json(simulate(samples()))
        return _kept[1]
