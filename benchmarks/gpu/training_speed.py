"""Training speed and memory, by the product's own loop on documents of one length. Imports torch.

Tokens are drawn by chance: a step costs the same whatever they say. The run is left after the measured steps, before anything is saved.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.gpu.devices import Peak
from benchmarks.gpu.floors import training_flops, utilisation
from benchmarks.gpu.measuring import emptied
from benchmarks.gpu.plan import BATCH, Size, TrainingCase
from benchmarks.gpu.shapes import Shape
from mlcore.base_model.loading import load_base
from mlcore.training.events import Event, Notice, Progress
from mlcore.training.examples import TrainingExample
from mlcore.training.memory import peak_memory
from mlcore.training.recipe import train


class _Enough(Exception):
    """Everything that was wanted is measured."""


class _Watch:
    """Hears a run and leaves it after ``last`` steps."""

    def __init__(self, last: int) -> None:
        self._last = last
        self.steps: list[Progress] = []
        self.notices: list[str] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, Notice):
            self.notices.append(event.message)
        if isinstance(event, Progress):
            self.steps.append(event)
            if event.step == self._last:
                raise _Enough


def measure_training(case: TrainingCase, folder: Path, shape: Shape, size: Size, peak: Peak | None, device: str | None) -> dict[str, Any]:
    """One row. ``memory`` is the peak of the steps, ``loading_memory`` that until the base was loaded, in bytes of the device (on a CPU:
    of the whole process so far).

    Raises what torch raises when half of the micro-batch does not fit either.
    """
    base = load_base(folder, case.precision.value, device)
    loading = peak_memory(base.device)
    emptied(base.device)
    tokens = size.prompt + size.answer
    last = size.warm + size.steps
    watch = _Watch(last)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            train(base, case.recipe(tokens), _documents(shape, size, BATCH * (last + 1)), [], Path(scratch), listen=watch)
    except _Enough:
        pass
    before, after = watch.steps[size.warm - 1], watch.steps[-1]
    seconds, done = after.seconds - before.seconds, after.tokens - before.tokens
    adapter = None if case.lora is None else shape.adapter_weights(case.lora.rank, case.lora.targets)
    flops = training_flops(shape, tokens, size.answer, adapter) * done / tokens
    return {
        "precision": base.precision,
        "steps": len(watch.steps) - size.warm,
        "tokens": done,
        "seconds": seconds,
        "tokens_per_second": done / seconds,
        "flops": flops,
        "mfu": utilisation(flops, seconds, peak),
        "memory": after.memory,
        "loading_memory": loading,
        "learned": shape.weights if adapter is None else adapter,
        "notices": watch.notices,
    }


def _documents(shape: Shape, size: Size, count: int) -> list[TrainingExample]:
    rng = random.Random(5)
    weights = (*(0.0 for _ in range(size.prompt)), *(1.0 for _ in range(size.answer)))
    pieces = tuple(0 if weight else -1 for weight in weights)
    words = [tuple(rng.choices(range(shape.vocabulary), k=len(weights))) for _ in range(count)]
    return [TrainingExample(str(number), tokens, weights, pieces) for number, tokens in enumerate(words)]
