"""Room on the disk: what a run needs, and a refusal before it begins instead of a fault in the middle of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from mlcore.training.config import ALL_LINEAR, Recipe
from modelops.errors import Refused

RESERVE_BYTES = 512 * 1024**2
"""Room that a run leaves: for the database, for pages of documents, for what it reads and evaluates."""

BASE_BYTES = 600 * 1024**2
"""The default base while it is made ready."""

_UNKNOWN_BYTES = 1024**3
_COPIES = 3 * 3 + 2
"""Weights and two moments of the optimizer in three checkpoints (two kept, one being written), the best weights, an artifact."""


def needed_bytes(recipe: Recipe, base: Path | None) -> int:
    """Bytes that a run leaves behind at its worst, ``RESERVE_BYTES`` included. ``base`` is a directory, ``None`` for one not made yet."""
    if base is None:
        return RESERVE_BYTES + BASE_BYTES + _UNKNOWN_BYTES // 2
    weights = _adapter_weights(recipe, base)
    return RESERVE_BYTES + (_UNKNOWN_BYTES if weights is None else weights * 4 * _COPIES)


def refuse_without_room(folder: Path, needed: int) -> None:
    """Raises ``Refused`` when the disk of ``folder`` (or of the nearest one above that is there) has less room than ``needed`` bytes."""
    place = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise Refused(
            "disk_full",
            f"The run needs about {needed / 1e6:,.0f} MB in {folder}, and {free / 1e6:,.0f} MB are free there. Make room (old runs and "
            "artifacts lie beside it), or move the data folder with COUNTERSIGN_DATA_DIR.",
            {"needed": needed, "free": free},
        )


def _adapter_weights(recipe: Recipe, base: Path) -> int | None:
    """How many weights an adapter has, by the shape that the base's configuration tells (that of Llama); ``None`` when it tells none."""
    if recipe.lora is None:
        return None
    try:
        told = json.loads((base / "config.json").read_text(encoding="utf-8"))
        hidden, inner, layers = int(told["hidden_size"]), int(told["intermediate_size"]), int(told["num_hidden_layers"])
        heads, keys = int(told["num_attention_heads"]), int(told.get("num_key_value_heads") or told["num_attention_heads"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    value = hidden * keys // max(heads, 1)
    shapes = {"q_proj": 2 * hidden, "k_proj": hidden + value, "v_proj": hidden + value, "o_proj": 2 * hidden}
    shapes |= dict.fromkeys(("gate_proj", "up_proj", "down_proj"), hidden + inner)
    wanted = shapes if ALL_LINEAR in recipe.lora.targets else recipe.lora.targets
    return layers * recipe.lora.rank * sum(shapes.get(name, hidden + inner) for name in wanted)
