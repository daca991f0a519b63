"""The recipes that ship."""

from __future__ import annotations

from mlcore.training.config import LoraConfig, Precision, Recipe, Schedule

GUIDE = Recipe(
    name="guide",
    lora=LoraConfig(rank=8, alpha=16.0, dropout=0.05, targets=("q_proj", "v_proj")),
    schedule=Schedule(learning_rate=1e-4, warmup_steps=100),
    form="json-1",
    precision=Precision.NF4,
    epochs=3,
    micro_batch=4,
    accumulate=4,
    save_every_steps=200,
)
"""The specification's configuration, as it stands there."""

DEFAULT = Recipe(
    name="default",
    lora=LoraConfig(rank=16, alpha=32.0),
    schedule=Schedule(learning_rate=1e-3, warmup_steps=15),
    form="keyed-1",
    accumulate=4,
    max_tokens=1536,
    rare_weight=2.0,
    save_every_steps=40,
)
"""For the 135M base on two cores: that of the adapter that was measured best (docs/results.md)."""

PRESETS = {recipe.name: recipe for recipe in (DEFAULT, GUIDE)}
