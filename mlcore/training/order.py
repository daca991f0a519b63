"""Which documents make which step: shuffled by seed and epoch, documents of like length together."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")

_POOL = 16
"""Steps whose documents are sorted by length among themselves before they are dealt out."""


def steps_of(lengths: Sequence[int], epoch: int, seed: int, micro_batch: int, accumulate: int) -> list[list[list[int]]]:
    """Steps of one epoch, each a list of micro-batches of indexes. Every document once; the last step may be smaller.

    A function of its arguments alone, so that a run that is resumed goes on with the same steps.
    """
    rng = random.Random(f"{seed}:{epoch}")  # noqa: S311 - reproducible, nothing secret
    order = list(range(len(lengths)))
    rng.shuffle(order)
    batch = micro_batch * accumulate
    steps: list[list[list[int]]] = []
    for pool in cut(order, batch * _POOL):
        micro = cut(sorted(pool, key=lambda index: lengths[index]), micro_batch)
        rng.shuffle(micro)
        steps.extend(cut(micro, accumulate))
    return steps


def cut(items: list[_T], size: int) -> list[list[_T]]:
    """Items in order, ``size`` at a time; the last part may be smaller."""
    return [items[start : start + size] for start in range(0, len(items), size)]
