"""The recipes that ship."""

from __future__ import annotations

from dataclasses import replace

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
"""The specification's configuration, as it stands there, but for the type that packed weights are multiplied in: fp16 there, on a T4; here
bf16, with the range of float32, wherever the device has it, and fp16 on a T4 as well (``base_model.loading.compute_type``)."""

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

MANY = replace(
    DEFAULT,
    name="many",
    schedule=replace(DEFAULT.schedule, warmup_steps=30),
    micro_batch=8,
    accumulate=1,
    save_every_steps=100,
)
"""For thousands of documents on a GPU: the recipe of the adapter that comes with the product.

``DEFAULT``, with twice the documents a step. There are steps enough then, and for a base of this size a step of eight documents takes a GPU
about as long as one of four, because it waits for the host to say what comes next (docs/results.md).
"""

FURTHER = replace(
    DEFAULT,
    name="further",
    schedule=Schedule(learning_rate=1e-4, warmup_steps=5),
    epochs=2,
    save_every_steps=20,
)
"""For going on from a model that was trained by ``default``, such as the one that comes with the product, on a few hundred documents.

Adapter and answer form are that recipe's, because they have to be the model's. The rate is a tenth of that recipe's, so that what was known
is not lost for a few documents; where they are of kinds that the model has not seen, and documents of the known kind are trained on beside
them, ``benchmarks.real_vendors`` takes six times that rate (docs/results.md). The warm-up is only as long as the optimizer, which is
fresh, needs for its first moments; two passes, because each adds less than the one before and few documents are soon known by heart.
"""

PRESETS = {recipe.name: recipe for recipe in (DEFAULT, MANY, FURTHER, GUIDE)}
