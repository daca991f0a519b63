"""The training loop. Imports torch."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mlcore.base_model.loading import LoadedBase
from mlcore.new_file import write_json
from mlcore.training.adapter import adapter_config, trainable, write_weights
from mlcore.training.checkpoint import writing
from mlcore.training.config import Recipe
from mlcore.training.events import EpochEnd, Event, Listener, Notice
from mlcore.training.examples import TrainingExample
from mlcore.training.order import steps_of
from mlcore.training.outcome import ADAPTER_CONFIG, BEST, OUTCOME, RECIPE, STOP, Outcome
from mlcore.training.run import Run, begin, save
from mlcore.training.start import Start
from mlcore.training.step import one_step
from mlcore.training.team import ALONE, Team
from mlcore.training.validation import validate


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
    hourly_rate: float = 0.0,
    data: Mapping[str, Any] | None = None,
    team: Team = ALONE,
    start: Start | None = None,
) -> Outcome:
    """Train, going on from the newest complete checkpoint in ``folder`` if there is one.

    Writes ``recipe.json``, ``best.safetensors``, ``adapter_config.json`` (of an adapter) and ``outcome.json``. Before every step
    ``cancelled`` is asked and a file ``stop`` looked for (and removed in the end). A cancelled run and one stopped by ``stop_after``
    steps leave a checkpoint, and the same call goes on from it to the same weights as an uninterrupted run. ``hourly_rate`` is the
    price of a device-hour, ``data`` says in plain JSON where the documents come from; both go into the outcome as they are.
    Every process of a ``team`` makes the same call; the first one writes and tells. ``start`` is the model to go on from
    (``artifacts.starting`` says whether it fits), ``None`` a new adapter; how it ends depends on it, so the same call names the same one.

    Raises ``RecipeError``, ``RunError`` where the folder holds another run or refuses what is written (what was complete stays and the
    same call goes on from it), ``ArtifactError`` where its checkpoint is damaged, and what torch raises where memory runs out after the
    micro-batch was halved once.
    """
    recipe.checked()
    kept = [one for one in training if len(one.tokens) <= recipe.max_tokens]
    held = [one for one in validation if len(one.tokens) <= recipe.max_tokens]
    tell: Listener = listen if team.leads else _silent
    run = begin(base, recipe, kept, held, folder, tell, team, start)
    run.left_out, run.hourly_rate, run.data = len(training) - len(kept), hourly_rate, dict(data or {})
    if team.leads:
        with writing(folder):
            write_json(folder / RECIPE, recipe.to_json())
    begun, before = time.monotonic(), run.wall_seconds
    last = run.total if stop_after is None else min(run.total, stop_after)
    while run.step < last and not run.stopped and not team.any(cancelled() or (folder / STOP).exists()):
        epoch, place = divmod(run.step, run.per_epoch)
        steps = steps_of([len(one.tokens) for one in kept], epoch, recipe.seed, recipe.micro_batch, recipe.accumulate)
        if not one_step(run, [[kept[index] for index in micro] for micro in steps[place]], epoch, tell):
            continue
        if place == run.per_epoch - 1:
            _end_epoch(run, epoch, held, folder, tell)
        run.wall_seconds = before + time.monotonic() - begun
        if place == run.per_epoch - 1:
            _write_outcome(run, folder)
        if run.step % recipe.save_every_steps == 0 or run.step == last or run.stopped:
            save(run, folder)
    if run.step < last and not run.stopped:
        save(run, folder)
    run.wall_seconds = before + time.monotonic() - begun
    outcome = _write_outcome(run, folder)
    if team.leads:
        (folder / STOP).unlink(missing_ok=True)
    return outcome


def _silent(event: Event) -> None:
    """What a process that does not lead tells."""


def _end_epoch(run: Run, epoch: int, held: Sequence[TrainingExample], folder: Path, tell: Listener) -> None:
    found = validate(run.model, run.base, held, run.recipe.micro_batch, run.team) if held else None
    loss = found.loss if found is not None else None
    best = loss is None or loss < run.best
    run.best, run.worse = (loss if loss is not None else run.best, 0) if best else (run.best, run.worse + 1)
    if best and run.team.leads:
        with writing(folder):
            _write_best(run.model, folder)
    run.epochs.append(EpochEnd(epoch, run.step, run.epoch_loss / max(run.epoch_steps, 1), loss, best, found.accuracy if found else None))
    run.epoch_loss, run.epoch_steps = 0.0, 0
    tell(run.epochs[-1])
    if run.recipe.patience and run.worse >= run.recipe.patience:
        run.stopped = True
        tell(Notice(run.step, f"Stopped: {run.worse} epochs without a better validation loss."))


def _write_best(model: Any, folder: Path) -> None:
    config, half = adapter_config(model), folder / f"{BEST}.part"
    if config is not None:
        write_json(folder / ADAPTER_CONFIG, config)
    try:
        write_weights(model, half)
        half.replace(folder / BEST)
    finally:
        half.unlink(missing_ok=True)


def _write_outcome(run: Run, folder: Path) -> Outcome:
    """After every epoch and at the end, so that a run that is killed has told what is known of its best weights."""
    outcome = Outcome(
        adapter=folder / BEST,
        steps=run.step,
        total_steps=run.total,
        tokens=run.tokens,
        seconds=run.seconds,
        finished=run.stopped or run.step >= run.total,
        left_out=run.left_out,
        documents=run.documents,
        validation_documents=run.validation_documents,
        wall_seconds=run.wall_seconds,
        processes=run.team.size,
        hourly_rate=run.hourly_rate,
        memory=run.memory,
        trainable=sum(one.numel() for one in trainable(run.model)),
        parameters=run.base.model.num_parameters(),
        device=run.base.device.type,
        epochs=run.epochs,
        run=run.identity,
        data=run.data,
    )
    if run.team.leads:
        with writing(folder):
            write_json(folder / OUTCOME, outcome.to_json())
    return outcome
