"""What further training on real documents adds for real vendors that nothing has seen: the product's loop on the development sets.

    python -m benchmarks.real_vendors DATA --out DIR [--size cpu] [--processes 2] [--start mlcore/shipped/default] [--without-reading]

The vendors of each set are parted in quarters (``benchmarks.dev_gold``). The model goes on from ``--start`` (``none``: from the base) on
documents of the first quarter beside some synthetic ones, so that what it knew stays known; the confidence is learned on the third, from
readings of general readers whose weights were fitted without it (what is left of it the model is only asked about); the other half is
measured on, by the template reader alone, the model alone, and both, for new vendors and after one confirmed document. More of that half
is measured on by a model that serves without reading, which is asked about the template reader's candidates in a fraction of the time
("asking"); ``--without-reading`` measures nothing else. What is finished is not made again: the same call goes on. DIR gets
``results.md``, ``commands.log``, the reports of each set, and the documents themselves: keep it where those may be kept.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from benchmarks.experiments.running import is_finished
from benchmarks.experiments.tables import estimate_cell
from benchmarks.logged_commands import LoggedCommands
from mlcore.base_model.prepare import VARIABLE
from mlcore.dataset.build import Plan, augmented_entry
from mlcore.dataset.directory import Entry
from mlcore.dataset.ingest import read_gold
from mlcore.normalize import comparison_key
from mlcore.schema import ValueKind
from mlcore.training.config import Recipe, Schedule
from mlcore.training.presets import FURTHER

SETS = ("sroie", "odoo", "fcc", "zugferd", "small")

_ESTIMATES = ("field_accuracy", "guide_accuracy", "end_to_end")


@dataclass(frozen=True, slots=True)
class Amount:
    """Documents of one set: how many are trained on, how often each, and how many validate, calibrate and are measured on.

    The model is asked about the candidates of at most ``ask`` more beside those that calibrate and validate, without reading them, and of
    ``more`` beside those that are measured on."""

    train: int
    passes: int
    validate: int
    calibrate: int
    measure: int
    ask: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True)
class Size:
    """``real``: of each of ``SETS``. ``synthetic`` ones of those that are ``generated`` (arguments) are trained on beside them, ``held``
    validate. Every pass is made ``epochs`` times. ``batch`` documents are read together, ``step`` is
    micro-batch and accumulation (``None``: as in ``further``). In every pass but the first each of
    ``augment`` falls to some documents."""

    real: tuple[Amount, ...]
    generated: tuple[str, ...]
    synthetic: int
    held: int
    epochs: int
    rate: float
    batch: int = 1
    step: tuple[int, int] | None = None
    max_tokens: int = FURTHER.max_tokens
    augment: tuple[str, ...] = ()

    def amounts(self) -> dict[str, Amount]:
        """By set."""
        return dict(zip(SETS, self.real, strict=True))


def _generated(documents: int, layouts: int, validation: int) -> tuple[str, ...]:
    return "--documents", str(documents), "--layouts", str(layouts), "--validation", str(validation)


_FEW = Amount(train=3, passes=1, validate=1, calibrate=6, measure=6, ask=2, more=2)
_ALL = 1000

SIZES = {
    "full": Size(
        real=(
            Amount(170, 6, 25, 100, 245, ask=100, more=_ALL),
            Amount(153, 6, 25, 100, 200, ask=100, more=_ALL),
            Amount(110, 4, 10, 40, 100, ask=100, more=_ALL),
            Amount(10, 12, 0, 10, 44),
            Amount(5, 12, 0, 5, 12),
        ),
        generated=_generated(800, 800, 24),
        synthetic=800,
        held=24,
        epochs=1,
        rate=6e-4,
        batch=32,
        step=(4, 2),
        max_tokens=4096,
        augment=("permute", "jitter", "noise"),
    ),
    "cpu": Size(
        real=(
            Amount(170, 3, 12, 150, 200, ask=100, more=_ALL),
            Amount(100, 2, 9, 50, 60, ask=100, more=_ALL),
            Amount(110, 2, 4, 40, 40, ask=100, more=_ALL),
            Amount(10, 3, 0, 10, 44),
            Amount(5, 3, 0, 5, 12),
        ),
        generated=_generated(60, 55, 8),
        synthetic=30,
        held=6,
        epochs=1,
        rate=6e-4,
    ),
    "tiny": Size(real=(_FEW,) * len(SETS), generated=_generated(2, 2, 1), synthetic=2, held=1, epochs=1, rate=3e-4),
}


def recipe(size: Size) -> Recipe:
    """``further`` with a rate between its own and that of ``default``: most documents are of kinds that the model has not seen."""
    micro_batch, accumulate = size.step or (FURTHER.micro_batch, FURTHER.accumulate)
    told = replace(FURTHER, name="further-real", epochs=size.epochs, max_tokens=size.max_tokens)
    told = replace(told, micro_batch=micro_batch, accumulate=accumulate)
    return replace(told, schedule=Schedule(learning_rate=size.rate, warmup_steps=10)).checked()


@dataclass(frozen=True, slots=True)
class _Part:
    """Documents, of which the first ``read`` are read, by readers with ``weights``, into the file ``readings``."""

    data: Path
    read: int
    weights: Path
    readings: Path


@dataclass(frozen=True, slots=True)
class Bench:
    """One measurement under ``out``."""

    data: Path
    out: Path
    size: Size
    start: Path | None
    models: Path
    base: Path | None
    processes: int = 1
    reads: bool = True

    def run(self) -> str:
        """Everything, and the table. Raises ``SystemExit`` where a command does not end well."""
        self._documents()
        artifact = self._trained()
        for half in ("a", "b"):
            self._once(self._weights(half), "benchmarks.fit_header_weights", str(self.data), "--folds", "0", "--only", half)
        if self.reads:
            self._side_by_side(partial(self._read, artifact), self._parts())
        self._side_by_side(partial(self._weigh, artifact), self._parts(asked=True))
        rows: list[str] = []
        if self.reads:
            calibrated = self._calibrated(artifact, "calibrated")
            rows += [row for name in SETS for row in self._measured(name, calibrated)]
        rows += self._asking(artifact)
        told = "\n".join(["| set | documents | | fields | guide | end to end |", "|---|---|---|---|---|---|", *rows, ""])
        (self.out / "results.md").write_text(told, encoding="utf-8")
        return told

    def _documents(self) -> None:
        """Quarters, halves, and ``mixed.jsonl``: what validates first, as ``train --gold --validation`` wants it."""
        for kind, most in (("quarters", "170"), ("halves", "700")):
            if not (self.out / kind).is_dir():
                self._commands().run("benchmarks.dev_gold", str(self.data), "--out", str(self.out / kind), f"--{kind}", most)
        synthetic = self.out / "synthetic"
        if not (synthetic / "dataset.json").is_file():
            self._mlcore("build-dataset", "--out", str(synthetic), *self.size.generated, "--seed", "53", "--test", "1")
        (self.out / "mixed.jsonl").write_text("".join([*self._held_lines(), *self._training_lines()]), encoding="utf-8")

    def _held_lines(self) -> Iterator[str]:
        for name, amount in self.size.amounts().items():
            yield from self._lines(name, "a2")[::-1][: amount.validate]
        yield from _lines_of(self.out / "synthetic" / "validation.jsonl", self.size.held)

    def _training_lines(self) -> Iterator[str]:
        named: set[str] = set()
        for name, amount in self.size.amounts().items():
            for number in range(amount.passes):
                for entry in islice(read_gold(self._file(name, "a1")), amount.train):
                    yield json.dumps(self._trained_on(entry, number, named).to_json()) + "\n"
        yield from _lines_of(self.out / "synthetic" / "train.jsonl", self.size.synthetic)

    def _trained_on(self, entry: Entry, number: int, named: set[str]) -> Entry:
        """The document as it is in pass ``number``. The name of a vendor is trained on once: every other time a document on which it can be
        read has an invented one, or the model would know by heart who sends invoices, and find these names as the customer's."""
        vendor = comparison_key(ValueKind.TEXT, entry.gold.record.vendor.name)
        if vendor in named:
            entry = augmented_entry(entry, Plan(augment=("anonymise",), share=1.0, seed=number))
        if entry.gold.record.vendor.name is not None:
            named.add(vendor)
        return augmented_entry(entry, Plan(augment=self.size.augment, share=0.4, seed=number)) if number else entry

    def _file(self, name: str, part: str) -> Path:
        return self.out / ("quarters" if len(part) > 1 else "halves") / f"{name}-{part}.jsonl"

    def _lines(self, name: str, part: str) -> list[str]:
        return _lines_of(self._file(name, part))

    def _trained(self) -> Path:
        run, artifact = self.out / "run", self.out / "artifact"
        if not is_finished(run):
            told = self.out / "recipe.json"
            told.write_text(json.dumps(recipe(self.size).to_json(), indent=2), encoding="utf-8")
            start = ("--start", str(self.start)) if self.start else ()
            held = str(sum(1 for _ in self._held_lines()))
            gold = ("--gold", str(self.out / "mixed.jsonl"), "--validation", held)
            asked = ("--config", str(told), "--out", str(run), "--every", "10")
            self._commands().run(*self._trainer(), *gold, *asked, *start, *self._based())
        if not artifact.is_dir():
            self._mlcore("pack", "--run", str(run), "--out", str(artifact))
        return artifact

    def _trainer(self) -> tuple[str, ...]:
        """The command that trains; several processes share the steps of one run on the CPU. A GPU has one process of them."""
        if self.processes == 1 or _has_gpu():
            return "mlcore", "train"
        return "torch.distributed.run", "--nproc-per-node", str(self.processes), "-m", "--", "mlcore", "train", "--device", "cpu"

    def _calibrated(self, artifact: Path, name: str, *how: str) -> Path:
        """The artifact with a confidence that was learned on the third quarter."""
        parts = [self._third_quarter(one) for one in SETS]
        known = (*self._readings(parts), "--header-weights", str(self._weights("b")), "--held-out", "0.1")
        confidence, place = self.out / f"{name}.json", self.out / name
        self._once(confidence, "mlcore", "calibrate", *map(str, parts), "--artifact", str(artifact), *known, *how)
        if not place.is_dir():
            self._mlcore("pack", "--artifact", str(artifact), "--out", str(place), "--confidence", str(confidence))
        return place

    def _asking(self, artifact: Path) -> Iterator[str]:
        """What a model does that is asked alone; one that is to be believed in no field cannot serve so, and has no row."""
        try:
            asking = self._calibrated(artifact, "asking", "--without-reading")
        except SystemExit as refused:
            if not self.reads:
                raise
            print(f"Nothing is measured by asking: {refused}", file=sys.stderr)
            return
        for name in SETS:
            asked = ("--template", "--artifact", f"asking={asking}@0")
            yield from self._evaluated(name, self._more(name), self.out / f"report-asking-{name}", *asked)

    def _measured(self, name: str, artifact: Path) -> Iterator[str]:
        part = self._part(name, "b", self.size.amounts()[name].measure)
        asked = ("--template", "--template-after", "1", "--artifact", f"model={artifact}@model,0,1")
        yield from self._evaluated(name, part, self.out / f"report-{name}", *asked)

    def _evaluated(self, name: str, part: Path, report: Path, *asked: str) -> Iterator[str]:
        if not (report / "evaluation.json").is_file():
            known = (*self._readings([self.out / f"{name}-b.jsonl"]), "--header-weights", str(self._weights("a")))
            self._mlcore("evaluate", str(part), *asked, *known, "--models", str(self.models), "--out", str(report))
        for system in json.loads((report / "evaluation.json").read_text(encoding="utf-8"))["systems"]:
            found = system["evaluation"]["overall"]
            cells = " | ".join(estimate_cell(found[estimate]) for estimate in _ESTIMATES)
            yield f"| {name} | {len(system['evaluation']['documents'])} | {system['name']} | {cells} |"

    def _part(self, name: str, part: str, most: int) -> Path:
        """The first documents of a part as a file of their own."""
        place = self.out / f"{name}-{part}.jsonl"
        place.write_text("".join(self._lines(name, part)[:most]), encoding="utf-8")
        return place

    def _third_quarter(self, name: str) -> Path:
        """What calibrates, and behind it what the model is only asked about; what has validated is left out."""
        amount = self.size.amounts()[name]
        left = len(self._lines(name, "a2")) - amount.validate - amount.calibrate
        return self._part(name, "a2", amount.calibrate + max(0, min(amount.ask, left)))

    def _more(self, name: str) -> Path:
        """What is measured on by asking: the documents that are read too, and more."""
        amount, place = self.size.amounts()[name], self.out / f"{name}-b-asked.jsonl"
        place.write_text("".join(self._lines(name, "b")[: amount.measure + amount.more]), encoding="utf-8")
        return place

    def _parts(self, *, asked: bool = False) -> list[_Part]:
        """What is read, or asked about, of the third quarter and of the other half, that with the most text first."""
        found = []
        for name, amount in self.size.amounts().items():
            learned = self._third_quarter(name)
            tested = self._more(name) if asked else self._part(name, "b", amount.measure)
            found.append(_Part(learned, amount.calibrate, self._weights("b"), _readings_of(learned)))
            found.append(_Part(tested, amount.measure, self._weights("a"), _readings_of(self.out / f"{name}-b.jsonl")))
        return sorted(found, key=lambda part: -part.data.stat().st_size)

    def _read(self, artifact: Path, part: _Part) -> None:
        self._mlcore("read", str(part.data), "--limit", str(part.read), *self._how(artifact, part))

    def _weigh(self, artifact: Path, part: _Part) -> None:
        self._mlcore("weigh", str(part.data), *self._how(artifact, part))

    def _how(self, artifact: Path, part: _Part) -> tuple[str, ...]:
        known = ("--artifact", str(artifact), "--models", str(self.models), "--batch", str(self.size.batch))
        return (*known, "--header-weights", str(part.weights), "--out", str(part.readings))

    def _side_by_side(self, act: Callable[[_Part], None], parts: Sequence[_Part]) -> None:
        """Each part has a file of readings of its own; as many at a time as there are processes."""
        with ThreadPoolExecutor(self.processes) as pool:
            for _ in pool.map(act, parts):
                pass

    def _readings(self, parts: Sequence[Path]) -> tuple[str, ...]:
        return tuple(argument for part in parts for argument in ("--readings", str(_readings_of(part))))

    def _weights(self, half: str) -> Path:
        return self.out / f"weights-{half}.json"

    def _based(self) -> tuple[str, ...]:
        return ("--models", str(self.models), *(("--base", str(self.base)) if self.base else ()))

    def _once(self, place: Path, module: str, *arguments: str) -> None:
        if not place.is_file():
            self._commands().run(module, *arguments, "--out", str(place))

    def _mlcore(self, *arguments: str) -> None:
        self._commands().run("mlcore", *arguments)

    def _commands(self) -> LoggedCommands:
        return LoggedCommands(self.out, {VARIABLE: str(self.base)} if self.base else {})


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


def _readings_of(part: Path) -> Path:
    return part.with_name(f"{part.stem}-readings.jsonl")


def _lines_of(path: Path, most: int | None = None) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return list(islice(lines, most))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", choices=sorted(SIZES), default="cpu", help="full is for a GPU (default %(default)s)")
    parser.add_argument("--start", default="mlcore/shipped/default", help="artifact to go on from, or none (default %(default)s)")
    parser.add_argument("--models", type=Path, default=Path("data/models"), help="folder of models (default %(default)s)")
    parser.add_argument("--base", type=Path, help="directory of another base model")
    parser.add_argument("--processes", type=int, default=1, help="that read side by side, on a CPU train too (default %(default)s)")
    parser.add_argument("--without-reading", action="store_true", help="ask about candidates alone, which takes a fraction of the time")
    options = parser.parse_args(arguments)
    start = None if options.start == "none" else Path(options.start)
    reads = not options.without_reading
    print(Bench(options.data, options.out, SIZES[options.size], start, options.models, options.base, options.processes, reads).run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
