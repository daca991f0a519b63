"""A recipe that fits the number of documents: enough steps to learn anything, a warm-up that ends, a save before much is lost. Pure."""

from __future__ import annotations

import math
from dataclasses import replace

from mlcore.training.config import Recipe
from mlcore.training.presets import DEFAULT, FURTHER
from modelops.runs.costs import steps_of
from modelops.runs.servable import without_examples

LEAST_STEPS = 80
"""Steps of the optimizer from which on an adapter of the 135M base has learned the form (docs/results.md: 81 steps for 324 documents)."""

MOST_EPOCHS = 6
"""More passes over few documents learn them by heart."""

FURTHER_STEPS = 20
"""Steps from which on a model that knows the form has taken something in: those of 40 documents gone over twice."""

FURTHER_EPOCHS = 3
"""A model that is started from knows much already; what it would learn in more passes is the few documents themselves."""

WARMUP_SHARE = 0.15
SAVES = 8
"""Checkpoints of a short run."""


def further_from(model: Recipe, *, again: bool = False) -> Recipe:
    """The preset ``further`` for a model that was trained by the recipe ``model``: its adapter, form, precision and lengths.

    The rate is a tenth of the model's, as that of the preset is of ``default``'s; the model's own rate where that started from a
    model already (``again``): rates do not shrink from one to the next. What it was shown beside a document it is not shown here.
    """
    rate = model.schedule.learning_rate * (1.0 if again else FURTHER.schedule.learning_rate / DEFAULT.schedule.learning_rate)
    return replace(
        without_examples(model),
        name=FURTHER.name,
        schedule=replace(model.schedule, learning_rate=float(f"{rate:.3g}"), warmup_steps=FURTHER.schedule.warmup_steps),
        epochs=FURTHER.epochs,
        patience=FURTHER.patience,
        save_every_steps=FURTHER.save_every_steps,
    )


def fitted(documents: int, recipe: Recipe = DEFAULT, *, further: bool = False) -> Recipe:
    """``recipe`` for a training split of so many ``documents``; ``further`` for a run that starts from a model, which has to learn less.

    Few documents are gone over more often (with ``patience``, which keeps the best pass), in smaller steps where even that is too few;
    warm-up takes at most ``WARMUP_SHARE`` of the steps, and a run is saved ``SAVES`` times at least. With many documents the recipe
    stays as it is.
    """
    accumulate, epochs = recipe.accumulate, recipe.epochs
    a_pass = max(_steps(documents, recipe.micro_batch, accumulate), 1)
    least, most = (FURTHER_STEPS, FURTHER_EPOCHS) if further else (LEAST_STEPS, MOST_EPOCHS)
    if a_pass * epochs < least:
        epochs = max(epochs, min(math.ceil(least / a_pass), most))
        while accumulate > 1 and _steps(documents, recipe.micro_batch, accumulate) * epochs < least:
            accumulate = math.ceil(accumulate / 2)
    made = replace(recipe, epochs=epochs, accumulate=accumulate, patience=recipe.patience or (2 if epochs > 2 else 0))
    total = max(steps_of(documents, made), 1)
    schedule = replace(made.schedule, warmup_steps=min(made.schedule.warmup_steps, max(1, round(total * WARMUP_SHARE))))
    return replace(made, schedule=schedule, save_every_steps=min(made.save_every_steps, max(1, total // SAVES)))


def remarks(documents: int, recipe: Recipe, *, further: bool = False) -> tuple[str, ...]:
    """What is odd about ``recipe`` for so many documents, in sentences; nothing where it fits."""
    total = steps_of(documents, recipe)
    found = []
    least, why = (FURTHER_STEPS, "change a model hardly") if further else (LEAST_STEPS, "seldom learn the form")
    if total < least:
        found.append(f"{documents} documents in batches of {recipe.batch} are {total} steps; fewer than {least} {why}.")
    if total and recipe.schedule.warmup_steps > total / 3:
        found.append(f"The warm-up takes {recipe.schedule.warmup_steps} of {total} steps, so the peak rate is hardly reached.")
    if recipe.save_every_steps > total:
        found.append(f"It is saved every {recipe.save_every_steps} steps and has {total}: when it is interrupted, all is lost.")
    return tuple(found)


def _steps(documents: int, micro_batch: int, accumulate: int) -> int:
    return math.ceil(math.ceil(documents / micro_batch) / accumulate)
