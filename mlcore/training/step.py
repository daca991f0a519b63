"""One step of a run: a window of micro-batches whose summed loss is divided by the summed weights of the window. Imports torch.

So a long document counts by its tokens and not by the company it happened to have, on one process or on several.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import torch

from mlcore.base_model.loading import compute_type
from mlcore.errors import RecipeError
from mlcore.training.adapter import trainable
from mlcore.training.config import Recipe
from mlcore.training.events import Listener, Notice, Progress
from mlcore.training.examples import TrainingExample
from mlcore.training.loss import batch_of, weighted_loss
from mlcore.training.memory import peak_memory, ran_out
from mlcore.training.order import cut
from mlcore.training.run import Run


def one_step(run: Run, window: list[list[TrainingExample]], epoch: int, listen: Listener) -> bool:
    """One step of the optimizer; false when memory ran out and the micro-batch was halved instead.

    Raises what torch raised for it (``ran_out``) when that was done before, ``RecipeError`` when it happens to one process of several.
    """
    begun = time.monotonic()
    too_little = None
    try:
        loss = _accumulate(run, [part for micro in window for part in cut(micro, run.micro_batch)])
    except RuntimeError as error:
        if not ran_out(error):
            raise
        too_little = error.with_traceback(None)  # its frames hold the activations, which are to be given back first
    if too_little is not None:
        _halve(run, listen, too_little)
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
    run.memory = max(run.memory, peak_memory(run.base.device))
    run.epoch_loss += loss
    run.epoch_steps += 1
    pace = run.tokens / max(run.seconds, 1e-9)
    eta = run.seconds / run.step * (run.total - run.step)
    listen(Progress(run.step, run.total, epoch, loss, rate, run.tokens, pace, run.seconds, eta, run.memory))
    return True


def _halve(run: Run, listen: Listener, error: RuntimeError) -> None:
    run.optimizer.zero_grad(set_to_none=True)
    if run.team.size > 1:
        told = f"Memory ran out in process {run.team.rank} of {run.team.size} at micro_batch {run.micro_batch}; take a smaller one."
        raise RecipeError((told,)) from error
    if run.micro_batch == 1 or run.micro_batch < run.recipe.micro_batch:
        raise error
    run.micro_batch //= 2
    torch.cuda.empty_cache()
    listen(Notice(run.step, f"Memory ran out; the micro-batch is {run.micro_batch} from here on."))


def _accumulate(run: Run, parts: Sequence[Sequence[TrainingExample]]) -> float:
    run.model.train()
    weight = sum(sum(one.weights[1:]) for part in parts for one in part)
    total = 0.0
    for part in parts[run.team.rank :: run.team.size]:
        batch = batch_of(part, run.base.tokenizer.eos_token_id, run.base.device)
        mixed = compute_type(run.base.precision, run.base.device)
        with torch.autocast(run.base.device.type, mixed, enabled=mixed is not torch.float32):
            loss = weighted_loss(run.model, batch) / max(weight, 1e-9)
        run.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        total += float(loss.detach())
    return run.team.sum_gradients(trainable(run.model), total)


def learning_rate(recipe: Recipe, step: int, total: int) -> float:
    """Rate of step ``step`` (from 0) of ``total``: a linear warm-up, then half a cosine down to the floor."""
    schedule = recipe.schedule
    warmup = min(schedule.warmup_steps, max(total - 1, 0))
    if step < warmup:
        return schedule.learning_rate * (step + 1) / warmup
    share = (step - warmup) / max(total - warmup, 1)
    return schedule.learning_rate * (schedule.floor + (1 - schedule.floor) * (1 + math.cos(math.pi * share)) / 2)
