"""A recipe out of a preset and single changes: every limit of every field, and what fields mean together, is told beside its field."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from typing import Any

import pytest

from mlcore.training.config import Recipe
from mlcore.training.presets import DEFAULT, GUIDE, PRESETS
from modelops.errors import RequestInvalid
from modelops.runs.fitting import further_from
from modelops.runs.readiness import checked_recipe
from modelops.runs.recipe_fields import BY_PATH, FIELDS, RecipeField, flat
from modelops.runs.recipes import RecipeRefused, recipe_of
from modelops.runs.servable import NO_EXAMPLES, WITH_EXAMPLES

NUMBERS = [field for field in FIELDS if field.kind in ("whole", "number")]


def refused(**asked: Any) -> dict[str, str]:
    with pytest.raises(RecipeRefused) as caught:
        recipe_of(**asked)
    return caught.value.by_path


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_fits_the_form(name: str) -> None:
    recipe = recipe_of(preset=name)
    assert recipe == PRESETS[name]
    assert recipe_of(preset=name, changes=flat(recipe)) == recipe
    assert recipe_of(recipe=recipe.to_json()) == recipe


def test_the_form_has_every_field_of_a_recipe() -> None:
    told = asdict(DEFAULT)
    nested = {f"{name}.{inner}" for name in ("lora", "schedule") for inner in told.pop(name)}
    paths = nested | set(told)
    assert paths == set(BY_PATH) | WITH_EXAMPLES


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.path)
def test_each_number_has_its_limits(field: RecipeField) -> None:
    step = 1 if field.kind == "whole" else 1e-9
    below = field.least if field.above else field.least - step
    beyond = field.most if field.below else field.most + step * max(1, field.most)
    values: list[Any] = [below, beyond, "12", True, None]
    for value in values:
        found = refused(preset="default", changes={field.path: value})
        assert field.path in found, value
        assert field.label in found[field.path]
    if field.kind == "whole":
        assert "whole number" in refused(preset="default", changes={field.path: 2.5})[field.path]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_no_number_is_no_number(value: float) -> None:
    assert "schedule.learning_rate" in refused(preset="default", changes={"schedule.learning_rate": value})


WRONG: dict[str, list[Any]] = {
    "name": ["", " ", "x" * 41, 7, None],
    "precision": ["int8", "", None, ["nf4"]],
    "form": ["xml", None, {}],
    "checkpointing": ["yes", 1, None],
    "lora.targets": [[], ["x" * 81], "q_proj", [1], ["q"] * 33, [""]],
}


@pytest.mark.parametrize(("path", "value"), [(path, value) for path, values in WRONG.items() for value in values])
def test_texts_choices_and_names_have_theirs(path: str, value: Any) -> None:
    assert path in refused(preset="default", changes={path: value})


def test_all_problems_are_told_at_once_each_beside_its_field() -> None:
    found = refused(preset="default", changes={"epochs": 0, "lora.rank": 0, "warmth": 3, "schedule.floor": 2})
    assert set(found) == {"epochs", "lora.rank", "warmth", "schedule.floor"}


def test_what_fields_mean_together_is_beside_the_first_that_is_named() -> None:
    assert "all-linear alone" in refused(preset="default", changes={"lora.targets": ["all-linear", "q_proj"]})["lora.targets"]


@pytest.mark.parametrize("path", sorted(WITH_EXAMPLES))
def test_no_station_trains_a_model_with_examples_that_its_worker_would_not_show(path: str) -> None:
    assert refused(preset="default", changes={path: 1})[path] == NO_EXAMPLES


def test_a_whole_recipe_with_examples_is_refused_by_every_way_in() -> None:
    taught = replace(DEFAULT, shown_share=0.7, wrong_share=0.2)
    told = f"shown_share is 0.7. {NO_EXAMPLES}"
    assert refused(recipe=taught.to_json()) == {"shown_share": told}
    with pytest.raises(RequestInvalid) as caught:
        checked_recipe(taught)
    assert (caught.value.code, caught.value.extra["faults"]) == ("recipe_invalid", [told])


def test_a_model_of_examples_is_gone_on_from_without() -> None:
    made = further_from(replace(DEFAULT, shown_share=0.7, wrong_share=0.2, shown_most=2))
    assert checked_recipe(made) == further_from(DEFAULT)


def test_one_of_preset_and_recipe_is_needed_and_known() -> None:
    assert refused()[""] == refused(preset="default", recipe=DEFAULT.to_json())[""]
    assert "default, many, further, guide" in refused(preset="fast")["preset"]
    assert "no ranks" in refused(recipe={**DEFAULT.to_json(), "ranks": 3})[""]
    assert "" in refused(recipe={})
    assert "" in refused(recipe={"name": "x", "lora": 3})
    assert "lora" in refused(recipe=replace(DEFAULT, lora=None, schedule=replace(DEFAULT.schedule, learning_rate=1e-4)).to_json())


def test_changes_make_another_recipe_and_leave_the_preset() -> None:
    made = recipe_of(preset="guide", changes={"lora.rank": 4, "schedule.learning_rate": 2e-4, "lora.targets": ["q_proj"]})
    assert isinstance(made, Recipe)
    assert made.lora is not None
    assert GUIDE.lora is not None
    assert (made.lora.rank, made.lora.targets, made.schedule.learning_rate) == (4, ("q_proj",), 2e-4)
    assert (made.lora.alpha, GUIDE.lora.rank) == (16.0, 8)
