"""A recipe from a file, YAML or JSON: in the words of ``mlcore.training.config.Recipe``, or in those of the specification's script.

The specification's words are those of peft, bitsandbytes and transformers (``r``, ``lora_alpha``, ``num_train_epochs``, ``load_in_4bit``
...). They begin at the preset ``guide``, the other words at ``default``; ``preset: NAME`` names another beginning. What a file says and
this program would not do is a fault, never passed over; words that have no effect here are named in ``WITHOUT_EFFECT``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from mlcore.errors import RecipeError
from mlcore.training.config import Precision, Recipe
from mlcore.training.presets import DEFAULT, GUIDE, PRESETS

MOST_BYTES = 100_000

_WORDS: Mapping[str, str] = {
    "r": "lora.rank",
    "lora_alpha": "lora.alpha",
    "lora_dropout": "lora.dropout",
    "target_modules": "lora.targets",
    "num_train_epochs": "epochs",
    "per_device_train_batch_size": "micro_batch",
    "gradient_accumulation_steps": "accumulate",
    "learning_rate": "schedule.learning_rate",
    "warmup_steps": "schedule.warmup_steps",
    "weight_decay": "schedule.weight_decay",
    "max_grad_norm": "schedule.clip_norm",
    "save_steps": "save_every_steps",
    "gradient_checkpointing": "checkpointing",
    "max_seq_length": "max_tokens",
}
"""The specification's names, and what they are here."""

_MUST_BE: Mapping[str, tuple[Any, ...]] = {
    "lr_scheduler_type": ("cosine",),
    "optim": ("adamw_torch",),
    "bias": ("none",),
    "task_type": ("CAUSAL_LM",),
    "bnb_4bit_quant_type": ("nf4",),
    "bnb_4bit_use_double_quant": (True,),
    "trust_remote_code": (False,),
}
"""What there is one way of here; another value is a fault."""

WITHOUT_EFFECT = frozenset(
    {
        *("output_dir", "evaluation_strategy", "eval_steps", "per_device_eval_batch_size", "logging_steps", "save_total_limit"),
        *("dataloader_num_workers", "device_map", "bnb_4bit_compute_dtype"),
    }
)
"""The station has its own folders, validates after every epoch, tells every step, keeps two checkpoints, computes in what a device has."""

_PRECISION = ("load_in_4bit", "fp16", "bf16")


def read_recipe(path: Path) -> Recipe:
    """The recipe of a file. Raises ``RecipeError`` with every fault."""
    try:
        data = path.read_bytes()
        if len(data) > MOST_BYTES:
            raise RecipeError((f"{path} has {len(data)} bytes; a recipe has {MOST_BYTES} at most.",))
        told = yaml.safe_load(data)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise RecipeError((f"{path} cannot be read as YAML or JSON: {' '.join(str(error).split())}.",)) from error
    if not isinstance(told, dict) or not all(isinstance(name, str) for name in told):
        raise RecipeError((f"{path} holds no recipe; give names with values, as docs/invoice_config.yaml does.",))
    return recipe_of(told, name=path.stem)


def recipe_of(told: Mapping[str, Any], *, name: str = "config") -> Recipe:
    """The recipe that these words tell. Raises ``RecipeError`` with every fault."""
    flat = _flat(told)
    foreign = any(word in _WORDS or word in _MUST_BE or word in WITHOUT_EFFECT or word in _PRECISION for word in flat)
    beginning = str(flat.pop("preset", (GUIDE if foreign else DEFAULT).name))
    if beginning not in PRESETS:
        raise RecipeError((f"preset is {beginning!r}; known are {', '.join(sorted(PRESETS))}.",))
    faults = [
        f"{word} is {flat[word]!r}; here it is always {' or '.join(map(repr, allowed))}."
        for word, allowed in _MUST_BE.items()
        if word in flat and flat[word] not in allowed
    ]
    values: dict[str, Any] = PRESETS[beginning].to_json()
    values["name"] = name
    values |= _precision(flat)
    for word, value in flat.items():
        if word not in _MUST_BE and word not in WITHOUT_EFFECT and word not in _PRECISION:
            _put(values, _WORDS.get(word, word), value, faults)
    try:
        recipe = Recipe.from_json(values)
    except RecipeError as error:
        raise RecipeError((*faults, *error.faults)) from error
    if faults:
        raise RecipeError(tuple(faults))
    return recipe


def _flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """The specification has its words in three groups (``bnb_config``, ``lora_config``, ``training_args``), which may be kept."""
    flat: dict[str, Any] = {}
    for word, value in told.items():
        flat |= value if word in ("bnb_config", "lora_config", "training_args") and isinstance(value, dict) else {word: value}
    return flat


def _precision(flat: Mapping[str, Any]) -> dict[str, str]:
    """``load_in_4bit`` says how the base is kept; ``fp16`` beside it is what is computed in, which the device decides here."""
    if flat.get("load_in_4bit") is True:
        return {"precision": Precision.NF4.value}
    if flat.get("load_in_4bit") is False and "precision" not in flat:
        half = Precision.BF16 if flat.get("bf16") is True else Precision.FP16 if flat.get("fp16") is True else Precision.AUTO
        return {"precision": half.value}
    return {}


def _put(values: dict[str, Any], word: str, value: Any, faults: list[str]) -> None:
    """Set ``schedule.learning_rate`` and the like; a group (``lora``, ``schedule``) adds to what is there."""
    group, _, last = word.rpartition(".")
    if group and not isinstance(values.get(group), dict):
        faults.append(f"{word} is given, and the recipe has no {group}.")
    elif group:
        values[group] = {**values[group], last: value}
    elif isinstance(value, dict) and isinstance(values.get(word), dict):
        values[word] = {**values[word], **value}
    else:
        values[word] = value
