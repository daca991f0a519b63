"""Runs the commands of a run, once: build-dataset, train, pack, read, evaluate. What is finished is not made again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.experiments.plan import Data, Frozen, Run
from benchmarks.logged_commands import LoggedCommands
from mlcore.base_model.prepare import VARIABLE, find_base
from mlcore.dataset.directory import Split
from mlcore.evaluation.asked_of_models import FORCED, MODEL, SHOWN
from mlcore.evaluation.metrics import evaluation_from_json, evaluation_of
from mlcore.evaluation.scores import Estimate, Evaluation
from mlcore.training.outcome import OUTCOME

EVALUATION = "evaluation.json"
READINGS = "readings.jsonl"
SYSTEM = "model"
_TEMPLATE = "--template-labeled"
_NOISE = ("--noise-level", "1")


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where experiments are kept, and which base they are made with. At ``until`` (seconds since 1970) a command under way is stopped.

    Of each split the first ``read`` documents are read (``None``: all). With ``teacher_forced`` nothing is read: models are told the true
    beginning before each value (``inference.teacher_forcing``), of documents of at most as many tokens as they were trained on."""

    folder: Path
    models: Path
    base: Path | None
    until: float = math.inf
    read: int | None = None
    teacher_forced: bool = False

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
            return Result.read(self._evaluations(place, data, run.asked, system))
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
        return Result.read(self._evaluations(place, data, run.asked, self._trained(run, place)), training, artifact)

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
            return (_TEMPLATE, run.asked)
        base = find_base(self.models, str(self.base) if self.base else None)
        return ("--bare", f"{SYSTEM}={base}@{run.form},{self._word(run.asked)}", "--max-tokens", str(run.max_tokens))

    def _trained(self, run: Run, place: Path) -> tuple[str, ...]:
        named, most = f"{SYSTEM}={place / 'artifact'}@", ("--max-tokens", str(run.recipe.max_tokens)) if self.teacher_forced else ()
        if run.recipe.lora is None:
            return ("--bare", f"{named}{run.recipe.form},{self._word(run.asked)}", *most)
        return ("--artifact", f"{named}{self._word(run.asked)}", "--models", str(self.models), *most)

    def _word(self, asked: str) -> str:
        return f"{FORCED}-{asked}" if self.teacher_forced else asked

    def _evaluations(self, place: Path, data: Path, asked: str, system: Sequence[str]) -> Evaluations:
        """On test documents, of vendors that nothing was trained on, and on validation documents.

        With teacher forcing also on the test documents as OCR would have read them; another reading would take as long as the first.
        """
        forced = self.teacher_forced and system[0] != _TEMPLATE
        name = "evaluation" + ("" if asked == MODEL else f"-{asked}") + (f"-{FORCED}" if forced else "")
        made = Evaluations(place / name, place / f"{name}-validation", place / f"{name}-noisy" if forced else None)
        for folder, split, told in ((made.test, Split.TEST, ()), (made.noisy, Split.TEST, _NOISE), (made.validation, Split.VALIDATION, ())):
            if folder is not None and not (folder / EVALUATION).is_file():
                kept = self._read(place, data, split, asked) if "--artifact" in system and not forced else ()
                self._command("evaluate", str(data), "--split", split.value, *self._first, *told, "--out", str(folder), *system, *kept)
        return made

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
class Evaluations:
    """Folders of evaluations; ``noisy`` is of the test documents as OCR would have read them, ``None`` where these were not evaluated."""

    test: Path
    validation: Path
    noisy: Path | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a run took and reached: ``outcome`` as in ``outcome.json``, empty where nothing was trained, ``tested`` on test documents,
    ``noisy`` on those as OCR would have read them (noise makes other lengths, so a document may be among the one alone). ``size`` is the
    artifact's in bytes.

    ``seen`` is on validation documents of vendors that were trained on, and ``gap`` says how much more is right of these than of test
    documents; empty where no such document was evaluated.
    """

    outcome: dict[str, Any]
    tested: Evaluation
    size: int = 0
    seen: Evaluation | None = None
    gap: Mapping[str, Estimate] = field(default_factory=dict)
    noisy: Evaluation | None = None

    @classmethod
    def read(cls, made: Evaluations, training: Path | None = None, artifact: Path | None = None) -> Result:
        """From the folders of a finished run."""
        tested, held = _evaluated(made.test), _evaluated(made.validation)
        known = [document for document in held.documents if document.seen]
        seen = evaluation_of(known, held.resampling) if known else None
        gap = evaluation_of([*tested.documents, *known], held.resampling).gap if known else {}
        size = sum(path.stat().st_size for path in artifact.rglob("*") if path.is_file()) if artifact else 0
        outcome = json.loads((training / OUTCOME).read_text(encoding="utf-8")) if training else {}
        return cls(outcome, tested, size, seen, gap, _evaluated(made.noisy) if made.noisy else None)


def _evaluated(folder: Path) -> Evaluation:
    (system,) = json.loads((folder / EVALUATION).read_text(encoding="utf-8"))["systems"]
    return evaluation_from_json(system["evaluation"])


def is_finished(training: Path) -> bool:
    """Whether the run in a folder came to its end."""
    try:
        return bool(json.loads((training / OUTCOME).read_text(encoding="utf-8"))["finished"])
    except (OSError, ValueError, KeyError):
        return False
