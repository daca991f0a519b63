"""Where a run would take place: the worker, the disk, what else is under way, and how fast it went before."""

from __future__ import annotations

import shutil
from decimal import Decimal
from statistics import median
from typing import Final

from django.conf import settings
from django.db.models import F

from modelops.models import ModelEvaluation, RunState, TrainingRun, TriggerPolicy
from modelops.runs.expectations import PastRun
from modelops.runs.facts import OpenRun, PlaceFacts
from modelops.runs.workplaces import TRAINING_QUEUE, workers_of

OPEN: Final = (RunState.QUEUED, RunState.RUNNING, RunState.STOPPING)
LOOKED_BACK: Final = 20
MOST_OPEN: Final = 100


def place_facts() -> PlaceFacts:
    """Two statements at most."""
    runs = (
        TrainingRun.objects.filter(state__in=OPEN)
        .select_related("asked_by", "dataset")
        .annotate(start=F("start_model__number"))
        .order_by("-pk")[:MOST_OPEN]
    )
    return PlaceFacts(
        workers=workers_of(TRAINING_QUEUE),
        disk_free=shutil.disk_usage(settings.DATA_DIR).free,
        open_runs=tuple(
            OpenRun(run.pk, run.asked_by.username if run.asked_by else "the station", run.state, run.dataset.number, run.recipe, run.start)
            for run in runs
        ),
    )


def past_runs() -> tuple[PastRun, ...]:
    """The newest runs that were measured. One statement."""
    names = ("pk", "device", "recipe", "step", "tokens", "tokens_per_second")
    rows = TrainingRun.objects.filter(tokens_per_second__gt=0, step__gt=0).order_by("-pk").values_list(*names)[:LOOKED_BACK]
    return tuple(
        PastRun(
            id=pk,
            device=device,
            form=str(recipe.get("form", "")),
            steps=step,
            batch=int(recipe.get("micro_batch", 1)) * int(recipe.get("accumulate", 1)),
            tokens=tokens,
            tokens_per_second=float(speed or 0),
        )
        for pk, device, recipe, step, tokens, speed in rows
    )


def reading_speed() -> tuple[float, int] | None:
    """Median seconds a document of the newest evaluations of models, and how many these are. One statement."""
    rows = ModelEvaluation.objects.filter(seconds__gt=0, model__isnull=False).order_by("-pk").values_list("seconds", flat=True)[:5]
    found = [float(one) for one in rows if one]
    return (median(found), len(found)) if found else None


def money() -> tuple[Decimal, int]:
    """What an hour of a device costs, and the days between two trainings by schedule. One statement."""
    policy = TriggerPolicy.objects.order_by("-pk").first() or TriggerPolicy()
    return Decimal(policy.hourly_rate), policy.every_days
