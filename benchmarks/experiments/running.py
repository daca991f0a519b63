"""Runs the commands of a run, once: build-dataset, train, pack, read, evaluate. What is finished is not made again."""

from __future__ import annotations

import json
import math
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.experiments.plan import Data, Run
from mlcore.base_model.prepare import VARIABLE
from mlcore.evaluation.artifact_systems import MODEL
from mlcore.training.outcome import OUTCOME

EVALUATION = "evaluation.json"
READINGS = "readings.jsonl"
TIMES = "times.jsonl"
SYSTEM = "model"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where experiments are kept, and which base they are made with. At ``until`` (seconds since 1970) a command under way is stopped."""

    folder: Path
    models: Path
    base: Path | None
    until: float = math.inf

    def data(self, data: Data) -> Path:
        """The data set, built when it is not there."""
        place = self.folder / "data" / data.name
        if not (place / "dataset.json").is_file():
            self._command("build-dataset", "--out", str(place), *data.arguments)
        return place

    def result(self, run: Run) -> Result:
        """Train, pack, read and evaluate; goes on where an interrupted run stopped.

        Raises ``SystemExit`` with the reason when a command does not end well; the same call goes on from there.
        """
        place = self.place(run)
        place.mkdir(parents=True, exist_ok=True)
        data = self.data(run.data)
        training, artifact, evaluation = place / "run", place / "artifact", place / "evaluation"
        if not _finished(training):
            recipe = place / "recipe.json"
            recipe.write_text(json.dumps(run.recipe.to_json(), indent=2), encoding="utf-8")
            first = ("--documents", str(run.documents)) if run.documents else ()
            self._command(
                "train", "--config", str(recipe), "--dataset", str(data), *first, "--out", str(training), "--every", "50", *self._based()
            )
        full = run.recipe.lora is None
        if not artifact.is_dir():
            self._command("pack", "--run", str(training), "--out", str(artifact), *(("--as-base", *self._based()) if full else ()))
        if not (evaluation / EVALUATION).is_file():
            named = f"{SYSTEM}={artifact}@"
            read: tuple[str, ...] = ("--bare", named + run.recipe.form)
            if not full:
                readings, models = str(place / READINGS), ("--models", str(self.models))
                self._command("read", str(data), "--artifact", str(artifact), "--out", readings, "--batch", "32", *models)
                read = ("--artifact", f"{named}{MODEL}", "--readings", readings, *models)
            self._command("evaluate", str(data), "--out", str(evaluation), *read)
        return Result.read(training, evaluation, artifact)

    def place(self, run: Run) -> Path:
        """The folder of a run: ``run``, ``artifact``, ``readings.jsonl``, ``evaluation``."""
        return self.folder / "runs" / run.key

    def times(self) -> dict[str, float]:
        """Seconds that each command took so far, by its name, broken-off calls included."""
        spent: dict[str, float] = {}
        file = self.folder / TIMES
        for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
            call = json.loads(line)
            spent[call["command"]] = spent.get(call["command"], 0.0) + call["seconds"]
        return spent

    def _based(self) -> tuple[str, ...]:
        base = ("--base", str(self.base)) if self.base else ()
        return ("--models", str(self.models), *base)

    def _command(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "mlcore", *arguments]
        if time.time() >= self.until:
            raise SystemExit(f"No time is left for {arguments[0]}; the same call goes on from here.")
        self._log(command)
        named = {VARIABLE: str(self.base)} if self.base else {}
        begun = time.monotonic()
        with subprocess.Popen(command, env={**os.environ, **named}) as process:
            try:
                status = process.wait(None if math.isinf(self.until) else self.until - time.time())
            except subprocess.TimeoutExpired:
                process.terminate()  # training saves where it is, reading has kept what it read
                status = process.wait()
        with (self.folder / TIMES).open("a", encoding="utf-8") as times:
            call = {"command": arguments[0], "seconds": round(time.monotonic() - begun, 1), "status": status}
            times.write(json.dumps(call) + "\n")
        if status:
            raise SystemExit(f"{shlex.join(command)} ended with {status}; the same call goes on from here.")

    def _log(self, command: Sequence[str]) -> None:
        line = shlex.join(["python", *command[1:]])
        print(f"$ {line}", flush=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "commands.log").open("a", encoding="utf-8") as log:
            log.write(line + "\n")


@dataclass(frozen=True, slots=True)
class Result:
    """What a run took and reached: ``outcome`` as in ``outcome.json``, ``overall`` the estimates of the model. ``size`` is the artifact's
    in bytes."""

    outcome: dict[str, Any]
    overall: dict[str, Any]
    size: int

    @classmethod
    def read(cls, training: Path, evaluation: Path, artifact: Path) -> Result:
        """From the folders of a finished run."""
        told = json.loads((evaluation / EVALUATION).read_text(encoding="utf-8"))
        (system,) = told["systems"]
        size = sum(path.stat().st_size for path in artifact.rglob("*") if path.is_file())
        outcome = json.loads((training / OUTCOME).read_text(encoding="utf-8"))
        return cls(outcome, system["evaluation"]["overall"], size)


def _finished(training: Path) -> bool:
    try:
        return bool(json.loads((training / OUTCOME).read_text(encoding="utf-8"))["finished"])
    except (OSError, ValueError, KeyError):
        return False
