"""The recipes of a sweep: every combination once, alpha as it was asked for, and no more runs than a night has hours."""

from __future__ import annotations

from typing import Any

import pytest

from mlcore.training.presets import DEFAULT, GUIDE
from modelops.errors import RequestInvalid
from modelops.runs.recipes import RecipeRefused
from modelops.runs.sweeping import MOST_RUNS, AlphaRule, plan_sweep


def ranks_and_alphas(*asked: Any) -> set[tuple[int, float]]:
    return {(recipe.lora.rank, recipe.lora.alpha) for recipe in plan_sweep(*asked).recipes if recipe.lora}


def test_every_combination_once() -> None:
    plan = plan_sweep(DEFAULT, {"lora.rank": [4, 8], "schedule.learning_rate": [1e-4, 1e-3, 2e-3]})
    assert len(plan.recipes) == len(set(plan.recipes)) == 6
    assert plan.axes == {"lora.rank": [4, 8], "schedule.learning_rate": [1e-4, 1e-3, 2e-3]}
    assert {recipe.epochs for recipe in plan.recipes} == {DEFAULT.epochs}


def test_alpha_stays_as_in_the_specification_or_keeps_its_ratio_or_both() -> None:
    axes = {"lora.rank": [4, 8, 16]}
    assert ranks_and_alphas(GUIDE, axes, AlphaRule.FIXED) == {(4, 16.0), (8, 16.0), (16, 16.0)}
    assert ranks_and_alphas(GUIDE, axes, AlphaRule.RATIO) == {(4, 8.0), (8, 16.0), (16, 32.0)}
    both = plan_sweep(GUIDE, axes, AlphaRule.BOTH)
    assert len(both.recipes) == 5, "rank 8 is the same recipe both ways"
    assert both.axes == {"lora.rank": [4, 8, 16], "lora.alpha": [8.0, 16.0, 32.0]}


@pytest.mark.parametrize(
    ("axes", "path"),
    [
        ({}, ""),
        ({"epochs": [1], "accumulate": [1], "patience": [1], "lora.rank": [1]}, ""),
        ({"epochs": list(range(1, 6)), "accumulate": list(range(1, 6))}, ""),
        ({"epochs": []}, "epochs"),
        ({"epochs": list(range(1, 10))}, "epochs"),
        ({"epochs": [2, 2]}, "epochs"),
        ({"seed": [1, 2]}, "seed"),
        ({"form": ["rows-1"]}, "form"),
        ({"nonsense": [1]}, "nonsense"),
    ],
)
def test_what_cannot_be_swept_is_told(axes: dict[str, list[Any]], path: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        plan_sweep(DEFAULT, axes)
    assert caught.value.code == "sweep_invalid"
    assert [one["path"] for one in caught.value.extra["problems"]] == [path]


def test_as_many_runs_as_there_may_be() -> None:
    assert len(plan_sweep(DEFAULT, {"epochs": [1, 2, 3], "accumulate": list(range(1, 9))}).recipes) == MOST_RUNS


@pytest.mark.parametrize("alpha", [AlphaRule.RATIO, AlphaRule.BOTH])
def test_a_ratio_needs_a_rank_that_is_tried(alpha: AlphaRule) -> None:
    asked: list[dict[str, list[Any]]] = [{"epochs": [1, 2]}, {"lora.rank": [4, 8], "lora.alpha": [8.0]}]
    for axes in asked:
        with pytest.raises(RequestInvalid, match="ratio"):
            plan_sweep(DEFAULT, axes, alpha)


def test_a_value_outside_of_its_limits_is_told_beside_its_field() -> None:
    with pytest.raises(RecipeRefused) as caught:
        plan_sweep(DEFAULT, {"lora.rank": [0, 8, "many"]})
    assert set(caught.value.by_path) == {"lora.rank"}
