"""What an artifact says of itself, made fit for a database: its files may have been written anywhere."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from invoices.storable import storable

MOST_BYTES = 200_000
"""Of one JSON value that is kept beside a model."""


def plain(value: Any) -> Any:
    """The value without what JSON or a database cannot hold: numbers that are none are null, NUL characters are left out."""
    if isinstance(value, Mapping):
        return {text(str(name)): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return text(value) if isinstance(value, str) else value


def bounded(value: Mapping[str, Any]) -> dict[str, Any]:
    """``plain``, without the largest parts while it has more than ``MOST_BYTES``; ``left_out`` names these."""
    kept: dict[str, Any] = plain(value)
    sizes = {name: len(json.dumps(part)) for name, part in kept.items()}
    left_out = []
    while sizes and sum(sizes.values()) > MOST_BYTES:
        largest = max(sizes, key=lambda name: sizes[name])
        left_out.append(largest)
        del sizes[largest], kept[largest]
    return {**kept, "left_out": sorted(left_out)} if left_out else kept


text = storable
