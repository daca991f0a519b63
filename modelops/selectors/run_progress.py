"""What a run tells while it goes on: points of its curves and lines of its log, in a bounded number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.db.models.functions import Mod

from modelops.models import RunLine, RunPoint, TrainingRun

MOST_POINTS: Final = 1_000
"""Of one answer of the API."""
MOST_LINES: Final = 200
MOST_DRAWN: Final = 300
"""More points than this cannot be told apart on a screen."""
FIRST_LINES: Final = 100


@dataclass(frozen=True, slots=True)
class Curves:
    """``loss`` and ``validation`` as (step, value), in order; ``thinned`` says that every so many steps are shown alone."""

    loss: tuple[tuple[int, float], ...]
    validation: tuple[tuple[int, float], ...]
    thinned: int = 1


def points_after(run: TrainingRun, step: int, limit: int = MOST_POINTS) -> list[RunPoint]:
    """The points behind a step, in order; at most ``limit``. One statement."""
    return list(RunPoint.objects.filter(run=run, step__gt=step).order_by("step")[:limit])


def lines_after(run: TrainingRun, line_id: int, limit: int = MOST_LINES) -> list[RunLine]:
    """The lines behind one, in order; at most ``limit``. One statement."""
    return list(RunLine.objects.filter(run=run, pk__gt=line_id).order_by("pk")[:limit])


def last_lines(run: TrainingRun, limit: int = FIRST_LINES) -> list[RunLine]:
    """The newest lines, in order. One statement."""
    return list(RunLine.objects.filter(run=run).order_by("-pk")[:limit])[::-1]


def curves_of(run: TrainingRun, most: int = MOST_DRAWN) -> Curves:
    """The curves, thinned out in the database: every so many steps, the newest one, and all of validation. One statement."""
    every = max(1, -(-max(run.step, run.steps) // most))
    points = RunPoint.objects.filter(run=run)
    if every > 1:
        points = points.annotate(place=Mod("step", every)).filter(
            Q(place=0) | Q(step__lte=1) | Q(step=run.step) | Q(validation_loss__isnull=False)
        )
    rows = list(points.order_by("step").values_list("step", "loss", "validation_loss"))
    return Curves(
        tuple((step, loss) for step, loss, _ in rows if loss is not None),
        tuple((step, validation) for step, _, validation in rows if validation is not None),
        every,
    )
