"""How an adapter is trained. Every field has its unit; ``Recipe.checked`` reports all faults at once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from mlcore.answers import FORMS
from mlcore.errors import RecipeError


class Precision(StrEnum):
    """Numbers of the frozen base. Adapters are always trained in float32."""

    AUTO = "auto"
    FP32 = "fp32"
    MIXED = "mixed"
    BF16 = "bf16"
    FP16 = "fp16"
    NF4 = "nf4"


ALL_LINEAR = "all-linear"
_SHOWN = ("shown_share", "wrong_share", "shown_most")
FULL_RATE = 1e-3
"""Highest learning rate of a full fine-tuning."""


@dataclass(frozen=True, slots=True)
class LoraConfig:
    """The adapter. The update of a weight is scaled by ``alpha / rank``."""

    rank: int = 16
    alpha: float = 32.0
    dropout: float = 0.0
    targets: tuple[str, ...] = (ALL_LINEAR,)


@dataclass(frozen=True, slots=True)
class Schedule:
    """``learning_rate`` is the peak; warm-up is linear, then a cosine down to ``floor`` times the peak."""

    learning_rate: float = 1e-3
    warmup_steps: int = 20
    floor: float = 0.0
    weight_decay: float = 0.01
    clip_norm: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """One training run.

    ``micro_batch`` documents go through the model at a time, ``accumulate`` of them make a step. ``max_tokens`` bounds prompt and
    answer together; longer documents are left out and counted. ``rare_weight`` multiplies the loss of every token in a row
    of a rare line type. ``patience`` is in epochs without a better validation loss, 0 for never. ``lora`` ``None`` is full
    fine-tuning: every weight of the base learns, in float32.

    ``shown_share`` (0 to 1) of the documents are shown confirmed documents of their vendor, at most ``shown_most`` each, before they are
    read; ``wrong_share`` (0 to 1) of those are shown another vendor's instead (``training.shown``). They count for ``max_tokens``.

    With ``windows`` a document longer than ``max_tokens`` is trained on in windows, as it is read, instead of being left out.
    """

    name: str
    lora: LoraConfig | None = field(default_factory=LoraConfig)
    schedule: Schedule = field(default_factory=Schedule)
    form: str = "keyed-1"
    precision: Precision = Precision.AUTO
    epochs: int = 1
    micro_batch: int = 1
    accumulate: int = 8
    max_tokens: int = 2048
    rare_weight: float = 1.0
    checkpointing: bool = False
    save_every_steps: int = 50
    patience: int = 0
    seed: int = 7
    shown_share: float = 0.0
    wrong_share: float = 0.0
    shown_most: int = 1
    windows: bool = False

    @property
    def examples(self) -> int:
        """Examples that a document is shown at most; 0 for a model that knows of none."""
        return self.shown_most if self.shown_share > 0 else 0

    @property
    def batch(self) -> int:
        """Documents a step."""
        return self.micro_batch * self.accumulate

    def checked(self) -> Recipe:
        """The recipe itself. Raises ``RecipeError`` with every fault, each naming the field, the value and the remedy."""
        faults = tuple(_faults(self))
        if faults:
            raise RecipeError(faults)
        return self

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types. Without what is not used (examples, windows): it is the recipe that it was before there was such."""
        data = asdict(self)
        if not self.shown_share:
            for name in _SHOWN:
                del data[name]
        if not self.windows:
            del data["windows"]
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Recipe:
        """Inverse of ``to_json``, checked. Raises ``RecipeError``; an unknown key is a fault, not ignored."""
        unknown = sorted(set(data) - {one.name for one in fields(cls)})
        if unknown:
            raise RecipeError((f"A recipe has no {', '.join(unknown)}; it has {', '.join(one.name for one in fields(cls))}.",))
        try:
            values = dict(data)
            if values.get("lora") is not None:
                lora = dict(values["lora"])
                values["lora"] = LoraConfig(**{**lora, "targets": tuple(lora.get("targets", (ALL_LINEAR,)))})
            if "schedule" in values:
                values["schedule"] = Schedule(**values["schedule"])
            if "precision" in values:
                values["precision"] = Precision(values["precision"])
            return cls(**values).checked()
        except (TypeError, ValueError) as error:
            raise RecipeError((f"The recipe cannot be read: {error}.",)) from error


