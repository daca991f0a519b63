"""Checkpoints: everything that a run needs to go on exactly where it was. Imports torch.

A checkpoint directory counts only with its ``COMMIT`` marker, which is written last; a torn one is passed over. Nothing is
pickled: tensors are safetensors, the rest is JSON.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from mlcore.errors import ArtifactError, RunError
from mlcore.training.adapter import read_weights, trainable, write_weights

COMMIT = "COMMIT"
RandomState = dict[str, torch.Tensor]
_WEIGHTS, _OPTIMIZER, _STATE = "adapter.safetensors", "optimizer.safetensors", "state.json"
_RANDOM, _RANDOM_GPU = "random", "random_gpu"
_KEPT = 2


def save_checkpoint(
    folder: Path, step: int, model: Any, optimizer: torch.optim.Optimizer, state: dict[str, Any], random: RandomState | None = None
) -> Path:
    """Write ``folder/step-000123`` and drop all but the newest two. ``state`` is plain JSON; ``random`` is this process's by default.

    A complete checkpoint of this step is left as it is: a step has one outcome. Where the disk refuses (``OSError`` or
    ``SafetensorError``), what was written of this one is gone, and the older ones are there.
    """
    place = folder / f"step-{step:06d}"
    if (place / COMMIT).is_file():
        return place
    shutil.rmtree(place, ignore_errors=True)
    try:
        _write(place, step, model, optimizer, state, random if random is not None else random_state(lambda row: row[None]))
    except (OSError, SafetensorError):
        shutil.rmtree(place, ignore_errors=True)
        raise
    for old in committed(folder)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return place


def _write(place: Path, step: int, model: Any, optimizer: torch.optim.Optimizer, state: dict[str, Any], random: RandomState) -> None:
    place.mkdir(parents=True)
    write_weights(model, place / _WEIGHTS)
    moments = {}
    for index, parameter in enumerate(trainable(model)):
        for name, value in optimizer.state.get(parameter, {}).items():
            moments[f"{index}.{name}"] = value.detach().cpu().contiguous() if torch.is_tensor(value) else torch.tensor(float(value))
    moments.update(random)
    save_file(moments, place / _OPTIMIZER)
    (place / _STATE).write_text(json.dumps({**state, "step": step}))
    _sync(place)
    (place / COMMIT).write_text(str(step))
    _sync(place)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """What the disk refuses while inside becomes a ``RunError`` that says what is left of the run in ``folder``, and the remedy."""
    try:
        yield
    except (OSError, SafetensorError) as error:
        kept = committed(folder)
        way = f"goes on from {kept[-1].name}, which is complete" if kept else "begins again, as no checkpoint is complete yet"
        reason = getattr(error, "strerror", None) or error
        raise RunError(f"The run cannot be written to {folder} ({reason}). Make room there; the same command {way}.") from error


def random_state(gather: Callable[[torch.Tensor], torch.Tensor]) -> RandomState:
    """The random states of the processes, one row each, as ``gather`` brings them together: of the CPU, and of the GPU where one is."""
    state = {_RANDOM: gather(torch.get_rng_state()).contiguous()}
    if torch.cuda.is_available():
        state[_RANDOM_GPU] = gather(torch.cuda.get_rng_state()).contiguous()
    return state


def committed(folder: Path) -> list[Path]:
    """Complete checkpoints, oldest first."""
    return sorted(path for path in folder.glob("step-*") if (path / COMMIT).is_file())


def read_state(place: Path) -> dict[str, Any]:
    """The JSON state of a checkpoint. Raises ``ArtifactError``."""
    try:
        state: dict[str, Any] = json.loads((place / _STATE).read_text())
        return state
    except (OSError, ValueError) as error:
        raise _unreadable(place, error) from error


def load_checkpoint(place: Path, model: Any, optimizer: torch.optim.Optimizer, *, rank: int = 0) -> dict[str, Any]:
    """Put weights, optimizer and random state back; returns the JSON state. Raises ``ArtifactError``.

    ``rank`` says which process this is; one that was not there when the checkpoint was written keeps its own random state.
    """
    state = read_state(place)
    read_weights(model, place / _WEIGHTS)
    try:
        moments = load_file(place / _OPTIMIZER)
    except (OSError, ValueError, SafetensorError) as error:
        raise _unreadable(place, error) from error
    rows, gpu_rows = moments.pop(_RANDOM), moments.pop(_RANDOM_GPU, None)
    if rank < len(rows):
        torch.set_rng_state(rows[rank].clone())  # of a view into a larger tensor torch reads past the end, to a crash
    if gpu_rows is not None and rank < len(gpu_rows) and torch.cuda.is_available():
        torch.cuda.set_rng_state(gpu_rows[rank].clone())
    parameters = trainable(model)
    for key, value in moments.items():
        index, name = key.split(".", 1)
        parameter = parameters[int(index)]
        optimizer.state[parameter][name] = value if name == "step" else value.to(parameter.device)
    return state


def _unreadable(place: Path, error: Exception) -> ArtifactError:
    return ArtifactError(f"The checkpoint {place.name} cannot be read ({error}); remove it and start from the one before.")


def _sync(place: Path) -> None:
    for path in (*place.iterdir(), place):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
