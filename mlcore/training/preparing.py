"""Documents made into training examples by several processes.

Laying out the text of a document and splitting it into tokens takes a core longer than a GPU takes to train on it.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice

from mlcore.training.examples import TrainingExample
from mlcore.training.shown import Maker, Named, Tally

PART = 64
"""Documents that are sent to a process at a time."""
FEW = 4 * PART
"""So many are made before other processes are started, which takes some seconds."""

_maker: Maker | None = None


def prepared(documents: Iterable[Named], maker: Maker, processes: int = 1) -> tuple[list[TrainingExample], Tally]:
    """As ``maker.make``, in the order of the documents whatever ``processes`` is. Raises what reading the documents raises."""
    rest = iter(documents)
    if processes <= 1:
        return maker.make(rest)
    made, tally = maker.make(islice(rest, FEW))
    following = next(rest, None)
    if following is None:
        return made, tally
    spawned = multiprocessing.get_context("spawn")  # a fork would inherit the GPU, and locks in the middle of their use
    with ProcessPoolExecutor(processes, mp_context=spawned, initializer=_begin, initargs=(maker,)) as pool:
        for part, found in pool.map(_make, _parts(following, rest)):
            made += part
            tally += found
    return made, tally


def _parts(first: Named, rest: Iterator[Named]) -> Iterator[list[Named]]:
    part = [first, *islice(rest, PART - 1)]
    while part:
        yield part
        part = list(islice(rest, PART))


def _begin(maker: Maker) -> None:
    global _maker
    _maker = maker


def _make(part: list[Named]) -> tuple[list[TrainingExample], Tally]:
    assert _maker is not None
    return _maker.make(part)
