"""Recipes from files, in both vocabularies; nothing that would not be done is passed over."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlcore.errors import RecipeError
from mlcore.training.config import Precision
from mlcore.training.presets import DEFAULT, GUIDE
from modelops.runs.recipe_files import read_recipe
from tests.architecture.source import ROOT


def a_file(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text)
    return path


def test_the_specifications_configuration_is_the_guides_recipe() -> None:
    assert read_recipe(ROOT / "docs/invoice_config.yaml") == replace(GUIDE, name="invoice_config")


def test_a_recipe_of_the_products_own_words_in_json(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"epochs": 3, "schedule": {"learning_rate": 5e-4}, "lora": {"rank": 4, "alpha": 8}}))
    made = read_recipe(path)
    assert (made.name, made.epochs, made.form) == ("own", 3, DEFAULT.form)
    assert made.schedule == replace(DEFAULT.schedule, learning_rate=5e-4)
    assert made.lora is not None
    assert (made.lora.rank, made.lora.targets) == (4, ("all-linear",))


def test_a_whole_recipe_comes_back_as_it_is(tmp_path: Path) -> None:
    assert read_recipe(a_file(tmp_path, json.dumps(GUIDE.to_json()))) == replace(GUIDE, name="guide")


def test_words_may_be_given_without_their_groups_and_a_preset_be_named(tmp_path: Path) -> None:
    made = read_recipe(a_file(tmp_path, "preset: default\nr: 4\nlora_alpha: 8\nload_in_4bit: false\nfp16: true\n"))
    assert made.lora is not None
    assert (made.lora.rank, made.lora.targets, made.precision) == (4, ("all-linear",), Precision.FP16)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("optim: sgd\nlr_scheduler_type: linear", "lr_scheduler_type is 'linear'; here it is always 'cosine'.*optim is 'sgd'"),
        ("trust_remote_code: true", "trust_remote_code is True; here it is always False"),
        ("learning_rat: 1", "has no learning_rat"),
        ("learning_rate: 1e-4", "schedule.learning_rate is '1e-4'; it must be a finite number"),
        ("preset: best", "preset is 'best'; known are default, further, guide, many"),
        ("epochs: 0\noptim: sgd", "optim is 'sgd'.*epochs is 0; it must be at least 1"),
        ("lora: null\nr: 8", "lora.rank is given, and the recipe has no lora"),
        ("- a\n- b", "holds no recipe"),
        ("1: 2", "holds no recipe"),
        ("a: [", "cannot be read as YAML or JSON"),
        ("!!python/object/apply:os.system ['true']", "cannot be read as YAML or JSON"),
        ("", "holds no recipe"),
    ],
)
def test_every_fault_is_told(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=f"(?s){told}"):
        read_recipe(a_file(tmp_path, text))


def test_a_file_that_is_not_there_or_too_long(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="cannot be read"):
        read_recipe(tmp_path / "none.yaml")
    with pytest.raises(RecipeError, match="100000 at most"):
        read_recipe(a_file(tmp_path, "# " + "x" * 100_000))
