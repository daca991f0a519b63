"""What training costs: of a run, as expected of the next one, and over a year. Money is Decimal, in the currency of the rate.

The specification counts $240 a run (8 hours at $30) and $960 a year (four runs); both are shown beside what is measured here.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mlcore.training.config import Recipe
from modelops.models import DatasetVersion, RunState, TrainingRun, TriggerPolicy

SPECIFICATION_RUN = Decimal("240.00")
SPECIFICATION_YEAR = Decimal("960.00")
SPECIFICATION_HOURS = 8

CPU_PACE = 250.0
"""Tokens a second of the 135M base on two cores (docs/model.md), where no run has been measured yet."""

TOKENS_A_DOCUMENT = 1200
"""Prompt and answer of a mean synthetic invoice (docs/model.md), where no run has been measured yet."""

_YEAR_DAYS = 365
_MEASURED = 5
_CENT = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a run is expected to take. ``measured`` says from how many earlier runs the pace is known, 0 for a rule of thumb.

    ``steps`` of the optimizer, ``tokens`` through the model, ``pace`` in tokens a second, ``seconds`` of training on the clock; ``cost``
    is 0 where no rate is known. Reading, calibrating and evaluating come on top.
    """

    steps: int
    tokens: int
    pace: float
    seconds: float
    cost: Decimal
    hourly_rate: Decimal
    measured: int
    device: str = ""


@dataclass(frozen=True, slots=True)
class YearOfRuns:
    """A year at the pace of the trigger policy. ``runs`` counts scheduled ones alone (0: none is scheduled); ``run`` is the cost of one."""

    runs: Decimal
    run: Decimal
    year: Decimal
    specification_run: Decimal = SPECIFICATION_RUN
    specification_year: Decimal = SPECIFICATION_YEAR


def cost_of(seconds: float, hourly_rate: Decimal, processes: int = 1) -> Decimal:
    """Device-hours times the rate, to a hundredth of a cent."""
    return (Decimal(str(seconds)) * processes / 3600 * hourly_rate).quantize(_CENT, ROUND_HALF_UP)


def current_rate() -> Decimal:
    """What an hour of a device costs by the newest trigger policy; 0 where nobody has said."""
    rate = TriggerPolicy.objects.order_by("-pk").values_list("hourly_rate", flat=True).first()
    return rate if rate is not None else Decimal(0)


def expected(dataset: DatasetVersion, recipe: Recipe, *, device: str = "", processes: int = 1) -> Expected:
    """What training ``recipe`` on ``dataset`` takes, by the newest finished runs (of ``device``, where it is named).

    ``documents`` of a version counts all three splits; those of the training split are what is left without the two others.
    """
    training = training_documents(dataset)
    runs = TrainingRun.objects.filter(state=RunState.FINISHED, tokens__gt=0, tokens_per_second__gt=0, steps__gt=0)
    runs = runs.filter(device=device) if device else runs
    known = list(runs.select_related("dataset").order_by("-pk")[:_MEASURED])
    pace = statistics.median(float(run.tokens_per_second or CPU_PACE) for run in known) if known else CPU_PACE
    each = statistics.median(_tokens_a_document(run) for run in known) if known else TOKENS_A_DOCUMENT
    tokens = round(min(each, recipe.max_tokens) * training * recipe.epochs)
    seconds = tokens / pace
    rate = current_rate()
    told = device or (known[0].device if known else "")
    return Expected(steps_of(training, recipe), tokens, pace, seconds, cost_of(seconds, rate, processes), rate, len(known), told)


def steps_of(documents: int, recipe: Recipe) -> int:
    """Steps of the optimizer over all epochs, as ``mlcore.training`` counts them."""
    return math.ceil(math.ceil(documents / recipe.micro_batch) / recipe.accumulate) * recipe.epochs


def training_documents(dataset: DatasetVersion) -> int:
    """Documents of the training split, gold and synthetic together, as the version counts them."""
    told = dataset.counts.get("documents") if isinstance(dataset.counts, dict) else None
    if isinstance(told, dict) and isinstance(told.get("train"), int):
        return int(told["train"])
    return max(dataset.documents - dataset.validation_documents - dataset.test_documents, 0)


def year_of_runs(run: Decimal | None = None, policy: TriggerPolicy | None = None) -> YearOfRuns:
    """A year at the pace of the newest trigger policy; ``run`` is what one costs, by default the mean of the last finished ones."""
    policy = policy or TriggerPolicy.objects.order_by("-pk").first() or TriggerPolicy()
    if run is None:
        costs = TrainingRun.objects.filter(state=RunState.FINISHED, cost__isnull=False).order_by("-pk").values_list("cost", flat=True)
        known = [cost for cost in costs[:_MEASURED] if cost is not None]
        run = (sum(known, Decimal(0)) / len(known)).quantize(_CENT, ROUND_HALF_UP) if known else Decimal(0)
    runs = (Decimal(_YEAR_DAYS) / policy.every_days).quantize(Decimal("0.1"), ROUND_HALF_UP) if policy.every_days else Decimal(0)
    return YearOfRuns(runs, run, (runs * run).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _tokens_a_document(run: TrainingRun) -> float:
    made = max(run.step, 1) / run.steps * max(training_documents(run.dataset), 1) * int(run.recipe.get("epochs", 1))
    return run.tokens / max(made, 1.0)
