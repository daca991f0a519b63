"""Runs the commands of a run, once: build-dataset, train, pack, evaluate. What is finished is not made again."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.experiments.plan import Data, Run
from mlcore.base_model.prepare import VARIABLE
from mlcore.evaluation.asked_of_models import MODEL
from mlcore.training.outcome import OUTCOME

EVALUATION = "evaluation.json"
SYSTEM = "model"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where experiments are kept, and which base they are made with."""

    folder: Path
    models: Path
    base: Path | None

    def data(self, data: Data) -> Path:
        """The data set, built when it is not there."""
        place = self.folder / "data" / data.name
        if not (place / "dataset.json").is_file():
            self._command("build-dataset", "--out", str(place), *data.arguments)
        return place

    def result(self, run: Run) -> Result:
        """Train, pack and evaluate; goes on where an interrupted run stopped."""
        place = self.folder / "runs" / run.key
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
            read = ("--bare", named + run.recipe.form) if full else ("--artifact", f"{named}{MODEL}", "--models", str(self.models))
            self._command("evaluate", str(data), "--out", str(evaluation), *read)
        return Result.read(training, evaluation, artifact)

    def _based(self) -> tuple[str, ...]:
        base = ("--base", str(self.base)) if self.base else ()
        return ("--models", str(self.models), *base)

    def _command(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "mlcore", *arguments]
        self._log(command)
        named = {VARIABLE: str(self.base)} if self.base else {}
        done = subprocess.run(command, check=False, env={**os.environ, **named})
        if done.returncode:
            raise SystemExit(f"{shlex.join(command)} ended with {done.returncode}; the same call goes on from here.")

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
