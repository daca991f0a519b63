"""The adapter that comes with the product: whole, of this version, trained on nothing real, and better than no model."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mlcore.artifacts import load_artifact
from mlcore.base_model.identity import identity_of
from mlcore.base_model.prepare import DEFAULT_NAME
from mlcore.compare import compare_records
from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.serving import MOST_TOKENS, load_extractor, scoring_of
from mlcore.shipped import SHIPPED, chosen_artifact
from mlcore.training.presets import MANY


def test_a_fresh_installation_reads_with_it() -> None:
    assert chosen_artifact("") == SHIPPED
    artifact = load_artifact(SHIPPED)
    told = artifact.description
    assert told.base.name == DEFAULT_NAME
    assert told.data["source"] == "synthetic"
    assert told.recipe.max_tokens <= MOST_TOKENS
    assert artifact.confidence is not None
    scoring_of(artifact)  # refuses a scorer that was fitted to other features than this version computes


def test_a_preset_has_its_recipe() -> None:
    """So that it can be trained again; it was trained before the preset had its name, and saved more seldom."""
    trained = load_artifact(SHIPPED).description.recipe
    assert replace(trained, name=MANY.name, save_every_steps=MANY.save_every_steps) == MANY


def test_its_card_says_what_it_is() -> None:
    card = (SHIPPED / "README.md").read_text(encoding="utf-8")
    assert "no real document and no patient is in them" in card
    assert "| adapter + template |" in card


@pytest.mark.thorough
def test_the_base_of_the_wheel_is_the_one_it_was_trained_on_also_where_nothing_may_be_fetched(tmp_path: Path) -> None:
    """transformers writes into a tokenizer's configuration whether it was told to stay offline, and the hash is over that file too."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "mlcore", "prepare-base", "--models", str(tmp_path)]
    subprocess.run(command, check=True, env=environment, capture_output=True)
    assert identity_of(tmp_path / DEFAULT_NAME) == load_artifact(SHIPPED).description.base


@pytest.mark.slow
def test_it_reads_what_no_template_knows(tmp_path: Path) -> None:
    """With the base of the wheel: half a minute to make it ready, then about ten seconds a document."""
    serving = load_extractor(SHIPPED, tmp_path, calibrated=True)
    made = list(generate(3, 99, vendor_catalogue()))
    readings = serving.reader.read([one.gold.document for one in made])
    shares = [compare_records(one.gold.record, reading.record).accuracy or 0.0 for one, reading in zip(made, readings, strict=True)]
    assert sum(shares) / len(shares) > 0.6
    together = serving.extract([one.gold.document for one in made], [None] * len(made))
    assert [one.model_id.startswith(serving.model_id) for one in together] == [True] * len(made)
    assert all((compare_records(one.gold.record, found.record).accuracy or 0.0) > 0.9 for one, found in zip(made, together, strict=True))
