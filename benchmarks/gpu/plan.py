"""What is measured, the most telling first. Pure.

Training rows differ from the presets of ``mlcore/training/presets.py`` in nothing that decides the work of a step; documents are all of the
same length, because lengths are not what is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from benchmarks.experiments.plan import Data, Run
from mlcore.training.config import LoraConfig, Precision, Recipe, Schedule
from mlcore.training.presets import GUIDE, MANY

TRAINING, READING, FULL, TRAINED, STATIC = "training", "reading", "full", "trained", "static"
PARTS = {
    TRAINING: "training speed and memory at the shape: NF4, half precision, every weight",
    READING: "one invoice and 32 at the shape: plain generate and the product's decoding",
    FULL: "the small base from 10,000 documents to its evaluation, by the product's commands",
    TRAINED: "reading with a trained adapter on the small base, so with guesses as they are really accepted",
    STATIC: "generate with a static cache, compiled: slow to begin, so it comes last",
}
BATCH = 16
"""Documents a step, as in the guide (4 x 4)."""
ALL = LoraConfig(rank=16, alpha=32.0)
PLAIN, PRODUCT, STATIC_CACHE = "plain", "product", "static"


@dataclass(frozen=True, slots=True)
class TrainingCase:
    """``lora`` ``None``: every weight learns. ``micro_batch`` documents at a time, ``BATCH`` a step."""

    label: str
    lora: LoraConfig | None
    precision: Precision
    micro_batch: int = 4
    checkpointing: bool = False
    part: str = TRAINING

    @property
    def key(self) -> str:
        """Name of its file."""
        kept = "-checkpointed" if self.checkpointing else ""
        return f"{self.part}-{self.label.replace(' ', '-').replace(',', '')}-{self.precision}-{self.micro_batch}{kept}"

    def recipe(self, tokens: int) -> Recipe:
        """The recipe for documents of ``tokens`` tokens. Nothing is saved on the way."""
        return replace(
            GUIDE,
            name=self.key,
            lora=self.lora,
            schedule=Schedule(learning_rate=1e-4),
            precision=self.precision,
            epochs=1,
            micro_batch=self.micro_batch,
            accumulate=BATCH // self.micro_batch,
            max_tokens=max(tokens, 64),
            checkpointing=self.checkpointing,
            save_every_steps=1_000_000,
        ).checked()


@dataclass(frozen=True, slots=True)
class ReadingCase:
    """``way`` is ``plain`` (generate), ``static`` (generate with a static cache) or ``product`` (``decode_batch``)."""

    way: str
    precision: Precision
    batch: int
    prompt: int
    answer: int
    adapter: bool = False
    part: str = READING

    @property
    def key(self) -> str:
        """Name of its file."""
        beside = "-adapter" if self.adapter else ""
        return f"{self.part}-{self.way}{beside}-{self.precision}-{self.batch}-{self.prompt}-{self.answer}"


@dataclass(frozen=True, slots=True)
class TrainedCase:
    """``documents`` synthetic invoices, ``batch`` at a time, read by the small base with the adapter of an artifact, in both ways."""

    batch: int
    documents: int
    part: str = TRAINED

    @property
    def key(self) -> str:
        """Name of its file."""
        return f"{self.part}-{self.batch}"


Case = TrainingCase | ReadingCase | TrainedCase


@dataclass(frozen=True, slots=True)
class Size:
    """Sizes of the measurements that go with a shape.

    ``prompt`` and ``answer`` are those of a training document; ``lengths`` those of readings; ``warm`` steps go before the ``steps``
    that are measured. ``documents`` and ``first`` are of the full run: all of its data set, and how many are trained on (``None``: all).
    """

    prompt: int
    answer: int
    lengths: tuple[tuple[int, int], ...]
    batch: int
    warm: int
    steps: int
    trained: tuple[int, int]
    documents: int
    first: int | None
    max_tokens: int


SIZES = {
    "3b": Size(1500, 300, ((1500, 300), (800, 150)), 32, 1, 3, (8, 32), 10_000, None, 2048),
    "tiny": Size(64, 32, ((96, 24),), 3, 1, 1, (1, 2), 100, 4, 1024),
}


def cases(size: Size) -> list[Case]:
    """Everything that is measured at a size but the full run, in the order of its worth within each part."""
    return [*_training(), *_reading(size), *_trained(size), *_static(size)]


def full_run(size: Size) -> Run:
    """The recipe for thousands of documents on the guide's data set."""
    recipe = replace(MANY, max_tokens=size.max_tokens)
    return Run(recipe.checked(), Data("guide", ("--split", "guide", "--documents", str(size.documents))), size.first)


def _training() -> Iterator[TrainingCase]:
    nf4, half = Precision.NF4, Precision.AUTO
    yield TrainingCase("guide, q and v, r 8", GUIDE.lora, nf4)
    yield TrainingCase("all linear, r 16", ALL, nf4)
    yield TrainingCase("all linear, r 16", ALL, half)
    yield TrainingCase("guide, q and v, r 8", GUIDE.lora, nf4, checkpointing=True)
    yield TrainingCase("every weight", None, Precision.AUTO, 1, checkpointing=True)
    yield TrainingCase("all linear, r 16", ALL, nf4, 1)
    yield TrainingCase("all linear, r 16", ALL, nf4, checkpointing=True)
    yield TrainingCase("all linear, r 16", ALL, half, checkpointing=True)
    yield TrainingCase("every weight", None, Precision.AUTO)
    for micro in (1, 8, 16):
        yield TrainingCase("all linear, r 16", ALL, half, micro)


def _reading(size: Size) -> Iterator[ReadingCase]:
    for place, (prompt, answer) in enumerate(size.lengths):
        for precision in (Precision.AUTO, Precision.NF4)[:: -1 if place % 2 else 1]:  # so that a base is loaded once less
            for batch in (1, size.batch):
                yield ReadingCase(PLAIN, precision, batch, prompt, answer)
                yield ReadingCase(PRODUCT, precision, batch, prompt, answer)
                yield ReadingCase(PRODUCT, precision, batch, prompt, answer, adapter=True)


def _static(size: Size) -> Iterator[ReadingCase]:
    prompt, answer = size.lengths[0]
    for precision in (Precision.AUTO, Precision.NF4):
        for batch in (1, size.batch):
            yield ReadingCase(STATIC_CACHE, precision, batch, prompt, answer, part=STATIC)


def _trained(size: Size) -> Iterator[TrainedCase]:
    few, many = size.trained
    yield TrainedCase(1, few)
    yield TrainedCase(many, many)


def described(case: Case) -> dict[str, Any]:
    """The case as plain JSON."""
    return {**asdict(case), "key": case.key}
