"""``python -m mlcore benchmark``: every way reads the same values, plain generate is there to compare, and bad input is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlcore.__main__ import main
from mlcore.documents import gold_to_json
from mlcore.inference.reading_speed import FORCED, LOOKUP, PLAIN, SERVES, WEIGHING, Measured, SpeedTable
from tests.mlcore.artifacts.conftest import base_folder, packed, run_folder
from tests.mlcore.training.conftest import receipt

__all__ = ["base_folder", "packed", "run_folder"]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps({"id": f"r{n}", **gold_to_json(receipt(n))}) + "\n" for n in range(3)), encoding="utf-8")
    return path


def test_documents_are_read_in_every_way_and_guesses_change_no_value(
    packed: Path, base_folder: Path, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "speed.json"
    where = ["--artifact", str(packed), "--models", str(base_folder.parent), "--precision", "fp32"]
    assert main(["benchmark", str(gold), *where, "--limit", "2", "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "2 of 2: r1" in said.err
    assert "documents an hour" in said.out
    told = json.loads(out.read_text())
    assert (told["documents"], told["device"]) == (2, "cpu, fp32")
    assert told["values"] > 0
    ways = told["ways"]
    assert ways[LOOKUP]["same"] == ways[SERVES]["same"] == ways[FORCED]["same"] == told["values"]
    assert max(ways[SERVES]["passes"], ways[LOOKUP]["passes"]) <= ways[FORCED]["passes"] <= ways[PLAIN]["passes"] == told["answer_tokens"]
    assert ways[PLAIN]["times_plain"] == [1.0, 1.0, 1.0]
    assert main(["benchmark", str(gold), *where, "--limit", "1", "--without-plain", "--out", str(out)]) == 0
    assert PLAIN not in capsys.readouterr().out
    assert list(json.loads(out.read_text())["ways"]) == [way for way in ways if way != PLAIN]
    assert WEIGHING in ways, "the template reader is not sure of a receipt of two lines"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--longest", "3"], "has a prompt of at most 3 tokens"),
        (["--limit", "0"], "--limit is 0"),
    ],
)
def test_what_cannot_be_measured_is_told(
    packed: Path, base_folder: Path, gold: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    assert main(["benchmark", str(gold), "--artifact", str(packed), "--models", str(base_folder.parent), *options]) == 1
    assert told in capsys.readouterr().err


def test_medians_and_shares_are_by_document() -> None:
    table = SpeedTable(values=4)
    for plain, serves in ((10.0, 2.0), (20.0, 2.0), (30.0, 9.0)):
        table.add(Measured(PLAIN, plain, plain, 100, 0))
        table.add(Measured(SERVES, serves, 2 * serves, 10, 1))
        table.tokens.append((300, 100))
    told = table.to_json()["ways"]
    assert told[SERVES] == {
        "documents": 3,
        "passes": 10,
        "seconds": 2.0,
        "wall_seconds": 4.0,
        "same": 3,
        "times_plain": [0.1, 0.2, 0.3],
    }
    assert list(told) == [PLAIN, SERVES]
