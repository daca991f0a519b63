"""``python -m mlcore`` end to end on the tiny model: train, stop, go on; faults are sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlcore.__main__ import main
from tests.mlcore.tiny import write_tiny_base


def test_training_writes_weights_recipe_and_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = write_tiny_base(tmp_path / "base")
    recipe = tmp_path / "recipe.json"
    recipe.write_text(json.dumps({"name": "test", "max_tokens": 2200, "accumulate": 2, "schedule": {"learning_rate": 0.01}}))
    out = tmp_path / "run"
    data = tmp_path / "data"
    sizes = ["--documents", "8", "--layouts", "10", "--validation", "4", "--held-layouts", "2", "--test", "2"]
    assert main(["build-dataset", "--out", str(data), *sizes]) == 0
    words = ["train", "--out", str(out), "--config", str(recipe), "--base", str(base), "--dataset", str(data)]
    assert main([*words, "--documents", "6", "--validation", "2"]) == 0
    assert (out / "best.safetensors").is_file()
    assert json.loads((out / "recipe.json").read_text())["name"] == "test"
    kinds = [json.loads(line)["kind"] for line in (out / "events.jsonl").read_text().splitlines()]
    assert {"progress", "epoch"} <= set(kinds)
    assert "epoch 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["fly"], 2, "python -m mlcore COMMAND"),
        (["train", "--out", "{}/x", "--dataset", "{}/none"], 1, "is no dataset directory"),
        (["build-dataset", "--out", "{}/x", "--documents", "0", "--noise", "2"], 1, "documents is 0"),
        (["train", "--out", "{}/x", "--gold", "{}/none.jsonl"], 1, "cannot be read as gold examples"),
        (["train", "--out", "{}/x", "--dataset", "{}", "--epochs", "0"], 1, "epochs is 0"),
        (["train", "--out", "{}/x", "--dataset", "{}", "--config", "{}/none.json"], 1, "cannot be read as a recipe"),
        (["prepare-base", "--base", "{}/none"], 1, "is no model directory"),
    ],
)
def test_faults_are_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, told: str
) -> None:
    assert main([word.format(tmp_path) for word in words]) == status
    assert told in capsys.readouterr().err
