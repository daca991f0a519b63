"""The training loop. Imports torch.

One step is a window of ``accumulate`` micro-batches whose summed loss is divided by the summed weights of the window, so
that a long document counts by its tokens and not by the company it happened to have.
"""

from __future__ import annotations

import math
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from mlcore.base_model.loading import LoadedBase, compute_type
from mlcore.errors import RecipeError
from mlcore.training.adapter import attach_adapter, trainable, write_weights
from mlcore.training.checkpoint import committed, load_checkpoint, save_checkpoint
from mlcore.training.config import Recipe
from mlcore.training.events import EpochEnd, Listener, Notice, Progress
from mlcore.training.examples import TrainingExample
from mlcore.training.loss import batch_of, weighted_loss
from mlcore.training.order import cut, steps_of

BEST = "best.safetensors"


@dataclass
class Outcome:
    """How a run ended. ``adapter`` is the file of the kept weights; ``left_out`` counts documents that were too long."""

    adapter: Path
    steps: int
    tokens: int
    seconds: float
    finished: bool
    left_out: int
    epochs: list[EpochEnd] = field(default_factory=list)


@dataclass
class _Run:
    recipe: Recipe
    base: LoadedBase
    model: Any
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    per_epoch: int
    total: int
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    best: float = math.inf
    worse: int = 0
    epoch_loss: float = 0.0
    epoch_steps: int = 0
    micro_batch: int = 1


def train(
    base: LoadedBase,
    recipe: Recipe,
    training: Sequence[TrainingExample],
    validation: Sequence[TrainingExample],
    folder: Path,
    *,
    listen: Listener = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    stop_after: int | None = None,
) -> Outcome:
    """Train an adapter, going on from the newest complete checkpoint in ``folder`` if there is one.

    ``cancelled`` is asked before every step; a cancelled run and one stopped by ``stop_after`` steps leave a checkpoint, and the
    same call goes on from it to the same weights as an uninterrupted run. Raises ``RecipeError`` and ``torch.OutOfMemoryError``
    (after the micro-batch was halved once).
    """
    recipe.checked()
    kept = [one for one in training if len(one.tokens) <= recipe.max_tokens]
    held = [one for one in validation if len(one.tokens) <= recipe.max_tokens]
    run = _begin(base, recipe, kept, folder, listen)
    outcome = Outcome(folder / BEST, run.step, run.tokens, run.seconds, False, len(training) - len(kept))
    last = run.total if stop_after is None else min(run.total, stop_after)
    while run.step < last and not cancelled():
        epoch, place = divmod(run.step, run.per_epoch)
        steps = steps_of([len(one.tokens) for one in kept], epoch, recipe.seed, recipe.micro_batch, recipe.accumulate)
        if not _one_step(run, [[kept[index] for index in micro] for micro in steps[place]], epoch, listen):
            continue
        if place == run.per_epoch - 1:
            outcome.epochs.append(_end_epoch(run, epoch, held, folder))
            listen(outcome.epochs[-1])
            if recipe.patience and run.worse >= recipe.patience:
                listen(Notice(run.step, f"Stopped: {run.worse} epochs without a better validation loss."))
                run.total = run.step
                break
        if run.step % recipe.save_every_steps == 0 or run.step == last:
            _save(run, folder)
    if run.step < run.total:
        _save(run, folder)
    outcome.steps, outcome.tokens, outcome.seconds = run.step, run.tokens, run.seconds
    outcome.finished = run.step >= run.total
    return outcome


def _begin(base: LoadedBase, recipe: Recipe, kept: Sequence[TrainingExample], folder: Path, listen: Listener) -> _Run:
    if not kept:
        raise RecipeError((f"max_tokens is {recipe.max_tokens}; no document is that short, so there is nothing to train on.",))
    folder.mkdir(parents=True, exist_ok=True)
    model = attach_adapter(base, recipe.lora, checkpointing=recipe.checkpointing, seed=recipe.seed)
    schedule = recipe.schedule
    optimizer = torch.optim.AdamW(trainable(model), lr=schedule.learning_rate, weight_decay=schedule.weight_decay)
    half = base.device.type == "cuda" and compute_type(base.precision, base.device) is torch.float16
    scaler = torch.amp.GradScaler(base.device.type, enabled=half)
    per_epoch = math.ceil(math.ceil(len(kept) / recipe.micro_batch) / recipe.accumulate)
    run = _Run(recipe, base, model, optimizer, scaler, per_epoch, per_epoch * recipe.epochs, micro_batch=recipe.micro_batch)
    if places := committed(folder):
        state = load_checkpoint(places[-1], model, optimizer)
        run = replace(run, **{name: state[name] for name in _RESUMED})
        listen(Notice(run.step, f"Goes on from step {run.step}."))
    return run


