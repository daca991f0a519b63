"""A recipe that fits the number of documents: enough steps to learn anything, a warm-up that ends, a save before much is lost. Pure."""

from __future__ import annotations

import math
from dataclasses import replace

from mlcore.training.config import Recipe
from mlcore.training.presets import DEFAULT
from modelops.runs.costs import steps_of

LEAST_STEPS = 80
"""Steps of the optimizer from which on an adapter of the 135M base has learned the form (docs/results.md: 81 steps for 324 documents)."""

MOST_EPOCHS = 6
"""More passes over few documents learn them by heart."""

WARMUP_SHARE = 0.15
SAVES = 8
"""Checkpoints of a short run."""


def fitted(documents: int, recipe: Recipe = DEFAULT) -> Recipe:
    """``recipe`` for a training split of so many ``documents``.

    Few documents are gone over more often (with ``patience``, which keeps the best pass), in smaller steps where even that is too few;
    warm-up takes at most ``WARMUP_SHARE`` of the steps, and a run is saved ``SAVES`` times at least. With many documents the recipe
    stays as it is.
    """
    accumulate, epochs = recipe.accumulate, recipe.epochs
    a_pass = max(_steps(documents, recipe.micro_batch, accumulate), 1)
    if a_pass * epochs < LEAST_STEPS:
        epochs = max(epochs, min(math.ceil(LEAST_STEPS / a_pass), MOST_EPOCHS))
        while accumulate > 1 and _steps(documents, recipe.micro_batch, accumulate) * epochs < LEAST_STEPS:
            accumulate = math.ceil(accumulate / 2)
    made = replace(recipe, epochs=epochs, accumulate=accumulate, patience=recipe.patience or (2 if epochs > 2 else 0))
    total = max(steps_of(documents, made), 1)
    schedule = replace(made.schedule, warmup_steps=min(made.schedule.warmup_steps, max(1, round(total * WARMUP_SHARE))))
    return replace(made, schedule=schedule, save_every_steps=min(made.save_every_steps, max(1, total // SAVES)))


def remarks(documents: int, recipe: Recipe) -> tuple[str, ...]:
    """What is odd about ``recipe`` for so many documents, in sentences; nothing where it fits."""
    total = steps_of(documents, recipe)
    found = []
    if total < LEAST_STEPS:
        found.append(
            f"{documents} documents in batches of {recipe.batch} are {total} steps; fewer than {LEAST_STEPS} seldom learn the form."
        )
    if total and recipe.schedule.warmup_steps > total / 3:
        found.append(f"The warm-up takes {recipe.schedule.warmup_steps} of {total} steps, so the peak rate is hardly reached.")
    if recipe.save_every_steps > total:
        found.append(f"It is saved every {recipe.save_every_steps} steps and has {total}: when it is interrupted, all is lost.")
    return tuple(found)


def _steps(documents: int, micro_batch: int, accumulate: int) -> int:
    return math.ceil(math.ceil(documents / micro_batch) / accumulate)
