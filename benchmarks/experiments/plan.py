"""Which experiments there are: settings that differ in one thing, each a recipe on a data set. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mlcore.answers import FORMS
from mlcore.dataset.augment import AUGMENTATIONS
from mlcore.evaluation.asked_of_models import LABELED, MODEL
from mlcore.evaluation.asked_of_models import SHOWN as SHOWN_AFTER
from mlcore.evaluation.asked_of_models import WRONG as WRONG_AFTER
from mlcore.training.config import LoraConfig, Recipe
from mlcore.training.presets import DEFAULT, GUIDE


@dataclass(frozen=True, slots=True)
class Data:
    """A data set: its name and the arguments of ``build-dataset`` that make it."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A recipe on the first ``documents`` of a data set (``None``: on all). ``asked`` is a word of ``evaluate --artifact``."""

    recipe: Recipe
    data: Data
    documents: int | None = None
    asked: str = MODEL

    @property
    def key(self) -> str:
        """Name of its folder. Two settings with the same recipe and data are one run, whatever the recipe is called."""
        told = json.dumps({**self.recipe.to_json(), "name": ""}, sort_keys=True)
        return f"{self.data.name}-{self.documents or 'all'}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class Frozen:
    """Nothing is trained: the base as it is, ``asked`` as by ``evaluate --bare`` and answering in ``form``, prompt and answer of at most
    ``max_tokens``; or, with a ``form`` of ``""``, the template reader after the first ``asked`` labeled documents."""

    data: Data
    asked: str
    form: str = ""
    max_tokens: int = 0

    @property
    def key(self) -> str:
        """Name of its folder."""
        return f"{self.data.name}-{self.form or 'template'}-{self.asked}-{self.max_tokens}"


@dataclass(frozen=True, slots=True)
class Setting:
    """One point of an experiment."""

    label: str
    run: Run | Frozen

    @property
    def key(self) -> str:
        """Differs for whatever is measured otherwise."""
        return f"{self.run.key} {self.run.asked}"


@dataclass(frozen=True, slots=True)
class Experiment:
    """``question`` is what the guide claims or what the product has to decide."""

    name: str
    question: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """How large the experiments are: documents of the guide's data set, of the sweeps, and the points of the curves.

    Sweeps are on as many layouts as the last of ``layouts``, augmentations on as many as the second: where there are hundreds, little is
    left to vary. ``methods`` are the documents that methods are compared on, ``read`` those of each split that are read (``None``: all).
    ``epochs`` are the most that are compared, ``batches`` pairs of micro-batch and accumulation. With ``whole_steps`` the documents of a
    step go through the model together, as many as before but of like length, and faster on a GPU. With ``teacher_forced`` nothing is
    read: models are told the true beginning before each value (``inference.teacher_forcing``). ``warmup_steps`` is for runs of fewer
    steps than the recipe warms up for."""

    guide: int
    sweep: int
    labels: tuple[int, ...]
    layouts: tuple[int, ...]
    test: int
    max_tokens: int = 2048
    methods: int | None = None
    read: int | None = None
    whole_steps: bool = False
    teacher_forced: bool = False
    epochs: int = 4
    warmup_steps: int | None = None
    batches: tuple[tuple[int, int], ...] = ((1, 16), (4, 4), (8, 2), (16, 1), (32, 1))

    def sized(self, recipe: Recipe) -> Recipe:
        """A recipe as it is run at this size."""
        told = replace(recipe, max_tokens=self.max_tokens)
        if self.warmup_steps is not None:
            told = replace(told, schedule=replace(told.schedule, warmup_steps=self.warmup_steps))
        return replace(told, micro_batch=recipe.batch, accumulate=1) if self.whole_steps else told


_FULL = Size(guide=10_000, sweep=2_000, labels=(50, 200, 500, 2_000, 8_000), layouts=(10, 40, 150, 400), test=270, whole_steps=True)

