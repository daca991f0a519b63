"""From one recipe and the values to try to the recipes of a sweep. No database.

The specification tried ranks 4 to 32 with alpha fixed at 16. That changes alpha / rank from 4 to 0.5, and so measures the learning rate as
much as the rank; with the ratio held, rank alone is measured. Both ways are offered, and both in one sweep.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Any, Final

from mlcore.training.config import Recipe
from modelops.errors import RequestInvalid
from modelops.runs.recipe_fields import BY_PATH, SWEPT
from modelops.runs.recipes import RecipeRefused, recipe_of

MOST_RUNS: Final = 24
MOST_AXES: Final = 3
MOST_VALUES: Final = 8
MAX_NAME: Final = 80
RANK, ALPHA = "lora.rank", "lora.alpha"


class AlphaRule(StrEnum):
    """What becomes of alpha when the rank is tried: it stays, it keeps its ratio to the rank, or both ways are tried."""

    FIXED = "fixed"
    RATIO = "ratio"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Plan:
    """The recipes of a sweep, each once, and for each path the values that are tried in them."""

    recipes: tuple[Recipe, ...]
    axes: dict[str, list[float]]


def plan_sweep(base: Recipe, axes: Mapping[str, Sequence[Any]], alpha: AlphaRule = AlphaRule.FIXED) -> Plan:
    """Every combination. Raises ``RequestInvalid`` (``sweep_invalid``) and ``RecipeRefused`` with every problem."""
    problems = _problems(base, axes, alpha)
    if problems:
        listed = [{"path": path, "code": "sweep_invalid", "message": message} for path, message in problems.items()]
        raise RequestInvalid("sweep_invalid", " ".join(problems.values()), {"problems": listed})
    rules = [AlphaRule.FIXED, AlphaRule.RATIO] if alpha is AlphaRule.BOTH else [alpha]
    recipes: dict[Recipe, None] = {}
    faults: dict[str, str] = {}
    for rule, values in product(rules, product(*axes.values())):
        changes = dict(zip(axes, values, strict=True))
        if rule is AlphaRule.RATIO and base.lora is not None:
            changes[ALPHA] = base.lora.alpha / base.lora.rank * changes[RANK]
        try:
            recipes[recipe_of(recipe=base.to_json(), changes=changes)] = None
        except RecipeRefused as error:
            faults |= error.by_path
    if faults:
        raise RecipeRefused(faults)
    tried = {path: sorted({_value(recipe, path) for recipe in recipes}) for path in axes}
    alphas = sorted({recipe.lora.alpha for recipe in recipes if recipe.lora is not None})
    if len(alphas) > 1:
        tried[ALPHA] = alphas
    return Plan(tuple(recipes), tried)


def _problems(base: Recipe, axes: Mapping[str, Sequence[Any]], alpha: AlphaRule) -> dict[str, str]:
    found = {}
    if not 1 <= len(axes) <= MOST_AXES:
        found[""] = f"A sweep varies 1 to {MOST_AXES} fields; {len(axes)} are named."
    runs = 2 if alpha is AlphaRule.BOTH else 1
    for path, values in axes.items():
        if path not in SWEPT:
            found[str(path)[:60]] = f"{str(path)[:60]!r} cannot be varied; numbers of a recipe can: {', '.join(SWEPT)}."
        elif not 1 <= len(values) <= MOST_VALUES:
            found[path] = f"{BY_PATH[path].label} has {len(values)} values; 1 to {MOST_VALUES} are tried."
        elif len({str(value) for value in values}) < len(values):
            found[path] = f"{BY_PATH[path].label} names a value twice."
        runs *= len(values)
    if alpha is not AlphaRule.FIXED and (base.lora is None or RANK not in axes or ALPHA in axes):
        found["alpha"] = "Alpha keeps its ratio to a rank that is tried: vary lora.rank, not lora.alpha, of an adapter."
    if not found and runs > MOST_RUNS:
        found[""] = f"These are {runs} runs; a sweep has {MOST_RUNS} at most. Try fewer values."
    return found


def _value(recipe: Recipe, path: str) -> float:
    holder: Any = recipe
    for part in path.split("."):
        holder = getattr(holder, part)
    return float(holder) if isinstance(holder, float) else int(holder)
