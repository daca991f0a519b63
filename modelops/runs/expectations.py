"""How long a run will take and what it will cost: from earlier runs on the same device, else from stated assumptions. No database.

A run trains, reads documents to learn confidence from, and reads the held-out ones to be judged. The first is tokens over tokens a second,
the others documents times seconds a document. Every number says where it comes from; none is more exact than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any, Final

from mlcore.training.config import Recipe
from modelops.runs.costs import CPU_PACE, SPECIFICATION_RUN, TOKENS_A_DOCUMENT, cost_of, steps_of

ASSUMED_READING: Final = 9.0
"""Seconds in which the 135M base reads a document on one CPU thread (docs/model.md measured 8.6)."""
VALIDATION_SHARE: Final = 1 / 3
"""A document that is only looked at costs a forward pass, a third of learning from it."""
_DAYS_OF_YEAR = 365


@dataclass(frozen=True, slots=True)
class PastRun:
    """What an earlier run took. ``batch`` is documents a step, ``form`` that of its answers; ``tokens_per_second`` above 0."""

    id: int
    device: str
    form: str
    steps: int
    batch: int
    tokens: int
    tokens_per_second: float

    @property
    def tokens_per_document(self) -> float | None:
        """Tokens of a document, ``None`` before the first step."""
        return self.tokens / (self.steps * self.batch) if self.steps and self.batch else None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a device is. ``basis`` are sentences; ``measured`` says that the speed of training is, the rest may be assumed."""

    device: str
    tokens_per_second: float
    tokens_per_document: float
    seconds_per_reading: float
    measured: bool
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a run will take. Minutes are of the clock, money in the currency of ``hourly_rate``; ``cost`` is ``None`` without a rate.

    ``per_year`` is for ``runs_per_year`` runs like it.
    """

    steps: int
    tokens: int
    training_minutes: float
    reading_minutes: float
    evaluating_minutes: float
    hourly_rate: Decimal
    runs_per_year: int
    pace: Pace

    @property
    def minutes(self) -> float:
        """All of it."""
        return self.training_minutes + self.reading_minutes + self.evaluating_minutes

    @property
    def cost(self) -> Decimal | None:
        """Device-hours times the rate."""
        return cost_of(self.minutes * 60, self.hourly_rate) if self.hourly_rate else None

    @property
    def per_year(self) -> Decimal | None:
        """Of a year."""
        return None if self.cost is None else self.cost * self.runs_per_year

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; money as text."""
        return {
            "device": self.pace.device,
            "measured": self.pace.measured,
            "steps": self.steps,
            "tokens": self.tokens,
            "minutes": round(self.minutes, 1),
            "training_minutes": round(self.training_minutes, 1),
            "reading_minutes": round(self.reading_minutes, 1),
            "evaluating_minutes": round(self.evaluating_minutes, 1),
            "tokens_per_second": round(self.pace.tokens_per_second, 1),
            "hourly_rate": str(self.hourly_rate),
            "cost": None if self.cost is None else str(self.cost),
            "cost_per_year": None if self.per_year is None else str(self.per_year),
            "runs_per_year": self.runs_per_year,
            "specification_cost": str(SPECIFICATION_RUN),
            "basis": list(self.pace.basis),
        }


def pace_of(recipe: Recipe, past: Sequence[PastRun], reading: tuple[float, int] | None) -> Pace:
    """The pace to plan with: the median of earlier runs on the device of the newest one.

    ``past`` comes newest first. ``reading`` is the median of seconds a document in so many evaluations.
    """
    basis = []
    device = past[0].device if past else ""
    here = [run for run in past if run.device == device]
    speed = median(run.tokens_per_second for run in here) if here else CPU_PACE
    if here:
        basis.append(f"{speed:,.0f} tokens a second: {_runs(here)} on {device or 'this device'}.")
    else:
        basis.append(f"{speed:,.0f} tokens a second are assumed, as of the 135M base on two CPU cores: no run was measured here yet.")
    lengths = [tokens for run in here if run.form == recipe.form and (tokens := run.tokens_per_document)]
    length = min(median(lengths) if lengths else float(TOKENS_A_DOCUMENT), float(recipe.max_tokens))
    basis.append(f"{length:,.0f} tokens a document {'in earlier runs' if lengths else 'are assumed'}.")
    seconds = reading[0] if reading else ASSUMED_READING
    told = f"the median of {reading[1]} evaluations" if reading else "assumed, as on a CPU"
    basis.append(f"{seconds:.1f} s to read a document: {told}.")
    return Pace(device, speed, length, seconds, bool(here), tuple(basis))


def expect(
    recipe: Recipe, pace: Pace, *, documents: int, validation: int, test: int, read_twice: bool, hourly_rate: Decimal, every_days: int
) -> Expectation:
    """What training on ``documents`` takes. ``read_twice``: the champion has to read the held-out documents too.

    ``every_days`` is the time between two trainings by schedule, 0 for none: then four a year are counted, as in the specification.
    """
    learned = documents * recipe.epochs * pace.tokens_per_document
    looked_at = validation * recipe.epochs * pace.tokens_per_document * VALIDATION_SHARE
    slower = 4 / 3 if recipe.checkpointing else 1.0
    read = pace.seconds_per_reading / 60
    return Expectation(
        steps=steps_of(documents, recipe),
        tokens=round(learned),
        training_minutes=(learned + looked_at) * slower / pace.tokens_per_second / 60,
        reading_minutes=validation * read,
        evaluating_minutes=test * read * (2 if read_twice else 1),
        hourly_rate=hourly_rate,
        runs_per_year=max(1, round(_DAYS_OF_YEAR / every_days)) if every_days else 4,
        pace=pace,
    )


def _runs(runs: Sequence[PastRun]) -> str:
    named = ", ".join(str(run.id) for run in runs[:3])
    return f"run {named}" if len(runs) == 1 else f"the median of {len(runs)} runs ({named}{' and more' if len(runs) > 3 else ''})"