SIZES = {
    "tiny": Size(guide=160, sweep=6, labels=(2, 4), layouts=(3, 6), test=3, max_tokens=8192),
    "small": Size(
        guide=1_000,
        sweep=200,
        labels=(50, 200),
        layouts=(10, 40, 200),
        test=80,
        max_tokens=1024,
        methods=200,
        read=80,
        teacher_forced=True,
        epochs=3,
        warmup_steps=5,
        batches=((1, 4), (4, 1), (1, 16)),
    ),
    "medium": replace(_FULL, sweep=400, test=100, methods=2_000, read=120),
    "full": _FULL,
}
"""``tiny`` proves that everything runs; ``small`` is for two cores, a quarter of an hour a run of a sweep. ``medium`` and ``full``, the
specification's scale, need a GPU: for minutes, for hours."""

FULL_RATES = (1e-4, 3e-4)
SEEDS = (7, 8)
RANKS = (4, 8, 16, 32)
SHOWN, WRONG = 0.7, 0.2
"""Shares of documents that are shown an example, and of those that are shown another vendor's."""


def experiments(size: Size) -> tuple[Experiment, ...]:
    """All experiments at a size."""
    default, guide = size.sized(DEFAULT), size.sized(GUIDE)
    full = _every_weight(default, FULL_RATES[0])
    by_guide = Data("guide", ("--split", "guide", "--documents", str(size.guide)))
    swept = _noisy(size, size.layouts[-1])

    def sweep(name: str, question: str, recipes: Iterator[tuple[str, Recipe]]) -> Experiment:
        return Experiment(name, question, tuple(Setting(label, Run(recipe, swept, size.sweep)) for label, recipe in recipes))

    return (
        Experiment(
            "methods",
            "QLoRA as in the guide, the default adapter and full fine-tuning on the guide's data set",
            tuple(Setting(recipe.name, Run(recipe, by_guide, size.methods)) for recipe in (guide, default, full)),
        ),
        *_by_labels(size, default, by_guide),
        _with_examples(size, default, by_guide),
        *_with_windows(size, default, by_guide),
        Experiment(
            "layouts",
            "accuracy on unseen vendors against the number of layouts trained on, documents held constant",
            tuple(Setting(str(count), Run(default, _noisy(size, count), size.sweep)) for count in size.layouts),
        ),
        sweep("rank-fixed-alpha", "rank with alpha 16, as the guide swept it", _ranks(default, fixed_alpha=True)),
        sweep("rank-fixed-ratio", "rank with alpha twice the rank", _ranks(default, fixed_alpha=False)),
        sweep(
            "learning-rate",
            "peak learning rate of the default adapter",
            ((f"{rate:g}", replace(default, schedule=replace(default.schedule, learning_rate=rate))) for rate in (1e-4, 3e-4, 1e-3, 3e-3)),
        ),
        sweep("dropout", "dropout of the adapter", ((f"{drop}", _lora(default, dropout=drop)) for drop in (0.0, 0.05, 0.1))),
        sweep("rare-weight", "weight of rows of rare line types", ((f"{w:g}", replace(default, rare_weight=w)) for w in (1.0, 2.0, 5.0))),
        sweep("form", "answers as rows, with keys and as JSON", ((form, replace(default, form=form)) for form in FORMS)),
        sweep("full", "an adapter against every weight, by learning rate", _full_weights(default)),
        sweep("seed", "what differs by chance: another order, another adapter to begin with", _seeds(default)),
        sweep("epochs", "losses and accuracy after more epochs", iter([(f"{size.epochs} epochs", replace(default, epochs=size.epochs))])),
        sweep("batch", "time and memory by micro-batch x accumulation", _batches(default, size.batches)),
        Experiment(
            "augmentation",
            "each augmentation alone, all and none, on held-out vendors",
            tuple(Setting(label, Run(default, _augmented(size, names), size.sweep)) for label, names in _augmentations()),
        ),
    )


def _by_labels(size: Size, default: Recipe, data: Data) -> Iterator[Experiment]:
    question = "accuracy against the number of labeled documents"
    counts = (0, *size.labels)
    trained = tuple(Setting(str(count), Run(default, data, count)) for count in size.labels)
    yield Experiment(
        "labels",
        f"{question}: the adapter, trained on them (0: the base as it is)",
        (Setting("0", _base(size, default, data, MODEL)), *trained),
    )
    yield Experiment(
        "labels-retrieval",
        f"{question}: the base as it is, shown the nearest of them",
        tuple(Setting(str(count), _base(size, default, data, f"{LABELED}-{count}")) for count in counts),
    )
    yield Experiment(
        "labels-template",
        f"{question}: the template reader, which learns a template of each vendor among them",
        tuple(Setting(str(count), Frozen(data, str(count))) for count in counts),
    )


