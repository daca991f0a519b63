"""Checkpoints: everything that a run needs to go on exactly where it was. Imports torch.

A checkpoint directory counts only with its ``COMMIT`` marker, which is written last; a torn one is passed over. Nothing is
pickled: tensors are safetensors, the rest is JSON.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from mlcore.errors import ArtifactError
from mlcore.training.adapter import read_weights, trainable, write_weights

COMMIT = "COMMIT"
_ADAPTER, _OPTIMIZER, _STATE = "adapter.safetensors", "optimizer.safetensors", "state.json"
_KEPT = 2


def save_checkpoint(folder: Path, step: int, model: Any, optimizer: torch.optim.Optimizer, state: dict[str, Any]) -> Path:
    """Write ``folder/step-000123`` and drop all but the newest two. ``state`` is plain JSON; the random state of torch is added."""
    place = folder / f"step-{step:06d}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    write_weights(model, place / _ADAPTER)
    moments = {}
    for index, parameter in enumerate(trainable(model)):
        for name, value in optimizer.state.get(parameter, {}).items():
            moments[f"{index}.{name}"] = value.detach().cpu().contiguous() if torch.is_tensor(value) else torch.tensor(float(value))
    moments["random"] = torch.get_rng_state()
    save_file(moments, place / _OPTIMIZER)
    (place / _STATE).write_text(json.dumps({**state, "step": step}))
    _sync(place)
    (place / COMMIT).write_text(str(step))
    _sync(place)
    for old in committed(folder)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return place


def committed(folder: Path) -> list[Path]:
    """Complete checkpoints, oldest first."""
    return sorted(path for path in folder.glob("step-*") if (path / COMMIT).is_file())


def load_checkpoint(place: Path, model: Any, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """Put adapter, optimizer and random state back; returns the JSON state. Raises ``ArtifactError``."""
    read_weights(model, place / _ADAPTER)
    try:
        moments = load_file(place / _OPTIMIZER)
        state: dict[str, Any] = json.loads((place / _STATE).read_text())
    except (OSError, ValueError, SafetensorError) as error:
        raise ArtifactError(f"The checkpoint {place.name} cannot be read ({error}); remove it and start from the one before.") from error
    torch.set_rng_state(moments.pop("random"))
    parameters = trainable(model)
    for key, value in moments.items():
        index, name = key.split(".", 1)
        parameter = parameters[int(index)]
        optimizer.state[parameter][name] = value if name == "step" else value.to(parameter.device)
    return state


def _sync(place: Path) -> None:
    for path in (*place.iterdir(), place):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
