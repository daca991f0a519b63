"""``python -m mlcore pack`` and ``inspect`` on a real run of the tiny base."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlcore.__main__ import main
from tests.mlcore.tiny import write_tiny_base


def test_pack_writes_what_inspect_tells(run_folder: Path, base_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "artifact"
    assert main(["pack", "--run", str(run_folder), "--out", str(out)]) == 0
    name = capsys.readouterr().out.splitlines()[0]
    assert main(["inspect", str(out), "--base", str(base_folder)]) == 0
    told = capsys.readouterr().out
    assert told.startswith(name)
    assert "recipe  receipts: rank 4, alpha 8, 14 layers, 4 steps" in told
    assert main(["inspect", str(out), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["model_id"], facts["layers"], facts["has"]) == (name, 14, [])


def test_a_refusal_is_a_sentence(run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "artifact"
    assert main(["pack", "--run", str(run_folder), "--out", str(out)]) == 0
    other = write_tiny_base(tmp_path / "other", seed=4)
    assert main(["inspect", str(out), "--base", str(other)]) == 1
    assert "nonsense on another base" in capsys.readouterr().err
    assert main(["pack", "--run", str(run_folder), "--out", str(out)]) == 1
    assert "is there already" in capsys.readouterr().err