def _with_examples(size: Size, default: Recipe, data: Data) -> Experiment:
    """Twice the tokens for all of them, so that most examples have room beside a document that has room without one."""
    plain = replace(default, max_tokens=2 * size.max_tokens)
    taught = replace(plain, name="examples", shown_share=SHOWN, wrong_share=WRONG)
    return Experiment(
        "examples",
        "a confirmed document of the vendor in the prompt: the base as it is, and adapters trained without and with examples",
        (
            Setting("base", _base(size, default, data, MODEL)),
            Setting("base, right example", _base(size, default, data, f"{SHOWN_AFTER}-1")),
            Setting("adapter", Run(plain, data, size.methods)),
            Setting("adapter of examples, none", Run(taught, data, size.methods)),
            Setting("adapter of examples, right", Run(taught, data, size.methods, asked=f"{SHOWN_AFTER}-1")),
            Setting("adapter of examples, wrong", Run(taught, data, size.methods, asked=f"{WRONG_AFTER}-1")),
        ),
    )


def _with_windows(size: Size, default: Recipe, data: Data) -> Iterator[Experiment]:
    """Long documents are what it is about, so they have to be read."""
    if not size.teacher_forced:
        yield Experiment(
            "windows",
            "documents longer than a step has room for: left out, or trained on in windows as they are read",
            tuple(
                Setting(label, Run(replace(default, windows=used), data, size.methods))
                for label, used in (("left out", False), ("in windows", True))
            ),
        )


def _base(size: Size, recipe: Recipe, data: Data, asked: str) -> Frozen:
    return Frozen(data, asked, recipe.form, 2 * size.max_tokens)


def _composed(size: Size, name: str, layouts: int, augment: tuple[str, ...]) -> Data:
    counts = ("--documents", str(size.sweep), "--layouts", str(layouts), "--test", str(size.test))
    held = ("--validation", str(max(4, size.test // 5)), "--held-layouts", str(max(2, size.test // 10)))
    return Data(name, ("--split", "composed", *counts, *held, "--augment", ",".join(augment)))


def _noisy(size: Size, layouts: int) -> Data:
    return _composed(size, f"layouts-{layouts}", layouts, ("noise",))


def _augmented(size: Size, names: tuple[str, ...]) -> Data:
    if names == ("noise",):
        return _noisy(size, size.layouts[1])
    label = "all" if len(names) > 1 else "".join(names) or "none"
    return _composed(size, f"augment-{label}-{size.layouts[1]}", size.layouts[1], names)


def _augmentations() -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "none", ()
    for name in AUGMENTATIONS:
        yield name, (name,)
    yield "all", tuple(AUGMENTATIONS)


def _every_weight(recipe: Recipe, rate: float) -> Recipe:
    return replace(recipe, name="full", lora=None, schedule=replace(recipe.schedule, learning_rate=rate))


def _full_weights(default: Recipe) -> Iterator[tuple[str, Recipe]]:
    yield "adapter", default
    for rate in FULL_RATES:
        yield f"every weight, {rate:g}", _every_weight(default, rate)


def _seeds(default: Recipe) -> Iterator[tuple[str, Recipe]]:
    for seed in SEEDS:
        yield str(seed), replace(default, seed=seed)


def _lora(recipe: Recipe, **changes: float) -> Recipe:
    lora = recipe.lora or LoraConfig()
    return replace(recipe, lora=replace(lora, **changes))  # type: ignore[arg-type]  # numbers only


def _ranks(recipe: Recipe, *, fixed_alpha: bool) -> Iterator[tuple[str, Recipe]]:
    for rank in RANKS:
        yield str(rank), _lora(recipe, rank=rank, alpha=16.0 if fixed_alpha else 2.0 * rank)


def _batches(recipe: Recipe, batches: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, Recipe]]:
    for micro, accumulate in batches:
        yield f"{micro} x {accumulate}", replace(recipe, micro_batch=micro, accumulate=accumulate)
