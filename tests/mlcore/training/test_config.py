"""Recipes: every shipped one is sound, and a bad one names all of its faults."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from mlcore.errors import RecipeError
from mlcore.training.config import LoraConfig, Precision, Recipe, Schedule
from mlcore.training.presets import DEFAULT, GUIDE, PRESETS


@pytest.mark.parametrize("recipe", PRESETS.values(), ids=list(PRESETS))
def test_shipped_recipes_are_sound_and_survive_json(recipe: Recipe) -> None:
    assert recipe.checked() is recipe
    assert Recipe.from_json(json.loads(json.dumps(recipe.to_json()))) == recipe


def test_the_guide_is_the_specification() -> None:
    assert GUIDE.lora == LoraConfig(rank=8, alpha=16, dropout=0.05, targets=("q_proj", "v_proj"))
    assert GUIDE.schedule == Schedule(learning_rate=1e-4, warmup_steps=100, weight_decay=0.01, clip_norm=1.0)
    assert (GUIDE.epochs, GUIDE.micro_batch, GUIDE.accumulate, GUIDE.batch) == (3, 4, 4, 16)
    assert (GUIDE.precision, GUIDE.save_every_steps) == (Precision.NF4, 200)


def test_a_recipe_that_names_no_form_answers_in_the_one_that_measured_best() -> None:
    assert Recipe("plain").form == Recipe.from_json({"name": "plain"}).form == DEFAULT.form


def test_all_faults_are_told_together() -> None:
    bad = Recipe("bad", lora=LoraConfig(rank=0, dropout=1.5), schedule=Schedule(learning_rate=5.0), epochs=0, rare_weight=0.5, form="xml")
    with pytest.raises(RecipeError) as caught:
        bad.checked()
    told = str(caught.value)
    assert len(caught.value.faults) == 6
    for name in ("lora.rank", "lora.dropout", "learning_rate", "epochs", "rare_weight", "'xml'"):
        assert name in told


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        *(("", name, 1.5) for name in ("epochs", "micro_batch", "accumulate", "max_tokens", "save_every_steps", "patience", "seed")),
        *(("", "epochs", value) for value in (2.0, True, "3", None)),
        *(("lora", "rank", value) for value in (8.5, math.nan)),
        *(("schedule", "warmup_steps", value) for value in (0.5, math.inf)),
        *(("", "rare_weight", value) for value in (math.nan, math.inf, "2")),
        *(("lora", name, math.nan) for name in ("alpha", "dropout")),
        *(("schedule", name, math.inf) for name in ("learning_rate", "floor", "weight_decay", "clip_norm")),
        *(("", name, math.nan) for name in ("shown_share", "wrong_share")),
        *(("", "shown_most", value) for value in (1.5, True)),
        ("", "checkpointing", 1),
    ],
)
def test_fractions_and_what_is_no_number_are_refused(part: str, name: str, value: object) -> None:
    whole = GUIDE.to_json()
    (whole[part] if part else whole)[name] = value
    with pytest.raises(RecipeError) as caught:
        Recipe.from_json(json.loads(json.dumps(whole)))
    (fault,) = caught.value.faults
    assert fault.startswith(f"{part}{'.' if part else ''}{name} is {value!r}; it must be ")


def test_shares_of_examples_are_checked_together() -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe("bad", shown_share=1.5, wrong_share=-0.1, shown_most=0).checked()
    assert len(caught.value.faults) == 3
    with pytest.raises(RecipeError, match="with shown_share 0, which shows no examples"):
        Recipe("idle", wrong_share=0.2).checked()


@pytest.mark.parametrize("data", [{"name": "x", "learning_rate": 1e-3}, {"name": "x", "precision": "int3"}, {"lora": 5, "name": "x"}, {}])
def test_what_is_no_recipe_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_json(data)