def _faults(recipe: Recipe) -> list[str]:
    found = _kind_faults(recipe)
    if found:
        return found  # what is no number cannot be held against a limit
    schedule = recipe.schedule
    found = _lora_faults(recipe.lora) if recipe.lora else _full_faults(recipe)
    for name, value, least in (
        ("epochs", recipe.epochs, 1),
        ("micro_batch", recipe.micro_batch, 1),
        ("accumulate", recipe.accumulate, 1),
        ("max_tokens", recipe.max_tokens, 64),
        ("save_every_steps", recipe.save_every_steps, 1),
        ("patience", recipe.patience, 0),
        ("shown_most", recipe.shown_most, 1),
        ("schedule.warmup_steps", schedule.warmup_steps, 0),
    ):
        if value < least:
            found.append(f"{name} is {value}; it must be at least {least}.")
    if not 0 < schedule.learning_rate <= 0.1:
        found.append(f"schedule.learning_rate is {schedule.learning_rate}; it must be above 0 and at most 0.1.")
    if not 0 <= schedule.floor <= 1:
        found.append(f"schedule.floor is {schedule.floor}; it is a share of the peak, 0 to 1.")
    if schedule.weight_decay < 0:
        found.append(f"schedule.weight_decay is {schedule.weight_decay}; it must not be negative (0 is none).")
    if schedule.clip_norm <= 0:
        found.append(f"schedule.clip_norm is {schedule.clip_norm}; it must be positive (1 is usual, a large number clips nothing).")
    if recipe.rare_weight < 1:
        found.append(f"rare_weight is {recipe.rare_weight}; it must be at least 1 (1 is an unweighted loss).")
    if recipe.form not in FORMS:
        found.append(f"form is {recipe.form!r}; known are {', '.join(FORMS)}.")
    return found + _shown_faults(recipe)


def _shown_faults(recipe: Recipe) -> list[str]:
    found = []
    for name, value in (("shown_share", recipe.shown_share), ("wrong_share", recipe.wrong_share)):
        if not 0 <= value <= 1:
            found.append(f"{name} is {value}; it is a share of documents, 0 to 1.")
    if recipe.shown_share == 0 and (recipe.wrong_share or recipe.shown_most != 1):
        told = f"wrong_share is {recipe.wrong_share} and shown_most {recipe.shown_most}"
        found.append(f"{told} with shown_share 0, which shows no examples; set shown_share above 0, or leave both out.")
    return found


_WHOLE = (
    *("epochs", "micro_batch", "accumulate", "max_tokens", "save_every_steps", "patience", "seed", "shown_most"),
    *("lora.rank", "schedule.warmup_steps"),
)
_NUMBERS = (
    *("rare_weight", "shown_share", "wrong_share", "lora.alpha", "lora.dropout"),
    *(f"schedule.{name}" for name in ("learning_rate", "floor", "weight_decay", "clip_norm")),
)
_FLAGS = ("checkpointing", "windows")


def _kind_faults(recipe: Recipe) -> list[str]:
    """JSON (and a caller) can give a fraction, a text, or what is no number at all where a number belongs."""
    parts: dict[str, object] = {"": recipe, "schedule": recipe.schedule, "lora": recipe.lora}
    values = {
        name: getattr(parts[part], last)
        for name in (*_WHOLE, *_NUMBERS, *_FLAGS)
        for part, _, last in (name.rpartition("."),)
        if parts[part]
    }
    found = [
        f"{name} is {value!r}; it must be a whole number, written without a point."
        for name, value in values.items()
        if name in _WHOLE and (not isinstance(value, int) or isinstance(value, bool))
    ]
    found += [
        f"{name} is {value!r}; it must be a finite number."
        for name, value in values.items()
        if name in _NUMBERS and (not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value))
    ]
    found += [
        f"{name} is {value!r}; it must be true or false."
        for name, value in values.items()
        if name in _FLAGS and not isinstance(value, bool)
    ]
    return found


def _lora_faults(lora: LoraConfig) -> list[str]:
    found = []
    if lora.rank < 1:
        found.append(f"lora.rank is {lora.rank}; it must be at least 1.")
    if not 0 <= lora.dropout < 1:
        found.append(f"lora.dropout is {lora.dropout}; it must be from 0 to below 1.")
    if lora.alpha <= 0:
        found.append(f"lora.alpha is {lora.alpha}; it must be positive. Usual is twice the rank.")
    if not lora.targets or (ALL_LINEAR in lora.targets and len(lora.targets) > 1):
        found.append(f"lora.targets is {lora.targets}; name modules like q_proj, or {ALL_LINEAR} alone.")
    return found


def _full_faults(recipe: Recipe) -> list[str]:
    found = []
    if recipe.precision is Precision.NF4:
        found.append("precision is nf4 without lora; packed weights cannot learn. Take fp32 or bf16, or train an adapter.")
    if recipe.schedule.learning_rate > FULL_RATE:
        rate = recipe.schedule.learning_rate
        found.append(f"schedule.learning_rate is {rate} without lora; all weights learn then, at most {FULL_RATE} (5e-5 to 3e-4 is usual).")
    return found
