"""From what was asked for to a recipe: a preset or a whole recipe, with single fields changed. All problems at once. No database."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from mlcore.errors import RecipeError
from mlcore.training.config import Recipe
from mlcore.training.presets import PRESETS
from modelops.errors import RequestInvalid
from modelops.runs.recipe_fields import BY_PATH, FIELDS, flat, problem_with
from modelops.runs.servable import NO_EXAMPLES, WITH_EXAMPLES, not_servable

CODE: Final = "recipe_invalid"
MOST_FIELDS: Final = 2 * len(FIELDS)
_NAMED = re.compile(r"^([a-z_]+(?:\.[a-z_]+)?) is ")


class RecipeRefused(RequestInvalid):
    """A recipe that cannot be. ``extra["problems"]`` has ``{path, code, message}`` for each, ``path`` empty where it is of no one field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        listed = [{"path": path, "code": CODE, "message": message} for path, message in problems.items()]
        super().__init__(CODE, " ".join(problems.values()), {"problems": listed})

    @property
    def by_path(self) -> dict[str, str]:
        """Message by path."""
        return {one["path"]: one["message"] for one in self.extra["problems"]}


def recipe_of(*, preset: str = "", recipe: Mapping[str, Any] | None = None, changes: Mapping[str, Any] | None = None) -> Recipe:
    """A preset, or a recipe as ``Recipe.to_json`` has it, with ``changes`` (path -> value) made. Raises ``RecipeRefused``."""
    base = _base(preset, recipe)
    if told := not_servable(base):
        raise RecipeRefused(told)
    wanted = dict(changes or {})
    if len(wanted) > MOST_FIELDS:
        raise RecipeRefused({"": f"{len(wanted)} fields are changed; a recipe has {len(FIELDS)}."})
    data = asdict(base)
    problems = {str(path)[:60]: _unknown(str(path)[:60]) for path in wanted if path not in BY_PATH}
    for path, value in wanted.items():
        if path in problems:
            continue
        head, _, last = path.partition(".")
        data[head] = {**data[head], last: value} if last else value
    values = flat(base) | wanted
    problems |= {path: found for path, value in values.items() if path in BY_PATH and (found := problem_with(BY_PATH[path], value))}
    if problems:
        raise RecipeRefused(problems)
    return _checked(data)


def _unknown(path: str) -> str:
    return NO_EXAMPLES if path in WITH_EXAMPLES else f"A recipe has no {path!r}."


def stored(recipe: Recipe) -> dict[str, Any]:
    """The recipe as a row has it: what JSON makes of it, lists where it has tuples."""
    told: dict[str, Any] = json.loads(json.dumps(recipe.to_json()))
    return told


def _base(preset: str, recipe: Mapping[str, Any] | None) -> Recipe:
    if (recipe is not None) == bool(preset):
        raise RecipeRefused({"": "Name a preset, or send a recipe; one of the two."})
    if recipe is not None:
        return _checked(recipe)
    if preset not in PRESETS:
        raise RecipeRefused({"preset": f"There is no preset {preset[:40]!r}; there are {', '.join(PRESETS)}."})
    return PRESETS[preset]


def _checked(data: Mapping[str, Any]) -> Recipe:
    try:
        return Recipe.from_json(data)
    except RecipeError as error:
        raise RecipeRefused(by_field(error.faults)) from error


def by_field(faults: tuple[str, ...]) -> dict[str, str]:
    """Faults by the field that each names; several of one field, and those of none, are put together."""
    found: dict[str, str] = {}
    for fault in faults:
        named = _NAMED.match(fault)
        path = named[1] if named and named[1] in BY_PATH else ""
        found[path] = f"{found[path]} {fault}" if path in found else fault
    return found