_RESUMED = ("step", "tokens", "seconds", "best", "worse", "epoch_loss", "epoch_steps", "micro_batch")


def _save(run: _Run, folder: Path) -> None:
    state = {name: getattr(run, name) for name in _RESUMED}
    save_checkpoint(folder, run.step, run.model, run.optimizer, state)


def _one_step(run: _Run, window: list[list[TrainingExample]], epoch: int, listen: Listener) -> bool:
    """One step of the optimizer; false when memory ran out and the micro-batch was halved instead."""
    begun = time.monotonic()
    try:
        loss = _accumulate(run, [part for micro in window for part in cut(micro, run.micro_batch)])
    except torch.OutOfMemoryError:
        run.optimizer.zero_grad(set_to_none=True)
        if run.micro_batch == 1 or run.micro_batch < run.recipe.micro_batch:
            raise
        run.micro_batch //= 2
        torch.cuda.empty_cache()
        listen(Notice(run.step, f"Memory ran out; the micro-batch is {run.micro_batch} from here on."))
        return False
    rate = learning_rate(run.recipe, run.step, run.total)
    for group in run.optimizer.param_groups:
        group["lr"] = rate
    run.scaler.unscale_(run.optimizer)
    torch.nn.utils.clip_grad_norm_(trainable(run.model), run.recipe.schedule.clip_norm)
    run.scaler.step(run.optimizer)
    run.scaler.update()
    run.optimizer.zero_grad(set_to_none=True)
    run.step += 1
    run.tokens += sum(len(one.tokens) for micro in window for one in micro)
    run.seconds += time.monotonic() - begun
    run.epoch_loss += loss
    run.epoch_steps += 1
    pace = run.tokens / max(run.seconds, 1e-9)
    eta = run.seconds / run.step * (run.total - run.step)
    listen(Progress(run.step, run.total, epoch, loss, rate, run.tokens, pace, run.seconds, eta, _memory(run.base.device)))
    return True


def _accumulate(run: _Run, parts: Sequence[Sequence[TrainingExample]]) -> float:
    run.model.train()
    weight = sum(sum(one.weights[1:]) for part in parts for one in part)
    total = 0.0
    for part in parts:
        batch = batch_of(part, run.base.tokenizer.eos_token_id, run.base.device)
        mixed = compute_type(run.base.precision, run.base.device)
        with torch.autocast(run.base.device.type, mixed, enabled=mixed is not torch.float32):
            loss = weighted_loss(run.model, batch) / max(weight, 1e-9)
        run.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        total += float(loss.detach())
    return total


def learning_rate(recipe: Recipe, step: int, total: int) -> float:
    """Rate of step ``step`` (from 0) of ``total``: a linear warm-up, then half a cosine down to the floor."""
    schedule = recipe.schedule
    warmup = min(schedule.warmup_steps, max(total - 1, 0))
    if step < warmup:
        return schedule.learning_rate * (step + 1) / warmup
    share = (step - warmup) / max(total - warmup, 1)
    return schedule.learning_rate * (schedule.floor + (1 - schedule.floor) * (1 + math.cos(math.pi * share)) / 2)


def _end_epoch(run: _Run, epoch: int, held: Sequence[TrainingExample], folder: Path) -> EpochEnd:
    loss = validation_loss(run.model, run.base, held, run.recipe.micro_batch) if held else None
    best = loss is None or loss < run.best
    run.best, run.worse = (loss if loss is not None else run.best, 0) if best else (run.best, run.worse + 1)
    if best:
        write_weights(run.model, folder / f"{BEST}.part")
        (folder / f"{BEST}.part").replace(folder / BEST)
    ended = EpochEnd(epoch, run.step, run.epoch_loss / max(run.epoch_steps, 1), loss, best)
    run.epoch_loss, run.epoch_steps = 0.0, 0
    return ended


def validation_loss(model: Any, base: LoadedBase, held: Sequence[TrainingExample], micro_batch: int) -> float:
    """Mean weighted loss of the held-out tokens."""
    model.eval()
    total = weight = 0.0
    with torch.inference_mode():
        for part in cut(sorted(held, key=lambda one: len(one.tokens)), micro_batch):
            batch = batch_of(part, base.tokenizer.eos_token_id, base.device)
            total += float(weighted_loss(model, batch))
            weight += sum(sum(one.weights[1:]) for one in part)
    return total / max(weight, 1e-9)


def _memory(device: torch.device) -> int:
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
