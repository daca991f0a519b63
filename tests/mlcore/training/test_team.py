"""Two processes train what one trains: the real launcher, the real command, gloo on the CPU."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from mlcore.__main__ import main
from mlcore.documents import gold_to_json
from mlcore.errors import RecipeError
from mlcore.training.examples import TrainingExample
from mlcore.training.recipe import train
from mlcore.training.team import ALONE, Team
from tests.mlcore.training.conftest import RECIPE, receipt


@pytest.mark.slow
def test_two_processes_end_with_the_weights_of_one(folder: Path, tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"r{n}", **gold_to_json(receipt(n))}) for n in range(9)]
    (tmp_path / "gold.jsonl").write_text("\n".join(lines))
    recipe = {"name": "pair", "lora": {"rank": 4, "alpha": 8.0}, "accumulate": 3, "epochs": 2, "max_tokens": 4000}
    (tmp_path / "recipe.json").write_text(json.dumps(recipe))
    words = ["-m", "mlcore", "train", "--config", str(tmp_path / "recipe.json"), "--gold", str(tmp_path / "gold.jsonl")]
    words += ["--base", str(folder), "--device", "cpu"]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    assert main([*words[2:], "--out", str(tmp_path / "one")]) == 0
    paired = [*launcher, *words, "--out", str(tmp_path / "two")]
    said = subprocess.run(paired, env=environment, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout.count("step 1/") == 1
    one, two = (load_file(tmp_path / name / "best.safetensors") for name in ("one", "two"))
    begun = [name for name in one if "lora_B" in name]
    assert all(one[name].abs().max() > 1e-4 for name in begun)
    for name in one:
        torch.testing.assert_close(two[name], one[name], rtol=1e-3, atol=1e-5)
    outcomes = [json.loads((tmp_path / name / "outcome.json").read_text()) for name in ("one", "two")]
    assert [one["processes"] for one in outcomes] == [1, 2]
    assert outcomes[0]["tokens"] == outcomes[1]["tokens"]
    assert outcomes[1]["device_seconds"] == 2 * outcomes[1]["wall_seconds"]


def test_a_step_needs_a_micro_batch_for_every_process(base: object, examples: list[TrainingExample], tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="accumulate is 2 for 3 processes"):
        train(base, RECIPE, examples, [], tmp_path, team=Team(0, 3))  # type: ignore[arg-type]


def test_a_team_of_one_sends_nothing() -> None:
    assert ALONE.leads
    assert ALONE.sum(1.0, 2.0) == (1.0, 2.0)
    assert ALONE.any(True)
    assert not ALONE.any(False)
