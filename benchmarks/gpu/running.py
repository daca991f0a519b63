"""Runs what is missing: cases in processes of their own, the full run by the product's commands. Holds no device itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.experiments.running import Workshop
from benchmarks.gpu.plan import FULL, SIZES, TRAINED, cases, full_run
from benchmarks.gpu.rows import BEGUN, keep_row, kept_row, row_file
from mlcore.base_model.prepare import VARIABLE
from mlcore.new_file import write_json

MACHINE = "machine.json"


@dataclass(frozen=True, slots=True)
class Bench:
    """One call. ``small`` is the base of the full run, whose tokenizer the random weights borrow from ``tokenizer``."""

    out: Path
    shape: str
    models: Path
    tokenizer: Path
    small: Path
    artifact: Path | None
    until: float

    @property
    def workshop(self) -> Workshop:
        """Where the full run is made."""
        return Workshop(self.out / "full", self.models, self.small, self.until)

    def run(self, part: str) -> None:
        """Measure what is missing of a part."""
        if part == FULL:
            self._full()
            return
        left = [case.key for case in cases(SIZES[self.shape]) if case.part == part and kept_row(self.out, case.key) is None]
        adapter = self.artifact or self.workshop.place(full_run(SIZES[self.shape])) / "artifact"
        if part == TRAINED and not adapter.is_dir():
            print("trained: left out, there is no trained adapter; run the part full first, or give --artifact.", flush=True)
            return
        while left and time.time() < self.until:
            status = self._worker(left, adapter)
            for key in left:
                if row_file(self.out, key).with_suffix(BEGUN).exists():
                    keep_row(self.out, key, {"failed": f"its process ended with status {status}"})
            rest = [key for key in left if kept_row(self.out, key) is None]
            if rest == left and time.time() < self.until:
                raise SystemExit(f"The worker ended with status {status} before it measured anything; what it said stands above.")
            left = rest

    def _worker(self, keys: Sequence[str], adapter: Path) -> int:
        places = ("--out", str(self.out), "--shape", self.shape, "--models", str(self.models))
        given = ("--tokenizer", str(self.tokenizer), "--artifact", str(adapter), "--until", str(self.until))
        command = [sys.executable, "-m", "benchmarks.gpu.worker", *places, *given, *keys]
        return subprocess.run(command, check=False, env={**os.environ, VARIABLE: str(self.small)}).returncode

    def _full(self) -> None:
        kept = kept_row(self.out, FULL)
        if kept is not None and "failed" not in kept:
            return
        if not self.small.is_dir():
            made = [
                sys.executable,
                "-m",
                "benchmarks.gpu.bases",
                str(self.small),
                "--shape",
                self.shape,
                "--tokenizer",
                str(self.tokenizer),
            ]
            subprocess.run(made, check=True)
        row: dict[str, Any] = {"date": f"{datetime.now(UTC):%Y-%m-%d}"}
        try:
            result = self.workshop.result(full_run(SIZES[self.shape]))
            row |= {"outcome": result.outcome, "overall": result.tested.to_json()["overall"], "artifact_bytes": result.size}
        except SystemExit as error:
            row["failed"] = str(error)
            print(f"full: {error}", flush=True)
        keep_row(self.out, FULL, {**row, "seconds": self.workshop.times()})

    def begin(self, again: bool) -> None:
        """Forget what was begun and not ended; with ``again`` also what could not be measured."""
        (self.out / "rows").mkdir(parents=True, exist_ok=True)
        for file in (self.out / "rows").glob(f"*{BEGUN}"):
            file.unlink()
        for file in (self.out / "rows").glob("*.json") if again else ():
            if "failed" in json.loads(file.read_text(encoding="utf-8")):
                file.unlink()


def machine_here() -> dict[str, Any]:
    """What ``machine`` says, asked in a process of its own."""
    told = subprocess.run([sys.executable, "-m", "benchmarks.gpu.machine"], check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def refuse_another_machine(out: Path, here: dict[str, Any]) -> None:
    """Keep what the measurements in ``out`` are made on. Raises ``SystemExit`` where they are of another device or other libraries."""
    file = out / MACHINE
    there = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else here
    if there != here:
        raise SystemExit(
            f"{out} has measurements of {there['device']} with {there['versions']}, this is {here['device']} with {here['versions']}; "
            "give another --out."
        )
    write_json(file, here)
