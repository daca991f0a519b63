"""Two to six runs side by side: what their recipes have and have not in common, and what came of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from modelops.errors import NotFound, RequestInvalid
from modelops.models import TrainingRun
from modelops.runs.recipe_fields import FIELDS
from modelops.selectors.run_outcomes import estimate_of, evaluations_of, recipe_value
from modelops.selectors.runs import RunRow, row_of, with_outcome

LEAST: Final = 2
MOST: Final = 6
MEASURES: Final = {
    "field_accuracy": "Values right",
    "end_to_end": "Documents wholly right",
    "payment_right": "Every value for the payment right",
}
"""Those of an evaluation that are shown when they are there, with their words."""


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """One field of the recipes; ``values`` has one for each run, ``None`` where the recipe has none."""

    path: str
    label: str
    values: tuple[Any, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs differ in it."""
        return any(value != self.values[0] for value in self.values)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure of the evaluations: ``{value, low, high}`` for each run, ``None`` where it was not evaluated."""

    name: str
    label: str
    values: tuple[Mapping[str, Any] | None, ...]


@dataclass(frozen=True)
class RunComparison:
    """Runs in the order in which they were named."""

    rows: tuple[RunRow, ...]
    recipes: tuple[RecipeLine, ...]
    measures: tuple[MeasureLine, ...]
    same_dataset: bool


def wanted_ids(text: str) -> list[int]:
    """``12,14,15``. Raises ``RequestInvalid`` (``runs_invalid``)."""
    parts = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not LEAST <= len(parts) <= MOST or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        raise RequestInvalid(
            "runs_invalid", f"Name {LEAST} to {MOST} runs by their numbers, separated by commas; asked for were {text[:80]!r}."
        )
    return [int(part) for part in parts]


def compare_runs(ids: Sequence[int]) -> RunComparison:
    """Two statements. Raises ``NotFound`` for a run that there is not."""
    known = {run.pk: run for run in with_outcome(TrainingRun.objects.filter(pk__in=ids))}
    if missing := [run_id for run_id in ids if run_id not in known]:
        raise NotFound("run_not_found", f"There is no training run {', '.join(map(str, missing))}.")
    runs = [known[run_id] for run_id in ids]
    lines = [RecipeLine(field.path, field.label, tuple(recipe_value(run.recipe, field.path) for run in runs)) for field in FIELDS]
    return RunComparison(
        tuple(row_of(run) for run in runs),
        tuple(line for line in lines if any(value is not None for value in line.values)),
        tuple(_measures(runs)),
        len({run.dataset_id for run in runs}) == 1,
    )


def _measures(runs: Sequence[TrainingRun]) -> list[MeasureLine]:
    """Each model on the data set that its run learned from."""
    told = evaluations_of(runs)
    lines = [MeasureLine(name, label, tuple(estimate_of(told[run.pk], name) for run in runs)) for name, label in MEASURES.items()]
    return [line for line in lines if any(line.values)]
