"""Answers about training runs: their shapes for the OpenAPI document, and how they are made."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from labeling.api.answers import instant
from modelops.models import RunLine, RunPoint, TrainingRun, TrainingSweep
from modelops.selectors.runs import RunRow

_NUMBERS = (
    *("step", "steps", "epoch", "loss", "validation_loss", "tokens", "tokens_per_second", "memory", "seconds", "eta_seconds", "attempts"),
    *("device", "launcher", "note", "error_code", "error_message"),
)


class TrainingRunAnswer(serializers.Serializer[Any]):
    """A run. Money is text, ``null`` where no rate is known; ``memory`` is the peak in bytes. ``verdict``: passed, failed, let through."""

    id = serializers.IntegerField()
    dataset = serializers.IntegerField(help_text="number of the version")
    sweep = serializers.IntegerField(allow_null=True)
    start_model = serializers.IntegerField(allow_null=True, help_text="number of the model that it started from, null for the base")
    state = serializers.CharField()
    stage = serializers.CharField()
    recipe = serializers.DictField(child=serializers.JSONField(allow_null=True))
    base = serializers.DictField(child=serializers.CharField())
    step = serializers.IntegerField()
    steps = serializers.IntegerField()
    epoch = serializers.IntegerField()
    loss = serializers.FloatField(allow_null=True)
    validation_loss = serializers.FloatField(allow_null=True)
    tokens = serializers.IntegerField()
    tokens_per_second = serializers.FloatField(allow_null=True)
    memory = serializers.IntegerField()
    seconds = serializers.FloatField()
    eta_seconds = serializers.FloatField(allow_null=True)
    hourly_rate = serializers.CharField()
    cost = serializers.CharField(allow_null=True)
    attempts = serializers.IntegerField()
    device = serializers.CharField()
    launcher = serializers.CharField()
    note = serializers.CharField()
    error_code = serializers.CharField()
    error_message = serializers.CharField()
    asked_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    told_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    model = serializers.IntegerField(allow_null=True, help_text="number of the model that came of it")
    verdict = serializers.CharField()
    preflight = serializers.DictField(required=False, help_text="of one run alone: what was shown and confirmed")


class TrainingRunPage(serializers.Serializer[Any]):
    """One page, the newest first; ``counts`` for each ``state`` that may be asked for."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    results = TrainingRunAnswer(many=True)


class PreflightAnswer(serializers.Serializer[Any]):
    """What refuses, what has to be confirmed by its code, and every number behind it."""

    may_start = serializers.BooleanField()
    refusals = serializers.ListField(child=serializers.DictField())
    warnings = serializers.ListField(child=serializers.DictField())
    expected = serializers.DictField()
    recipe = serializers.DictField()
    bytes_needed = serializers.IntegerField()
    loss_shown_from = serializers.IntegerField(allow_null=True)
    dataset = serializers.DictField()
    corrections = serializers.DictField()
    labels = serializers.DictField()
    comparison = serializers.DictField()
    place = serializers.DictField()
    trained_before = serializers.IntegerField(allow_null=True)
    start = serializers.DictField(allow_null=True, help_text="what is known of the model that it would start from, null for the base")


class RunPointsAnswer(serializers.Serializer[Any]):
    """Points behind ``after``. When ``attempts`` has risen the run went back to a checkpoint: ask again from 0."""

    points = serializers.ListField(child=serializers.DictField())
    next_after = serializers.IntegerField()
    more = serializers.BooleanField()
    state = serializers.CharField()
    stage = serializers.CharField()
    attempts = serializers.IntegerField()
    over = serializers.BooleanField(help_text="nothing will come by itself any more")


class RunLinesAnswer(serializers.Serializer[Any]):
    """Lines of the log behind ``after``."""

    lines = serializers.ListField(child=serializers.DictField())
    next_after = serializers.IntegerField()
    more = serializers.BooleanField()


class SweepAnswer(serializers.Serializer[Any]):
    """A set of runs, with what each tried and came to: ``right`` is the share of values right on held-out documents, with its interval.

    ``best`` is the id of the run with the least validation loss, ``most_right`` that of the run with the most values right.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    axes = serializers.DictField()
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    best = serializers.IntegerField(allow_null=True)
    most_right = serializers.IntegerField(allow_null=True)
    runs = serializers.ListField(child=serializers.DictField())


class SweepOutline(serializers.Serializer[Any]):
    """A sweep in a list: how many ``runs`` it has and how many are ``finished``, what the best of them came to, and what all took."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    axes = serializers.DictField()
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    data_sets = serializers.ListField(child=serializers.IntegerField())
    runs = serializers.IntegerField()
    finished = serializers.IntegerField()
    best = serializers.IntegerField(allow_null=True)
    validation_loss = serializers.FloatField(allow_null=True)
    most_right = serializers.IntegerField(allow_null=True)
    right = serializers.DictField(allow_null=True)
    seconds = serializers.FloatField()
    cost = serializers.CharField(allow_null=True)


class SweepPage(serializers.Serializer[Any]):
    """One page of sweeps, the newest first."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = SweepOutline(many=True)


class ComparedRuns(serializers.Serializer[Any]):
    """Runs side by side: ``recipes`` has for each field a value for each run."""

    runs = TrainingRunAnswer(many=True)
    recipes = serializers.ListField(child=serializers.DictField())
    measures = serializers.ListField(child=serializers.DictField())
    same_dataset = serializers.BooleanField()


def run_json(row: RunRow) -> dict[str, Any]:
    """One run without its preflight."""
    run = row.run
    return {
        "id": run.pk,
        "dataset": run.dataset.number,
        "sweep": run.sweep_id,
        "start_model": row.start,
        "state": run.state,
        "stage": run.stage,
        "recipe": run.recipe,
        "base": run.base,
        **{name: getattr(run, name) for name in _NUMBERS},
        "hourly_rate": str(run.hourly_rate),
        "cost": money(row.cost),
        "asked_by": run.asked_by.username if run.asked_by else None,
        **{name: instant(getattr(run, name)) for name in ("created_at", "started_at", "told_at", "finished_at")},
        "model": row.model,
        "verdict": row.verdict,
    }


def money(amount: Decimal | None) -> str | None:
    """An amount as text."""
    return None if amount is None else str(amount)


def points_json(run: TrainingRun, points: Sequence[RunPoint], after: int, limit: int) -> dict[str, Any]:
    """Points and where the next question begins."""
    names = ("step", "epoch", "loss", "validation_loss", "learning_rate", "tokens_per_second", "memory", "seconds")
    return {
        "points": [{name: getattr(point, name) for name in names} for point in points],
        "next_after": points[-1].step if points else after,
        "more": len(points) == limit,
        "state": run.state,
        "stage": run.stage,
        "attempts": run.attempts,
        "over": run.state in ("finished", "stopped", "failed"),
    }


def lines_json(lines: Sequence[RunLine], after: int, limit: int) -> dict[str, Any]:
    """Lines and where the next question begins."""
    return {
        "lines": [{"id": line.pk, "at": instant(line.at), "text": line.text} for line in lines],
        "next_after": lines[-1].pk if lines else after,
        "more": len(lines) == limit,
    }


def sweep_json(sweep: TrainingSweep) -> dict[str, Any]:
    """A sweep without its runs."""
    return {
        "id": sweep.pk,
        "name": sweep.name,
        "axes": sweep.axes,
        "created_by": sweep.created_by.username if sweep.created_by else None,
        "created_at": instant(sweep.created_at),
    }
