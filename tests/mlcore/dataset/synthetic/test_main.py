"""The command line for people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mlcore.dataset.synthetic.__main__ import main
from mlcore.documents import gold_from_json


def test_it_writes_files_and_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--count", "4", "--seed", "3", "--out", str(tmp_path), "--scans", "0.5", "--vendor", "greenleaf_rx"])

    entries = [json.loads(line) for line in (tmp_path / "labels.jsonl").read_text().splitlines()]
    assert status == 0
    assert "4 documents" in capsys.readouterr().out
    assert len(entries) == 4
    assert {entry["file"] for entry in entries} == {path.name for path in tmp_path.iterdir() if path.name != "labels.jsonl"}
    assert any(entry["media_type"] == "application/pdf" for entry in entries)
    example = gold_from_json(entries[0])
    assert example.vendor_key == "greenleaf_rx"
    assert example.record.total is not None
    assert example.evidence["total"]


def test_the_same_seed_writes_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        main(["--count", "2", "--seed", "5", "--out", str(tmp_path / name)])

    first, second = (sorted((tmp_path / name).iterdir()) for name in ("one", "two"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--vendor", "nobody"], "No vendor is called nobody"),
        (["--scans", "3"], "--scans is a share"),
        (["--count", "0"], "--count at least 1"),
    ],
)
def test_wrong_arguments_are_explained(arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "new"), *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
