"""Runs the commands of a run, once: build-dataset, train, pack, read, evaluate. What is finished is not made again."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.experiments.plan import Data, Frozen, Run
from benchmarks.logged_commands import LoggedCommands
from mlcore.base_model.prepare import VARIABLE, find_base
from mlcore.dataset.directory import Split
from mlcore.evaluation.asked_of_models import MODEL, SHOWN
from mlcore.evaluation.metrics import evaluation_from_json, evaluation_of
from mlcore.evaluation.scores import Evaluation
from mlcore.training.outcome import OUTCOME

EVALUATION = "evaluation.json"
READINGS = "readings.jsonl"
SYSTEM = "model"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where experiments are kept, and which base they are made with. At ``until`` (seconds since 1970) a command under way is stopped.

    Of each split the first ``read`` documents are read (``None``: all)."""

    folder: Path
    models: Path
    base: Path | None
    until: float = math.inf
    read: int | None = None

    def data(self, data: Data) -> Path:
        """The data set, built when it is not there."""
        place = self.folder / "data" / data.name
        if not (place / "dataset.json").is_file():
            self._command("build-dataset", "--out", str(place), *data.arguments)
        return place

    def result(self, run: Run | Frozen) -> Result:
        """Train, pack, read and evaluate, on test documents and on validation documents; goes on where an interrupted run stopped.

        Raises ``SystemExit`` with the reason when a command does not end well; the same call goes on from there.
        """
        place = self.place(run)
        place.mkdir(parents=True, exist_ok=True)
        data = self.data(run.data)
        if isinstance(run, Frozen):
            system = self._frozen(run)
            return Result.read(*self._evaluations(place, data, run.asked, system))
        training, artifact = place / "run", place / "artifact"
        if not is_finished(training):
            recipe = place / "recipe.json"
            recipe.write_text(json.dumps(run.recipe.to_json(), indent=2), encoding="utf-8")
            first = ("--documents", str(run.documents)) if run.documents else ()
            self._command(
                "train", "--config", str(recipe), "--dataset", str(data), *first, "--out", str(training), "--every", "50", *self._based()
            )
        full = run.recipe.lora is None
        if not artifact.is_dir():
            self._command("pack", "--run", str(training), "--out", str(artifact), *(("--as-base", *self._based()) if full else ()))
        return Result.read(*self._evaluations(place, data, run.asked, self._trained(run, place)), training, artifact)

    def results_side_by_side(self, runs: Sequence[Run | Frozen], processes: int) -> None:
        """Make the results of ``runs``, so many at a time; a run that is asked in several ways is made once and asked in turn.

        Raises ``SystemExit`` with the reason of the first that failed, after the others are made.
        """
        together: dict[str, list[Run | Frozen]] = {}
        for run in runs:
            together.setdefault(run.key, []).append(run)
        with ThreadPoolExecutor(processes) as pool:
            list(pool.map(self.data, {run.data.name: run.data for run in runs}.values()))
            made = [pool.submit(self._results, asked) for asked in together.values()]
        for one in made:
            one.result()

    def _results(self, runs: Sequence[Run | Frozen]) -> list[Result]:
        return [self.result(run) for run in runs]

    def _frozen(self, run: Frozen) -> tuple[str, ...]:
        if not run.form:
            return ("--template-labeled", run.asked)
        base = find_base(self.models, str(self.base) if self.base else None)
        return ("--bare", f"{SYSTEM}={base}@{run.form},{run.asked}", "--max-tokens", str(run.max_tokens))

    def _trained(self, run: Run, place: Path) -> tuple[str, ...]:
        named = f"{SYSTEM}={place / 'artifact'}@"
        if run.recipe.lora is None:
            return ("--bare", f"{named}{run.recipe.form},{run.asked}")
        return ("--artifact", f"{named}{run.asked}", "--models", str(self.models))

    def _evaluations(self, place: Path, data: Path, asked: str, system: Sequence[str]) -> tuple[Path, Path]:
        """Folders of the evaluations on test documents, of vendors that nothing was trained on, and on validation documents."""
        suffix = "" if asked == MODEL else f"-{asked}"
        folders = place / f"evaluation{suffix}", place / f"evaluation{suffix}-validation"
        for folder, split in zip(folders, (Split.TEST, Split.VALIDATION), strict=True):
            if not (folder / EVALUATION).is_file():
                kept = self._read(place, data, split, asked) if "--artifact" in system else ()
                self._command("evaluate", str(data), "--split", split.value, *self._first, "--out", str(folder), *system, *kept)
        return folders

    def _read(self, place: Path, data: Path, split: Split, asked: str) -> tuple[str, ...]:
        """Has an artifact read in batches what ``read`` can: without examples, or with right ones."""
        kind, _, count = asked.partition("-")
        if kind not in (MODEL, SHOWN):
            return ()
        file, shown = str(place / READINGS), (("--shown", count) if kind == SHOWN else ())
        told = ("--artifact", str(place / "artifact"), "--models", str(self.models), "--out", file, "--batch", "32", *shown)
        self._command("read", str(data), "--split", split.value, *self._first, *told)
        return ("--readings", file)

    @property
    def _first(self) -> tuple[str, ...]:
        return ("--limit", str(self.read)) if self.read else ()

    def place(self, run: Run | Frozen) -> Path:
        """The folder of a run: ``run``, ``artifact``, ``readings.jsonl``, ``evaluation``."""
        return self.folder / "runs" / run.key

    def times(self) -> dict[str, float]:
        """Seconds that each command took so far, by its name, broken-off calls included."""
        return self._commands().times()

    def _based(self) -> tuple[str, ...]:
        base = ("--base", str(self.base)) if self.base else ()
        return ("--models", str(self.models), *base)

    def _command(self, *arguments: str) -> None:
        self._commands().run("mlcore", *arguments)

    def _commands(self) -> LoggedCommands:
        return LoggedCommands(self.folder, {VARIABLE: str(self.base)} if self.base else {}, self.until)


