"""``python -m mlcore`` end to end on the tiny model: train, stop, go on; faults are sentences."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.dataset.directory import Entry, Split, read_split, write_manifest, write_split
from mlcore.documents import gold_to_json
from tests.mlcore.tiny import write_tiny_base
from tests.mlcore.training.conftest import receipt


def test_training_goes_on_from_a_packed_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = write_tiny_base(tmp_path / "base")
    gold = tmp_path / "gold.jsonl"
    gold.write_text("".join(json.dumps(gold_to_json(receipt(number))) + "\n" for number in range(6)))
    recipe = tmp_path / "recipe.json"
    words = ["--config", str(recipe), "--base", str(base), "--gold", str(gold), "--device", "cpu"]
    told = {"name": "test", "max_tokens": 2200, "accumulate": 2, "schedule": {"learning_rate": 0.01}}
    recipe.write_text(json.dumps(told))
    assert main(["train", "--out", str(tmp_path / "first"), *words, "--validation", "2"]) == 0
    outcome = json.loads((tmp_path / "first" / "outcome.json").read_text())
    assert (outcome["documents"], outcome["validation_documents"]) == (4, 2)
    assert main(["pack", "--run", str(tmp_path / "first"), "--out", str(tmp_path / "model")]) == 0
    said = capsys.readouterr().out
    assert "The first documents validate, whoever sent them" in said
    name = said.split("adapter-")[1][:16]
    further = ["train", "--out", str(tmp_path / "second"), *words, "--start", str(tmp_path / "model")]
    assert main(further) == 0
    assert f"Starts from adapter-{name}." in capsys.readouterr().out
    assert main(["pack", "--run", str(tmp_path / "second"), "--out", str(tmp_path / "child")]) == 0
    assert main(["inspect", str(tmp_path / "child")]) == 0
    assert f"from    adapter-{name}, which was trained on gold" in capsys.readouterr().out
    recipe.write_text(json.dumps({**told, "lora": {"rank": 4}, "form": "rows-1"}))
    assert main([*further[:2], str(tmp_path / "third"), *further[3:]]) == 1
    refused = capsys.readouterr().err
    assert f"lora.rank is 4, and adapter-{name} has 16; take 16, or start from the base." in refused
    assert "form is rows-1" in refused
    assert not (tmp_path / "third").exists()


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
    assert "epoch 1" in capsys.readouterr().out
    assert (out / "best.safetensors").is_file()
    assert json.loads((out / "recipe.json").read_text())["name"] == "test"
    kinds = [json.loads(line)["kind"] for line in (out / "events.jsonl").read_text().splitlines()]
    assert {"progress", "epoch"} <= set(kinds)
    told = json.loads((out / "outcome.json").read_text())["data"]
    trained = list(read_split(data, Split.TRAIN, 6))
    counts = [len({getattr(entry, name) for entry in trained}) for name in ("id", "layout")]
    counts.insert(1, len({entry.gold.vendor_key for entry in trained}))
    assert [told["source"], *(told[name] for name in ("documents", "vendors", "layouts"))] == ["synthetic", *counts]
    with (data / "train.jsonl").open("a") as file:
        file.write("{}\n")
    assert main([*words, "--documents", "6", "--validation", "2"]) == 1
    assert "train.jsonl is not the file that dataset.json describes" in capsys.readouterr().err


def test_an_interrupted_run_saves_and_the_same_command_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = write_tiny_base(tmp_path / "base")
    data, out = tmp_path / "data", tmp_path / "run"
    data.mkdir()
    entries = {Split.TRAIN: range(6), Split.VALIDATION: range(6, 7), Split.TEST: range(7, 8)}
    files = {split: write_split(data, split, [Entry(f"r{n}", "r", receipt(n)) for n in which]) for split, which in entries.items()}
    data_hash = write_manifest(data, {}, files)["data_hash"]
    (tmp_path / "recipe.json").write_text(json.dumps({"name": "long", "lora": {"rank": 2}, "accumulate": 1, "epochs": 100}))
    words = ["train", "--out", str(out), "--config", str(tmp_path / "recipe.json"), "--base", str(base), "--dataset", str(data)]

    def interrupt() -> None:
        log = out / "events.jsonl"
        while not (log.is_file() and log.stat().st_size):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    watcher = threading.Thread(target=interrupt)
    watcher.start()
    assert main(words) == 3
    watcher.join()
    told = capsys.readouterr()
    assert "of 600; the same command goes on from there." in told.out
    assert "Stops after this step and saves" in told.err
    stopped = json.loads((out / "outcome.json").read_text())
    assert 0 < stopped["steps"] < 600
    assert (stopped["documents"], stopped["validation_documents"], stopped["data"]["data_hash"]) == (6, 1, data_hash)
    (out / "stop").touch()
    assert main([*words, "--cost-per-device-hour", "2"]) == 3
    assert f"Goes on from step {stopped['steps']}." in capsys.readouterr().out
    assert main([*words, "--epochs", "5"]) == 1
    assert "epochs (100 there, 5 here)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["fly"], 2, "python -m mlcore COMMAND"),
        (["train", "--out", "{}/x", "--dataset", "{}/none"], 1, "is no dataset directory"),
        (["build-dataset", "--out", "{}/x", "--documents", "0", "--noise", "2"], 1, "documents is 0"),
        (["train", "--out", "{}/x", "--gold", "{}/none.jsonl"], 1, "cannot be read as a gold example"),
        (["train", "--out", "{}/x", "--gold", "{}/one.jsonl"], 1, "has 1 documents; two are needed"),
        (
            ["train", "--out", "{}/x", "--gold", "{}/two.jsonl", "--validation", "2"],
            1,
            "of 2 documents 1 to 1 can validate",
        ),
        (["train", "--out", "{}/x", "--gold", "{}/list.jsonl"], 1, "Line 1 of"),
        (["build-dataset", "--out", "{}/one.jsonl"], 1, "one.jsonl: File exists"),
        (["train", "--out", "{}/x", "--dataset", "{}", "--epochs", "0"], 1, "epochs is 0"),
        (["train", "--out", "{}/x", "--dataset", "{}", "--config", "{}/none.json"], 1, "cannot be read as a recipe"),
        (["prepare-base", "--base", "{}/none"], 1, "is no model directory"),
    ],
)
def test_faults_are_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int, told: str
) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps(gold_to_json(receipt(1))))
    (tmp_path / "two.jsonl").write_text("".join(json.dumps(gold_to_json(receipt(number))) + "\n" for number in range(2)))
    (tmp_path / "list.jsonl").write_text("[]\n")
    assert main([word.format(tmp_path) for word in words]) == status
    assert told in capsys.readouterr().err
