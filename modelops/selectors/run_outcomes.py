"""What a run was made with and how its model did, wherever runs are held side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from modelops.models import ModelEvaluation, TrainingRun

ACCURACY: Final = "field_accuracy"
"""The measure by which runs are told apart: values right on held-out documents."""


def evaluations_of(runs: Sequence[TrainingRun]) -> dict[int, Mapping[str, Any]]:
    """For each run what its model came to on the data set that it learned from, by measure; empty without an evaluation. One statement."""
    if not runs:
        return {}
    rows = ModelEvaluation.objects.filter(model__run__in=[run.pk for run in runs], dataset__in={run.dataset_id for run in runs})
    told = {(run_id, dataset_id): overall for run_id, dataset_id, overall in rows.values_list("model__run", "dataset", "overall")}
    return {run.pk: told.get((run.pk, run.dataset_id), {}) for run in runs}


def estimate_of(overall: Mapping[str, Any], measure: str) -> Mapping[str, Any] | None:
    """``{value, low, high}``; ``None`` where it was not measured."""
    found = overall.get(measure)
    return found if isinstance(found, Mapping) and found.get("value") is not None else None


def recipe_value(recipe: dict[str, Any], path: str) -> Any:
    """What a stored recipe has at a path; ``None`` where it has nothing."""
    found: Any = recipe
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
