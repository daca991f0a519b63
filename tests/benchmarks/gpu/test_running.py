"""A run goes on with what is missing, keeps the reason of what could not be measured, and mixes no two machines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from benchmarks.gpu.rows import BEGUN, keep_row, kept_row, row_file
from benchmarks.gpu.running import Bench, refuse_another_machine
from tests.mlcore.tiny import write_tiny_base


def _bench(place: Path, until: float = 0.0) -> Bench:
    base = write_tiny_base(place / "tokenizer")
    (place / "artifact").mkdir()
    return Bench(place / "out", "tiny", place / "models", base, base, place / "artifact", until)


def test_what_was_begun_is_forgotten_and_what_failed_only_when_asked(tmp_path: Path) -> None:
    bench = _bench(tmp_path)
    keep_row(bench.out, "one", {"failed": "out of memory"})
    keep_row(bench.out, "two", {"seconds": 1})
    row_file(bench.out, "three").with_suffix(BEGUN).touch()
    bench.begin(again=False)
    assert not row_file(bench.out, "three").with_suffix(BEGUN).exists()
    assert kept_row(bench.out, "one") == {"failed": "out of memory"}
    bench.begin(again=True)
    assert kept_row(bench.out, "one") is None
    assert kept_row(bench.out, "two") == {"seconds": 1}


def test_a_budget_that_is_spent_begins_nothing_and_the_full_run_says_so(tmp_path: Path) -> None:
    bench = _bench(tmp_path)
    bench.begin(again=False)
    bench.run("training")
    assert list((bench.out / "rows").iterdir()) == []
    bench.run("full")
    row = kept_row(bench.out, "full")
    assert row is not None
    assert row["failed"] == "No time is left for build-dataset; the same call goes on from here."


def test_measurements_of_two_machines_are_not_mixed(tmp_path: Path) -> None:
    here = {"cuda": True, "device": "Tesla T4", "memory": 1, "versions": {"torch": "2.13.0"}}
    refuse_another_machine(tmp_path, here)
    refuse_another_machine(tmp_path, here)
    with pytest.raises(SystemExit, match="measurements of Tesla T4"):
        refuse_another_machine(tmp_path, {**here, "device": "NVIDIA L4"})


@pytest.mark.thorough
@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_the_large_shape_is_declined_in_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.gpu", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.count("\n")) == (2, 1)
    assert done.stdout.startswith("--shape 3b needs a GPU")


@pytest.mark.slow
def test_a_case_that_cannot_be_measured_is_kept_with_its_reason_and_the_others_go_on(tmp_path: Path) -> None:
    bench = _bench(tmp_path, until=float("inf"))
    bench.begin(again=False)
    bench.run("trained")  # the artifact is an empty folder
    for key in ("trained-1", "trained-2"):
        row = kept_row(bench.out, key)
        assert row is not None
        assert row["failed"].startswith("ArtifactError: ")


@pytest.mark.slow
def test_the_command_measures_once_and_tells(tmp_path: Path) -> None:
    base = write_tiny_base(tmp_path / "base")
    command = [sys.executable, "-m", "benchmarks.gpu", "--out", str(tmp_path / "out"), "--shape", "tiny", "--base", str(base)]
    for _ in range(2):
        done = subprocess.run([*command, "--parts", "reading"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert "could not be measured" not in done.stdout
    told = (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
    assert "did not say" not in told
    assert told.count("| product + adapter |") == 4
    rows = [json.loads(file.read_text(encoding="utf-8")) for file in (tmp_path / "out" / "rows").glob("reading-product-*.json")]
    assert all(row["as_scripted"] and row["passes"] < row["case"]["answer"] for row in rows)
