"""``scripts/retrain``: which commands follow which, and what ends the chain. An interpreter that only tells stands in for the product's;
the commands themselves are followed in tests/workers/test_retraining.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAIN = ["collect_corrections", "merge_datasets", "train_qlora", "evaluate", "deploy"]

INTERPRETER = """#!{python}
import os, sys
command, arguments = sys.argv[2], sys.argv[3:]
with open(os.environ["TOLD"], "a") as told:
    print(command, *arguments, file=told)
status, said = os.environ.get("END_" + command, "0 fine").split(" ", 1)
print(said, file=sys.stderr if status == "2" else sys.stdout)
sys.exit(int(status))
"""


class Chain:
    """A data folder, and what was called in it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "the data"
        self.data.mkdir()
        self.told = folder / "told"
        self.python = folder / "python"
        self.python.write_text(INTERPRETER.format(python=sys.executable))
        self.python.chmod(0o755)

    def run(self, *arguments: str, **ends: str) -> subprocess.CompletedProcess[str]:
        """``ends``: status and words of a command."""
        env = os.environ | {"PYTHON": str(self.python), "TOLD": str(self.told)} | {f"END_{name}": end for name, end in ends.items()}
        command = [str(ROOT / "scripts/retrain"), "--data", str(self.data), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False)

    @property
    def called(self) -> list[str]:
        return self.told.read_text().splitlines() if self.told.exists() else []


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path)


def test_help_says_how_and_does_nothing(chain: Chain) -> None:
    done = chain.run("--help")
    assert (done.returncode, chain.called) == (0, [])
    for flag in ("--data", "--config", "--days", "--help"):
        assert flag in done.stdout


def test_a_pass_is_deployed_by_the_five_commands_of_the_specification(chain: Chain) -> None:
    done = chain.run(evaluate="0 PASSED")
    assert done.returncode == 0, done.stderr
    assert chain.called == [
        "collect_corrections --last-days 90",
        "merge_datasets --held-out held_out_vendors.json",
        "train_qlora --config invoice_config.yaml --dataset held_out_vendors.json --out ./new-adapters",
        "evaluate --test-set held_out_vendors.json --model ./new-adapters",
        "deploy --model ./new-adapters --reason scripts/retrain",
    ]
    recipe = chain.data / "retraining/invoice_config.yaml"
    assert recipe.read_text() == (ROOT / "docs/invoice_config.yaml").read_text()
    recipe.write_text("epochs: 2\n")
    chain.run(evaluate="0 PASSED")
    assert recipe.read_text() == "epochs: 2\n", "what somebody changed stays"


def test_without_a_pass_nothing_is_deployed_and_the_reasons_are_printed(chain: Chain) -> None:
    done = chain.run(evaluate="1 NO  Accuracy: it is 41 %\nNOT PASSED")
    assert (done.returncode, len(chain.called)) == (1, 4)
    assert "NO  Accuracy: it is 41 %\nNOT PASSED\nNot deployed: the gate did not pass" in done.stdout


@pytest.mark.parametrize("failing", CHAIN)
def test_what_fails_ends_the_chain_with_its_words_and_its_status(chain: Chain, failing: str) -> None:
    done = chain.run(**{failing: "2 There is no gold yet."})
    assert done.returncode == 2
    assert done.stderr == "There is no gold yet.\n"
    assert "Not deployed" not in done.stdout
    assert [line.split()[0] for line in chain.called] == CHAIN[: CHAIN.index(failing) + 1]


def test_an_evaluation_that_broke_is_no_verdict(chain: Chain) -> None:
    done = chain.run(evaluate="1 Traceback")
    assert (done.returncode, "Not deployed" in done.stdout, len(chain.called)) == (1, False, 4)


def test_an_own_recipe_and_other_days(chain: Chain, tmp_path: Path) -> None:
    own = tmp_path / "my recipe.yaml"
    own.write_text("epochs: 1\n")
    assert chain.run("--config", str(own), "--days", "30").returncode == 0
    assert chain.called[0] == "collect_corrections --last-days 30"
    assert f"--config {own} " in chain.called[2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--days", "soon"], "whole number of days"),
        (["--days"], "needs a value"),
        (["--config", "/nowhere.yaml"], "/nowhere.yaml is no file"),
        (["--data", "/nowhere"], "/nowhere is no folder"),
        (["--deploy"], "'--deploy' is no option"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(chain: Chain, arguments: list[str], said: str) -> None:
    done = chain.run(*arguments)
    assert (done.returncode, chain.called) == (2, [])
    assert said in done.stderr
    assert not (chain.data / "retraining").exists()
