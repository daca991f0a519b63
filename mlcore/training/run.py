"""A run in memory: begun, gone on from its newest checkpoint, saved. Imports torch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch

from mlcore.base_model.loading import LoadedBase, compute_type
from mlcore.errors import RecipeError
from mlcore.training.adapter import learner, read_weights, trainable
from mlcore.training.checkpoint import committed, load_checkpoint, random_state, read_state, save_checkpoint, writing
from mlcore.training.config import Recipe
from mlcore.training.events import EpochEnd, Listener, Notice
from mlcore.training.examples import TrainingExample
from mlcore.training.identity import refuse_another_run, run_identity
from mlcore.training.start import Start
from mlcore.training.team import Team


@dataclass
class Run:
    """State of a run; the fields from ``step`` on are what a checkpoint keeps of it, the counts of documents are told in the end."""

    recipe: Recipe
    base: LoadedBase
    model: Any
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    team: Team
    identity: dict[str, Any]
    per_epoch: int
    total: int
    documents: int = 0
    validation_documents: int = 0
    left_out: int = 0
    hourly_rate: float = 0.0
    data: dict[str, Any] = field(default_factory=dict)
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    wall_seconds: float = 0.0
    memory: int = 0
    best: float = math.inf
    worse: int = 0
    stopped: bool = False
    epoch_loss: float = 0.0
    epoch_steps: int = 0
    micro_batch: int = 1
    epochs: list[EpochEnd] = field(default_factory=list)


_KEPT = ("step", "tokens", "seconds", "wall_seconds", "memory", "worse", "stopped", "epoch_loss", "epoch_steps", "micro_batch")


def begin(
    base: LoadedBase,
    recipe: Recipe,
    kept: Sequence[TrainingExample],
    held: Sequence[TrainingExample],
    folder: Path,
    listen: Listener,
    team: Team,
    start: Start | None = None,
) -> Run:
    """A run at its first step, or where the newest complete checkpoint in ``folder`` left it.

    With ``start`` the adapter has the weights of that artifact at the first step; the optimizer is a fresh one all the same.

    Raises ``RecipeError`` for what cannot be trained, ``RunError`` where the folder holds another run, ``ArtifactError`` where
    its checkpoint, or what it starts from, is damaged.
    """
    if not kept:
        raise RecipeError((f"max_tokens is {recipe.max_tokens}; no document is that short, so there is nothing to train on.",))
    if recipe.accumulate < team.size:
        raise RecipeError((f"accumulate is {recipe.accumulate} for {team.size} processes; each needs a micro-batch of every step.",))
    folder.mkdir(parents=True, exist_ok=True)
    identity = run_identity(recipe, kept, held, base.identity, base.precision, start)
    places = committed(folder)
    if places:
        refuse_another_run(read_state(places[-1]).get("run") or {}, identity, str(folder))
    model = learner(base, recipe.lora, checkpointing=recipe.checkpointing, seed=recipe.seed)
    if team.rank:
        torch.manual_seed(recipe.seed + team.rank)  # the same weights in all processes, but dropout of their own
    schedule = recipe.schedule
    optimizer = torch.optim.AdamW(trainable(model), lr=schedule.learning_rate, weight_decay=schedule.weight_decay)
    half = compute_type(base.precision, base.device) is torch.float16
    scaler = torch.amp.GradScaler(base.device.type, enabled=half)
    per_epoch = math.ceil(math.ceil(len(kept) / recipe.micro_batch) / recipe.accumulate)
    run = Run(recipe, base, model, optimizer, scaler, team, identity, per_epoch, per_epoch * recipe.epochs, micro_batch=recipe.micro_batch)
    run.documents, run.validation_documents = (sum(one.part == 0 for one in part) for part in (kept, held))
    if places:
        state = load_checkpoint(places[-1], model, optimizer, rank=team.rank)
        run = _restored(run, state)
        listen(Notice(run.step, f"Goes on from step {run.step}."))
    elif start is not None:
        read_weights(model, start.weights)
        listen(Notice(0, f"Starts from {start.model_id}."))
    return run


def _restored(run: Run, state: dict[str, Any]) -> Run:
    if run.scaler.is_enabled() and state["scaler"]:
        run.scaler.load_state_dict(state["scaler"])
    best = math.inf if state["best"] is None else float(state["best"])
    epochs = [EpochEnd.from_json(end) for end in state["epochs"]]
    return replace(run, best=best, epochs=epochs, **{name: state[name] for name in _KEPT})


def save(run: Run, folder: Path) -> None:
    """Write a checkpoint; every process calls it, the first one writes. Raises ``RunError`` where the disk refuses."""
    random = random_state(run.team.gather)
    if not run.team.leads:
        return
    state: dict[str, Any] = {name: getattr(run, name) for name in _KEPT}
    state["best"] = run.best if math.isfinite(run.best) else None
    state["epochs"] = [end.to_json() for end in run.epochs]
    state["scaler"] = run.scaler.state_dict()
    state["run"] = run.identity
    with writing(folder):
        save_checkpoint(folder, run.step, run.model, run.optimizer, state, random)