@dataclass(frozen=True, slots=True)
class Result:
    """What a run took and reached: ``outcome`` as in ``outcome.json``, ``overall`` the estimates of the model on test documents. ``size``
    is the artifact's in bytes. Both are empty where nothing was trained.

    ``seen`` are the estimates on validation documents of vendors that were trained on, ``gap`` these less those on test documents; empty
    where no such document was read.
    """

    outcome: dict[str, Any]
    overall: dict[str, Any]
    size: int
    seen: dict[str, Any] = field(default_factory=dict)
    gap: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, evaluation: Path, validation: Path, training: Path | None = None, artifact: Path | None = None) -> Result:
        """From the folders of a finished run."""
        tested, held = _evaluated(evaluation), _evaluated(validation)
        seen = [document for document in held.documents if document.seen]
        told = evaluation_of(seen, held.resampling).to_json()["overall"] if seen else {}
        gap = evaluation_of([*tested.documents, *seen], held.resampling).to_json()["gap"] if seen else {}
        size = sum(path.stat().st_size for path in artifact.rglob("*") if path.is_file()) if artifact else 0
        outcome = json.loads((training / OUTCOME).read_text(encoding="utf-8")) if training else {}
        return cls(outcome, tested.to_json()["overall"], size, told, gap)


def _evaluated(folder: Path) -> Evaluation:
    (system,) = json.loads((folder / EVALUATION).read_text(encoding="utf-8"))["systems"]
    return evaluation_from_json(system["evaluation"])


def is_finished(training: Path) -> bool:
    """Whether the run in a folder came to its end."""
    try:
        return bool(json.loads((training / OUTCOME).read_text(encoding="utf-8"))["finished"])
    except (OSError, ValueError, KeyError):
        return False
