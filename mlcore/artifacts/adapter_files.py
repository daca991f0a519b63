"""Adapter weights and configuration in the format of peft, checked against each other. NumPy, no torch.

Stored as float16: half the bytes, and finer than bfloat16 over the range that adapters live in (an update of 1 is kept to 0.0005
instead of 0.004); what is beyond its range is refused, not rounded to infinity.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from mlcore.errors import ArtifactError

Weights = dict[str, NDArray[Any]]
_A, _B = ".lora_A.weight", ".lora_B.weight"
_PREFIX = "base_model.model."
_UNSUPPORTED = ("use_dora", "use_rslora", "rank_pattern", "alpha_pattern", "modules_to_save", "lora_bias", "layer_replication")
"""Settings of peft that would change what an adapter computes."""


def read_weights(path: Path) -> Weights:
    """All tensors of a file. Raises ``ArtifactError``."""
    try:
        weights: Weights = load_file(path)
    except (OSError, ValueError, TypeError, KeyError, SafetensorError) as error:
        raise ArtifactError(f"The adapter weights {path.name} cannot be read ({error}); take another copy or train again.") from error
    return weights


def write_half(weights: Weights, path: Path) -> None:
    """Write weights as float16. Raises ``ArtifactError`` when a number is no number or beyond 65,504, ``OSError``."""
    half = {}
    for name, tensor in weights.items():
        with np.errstate(over="ignore"):
            half[name] = np.ascontiguousarray(tensor.astype(np.float16))
        if not np.isfinite(half[name]).all():
            raise ArtifactError(f"{name} has numbers beyond float16 (65,504): the run did not converge. Train with a lower learning rate.")
    try:
        save_file(half, path, metadata={"format": "pt"})
    except SafetensorError as error:  # also what a full disk is
        raise OSError(str(error)) from error


def adapter_pairs(weights: Weights, config: Mapping[str, Any]) -> dict[str, tuple[NDArray[Any], NDArray[Any]]]:
    """Name of each adapted layer of the base with its A ``[rank, in]`` and B ``[out, rank]``.

    Raises ``ArtifactError`` where weights and configuration differ, or say what this program does not apply.
    """
    rank = _checked_rank(config)
    names = sorted(name.removesuffix(_A) for name in weights if name.endswith(_A))
    strange = set(weights) ^ {name + end for name in names for end in (_A, _B)}
    strange |= {name for name in weights if not name.startswith(_PREFIX)}
    if strange or not names:
        first = f", for one {min(strange)!r}" if strange else ""
        raise ArtifactError(f"The weights are not those of a low-rank adapter (lora_A and lora_B of each layer){first}.")
    pairs = {}
    for name in names:
        a, b = weights[name + _A], weights[name + _B]
        if a.ndim != 2 or b.ndim != 2 or a.shape[0] != rank or b.shape[1] != rank:
            raise ArtifactError(f"{name} has weights {a.shape} and {b.shape}; the configuration says rank {rank}.")
        if not (np.isfinite(a).all() and np.isfinite(b).all()):
            raise ArtifactError(f"{name} has weights that are no numbers; take another copy or train again.")
        pairs[name.removeprefix(_PREFIX)] = (a, b)
    return pairs


def _checked_rank(config: Mapping[str, Any]) -> int:
    if config.get("peft_type") != "LORA" or config.get("bias", "none") != "none":
        raise ArtifactError(
            f"The adapter is of type {config.get('peft_type')!r} with bias {config.get('bias')!r}; only LORA without one is."
        )
    if odd := [name for name in _UNSUPPORTED if config.get(name)]:
        raise ArtifactError(f"The adapter was made with {', '.join(odd)}, which this program does not apply.")
    rank, alpha = config.get("r"), config.get("lora_alpha")
    if not isinstance(rank, int) or not isinstance(alpha, int | float) or rank < 1 or alpha <= 0:
        raise ArtifactError(f"The adapter's configuration says rank {rank!r} and alpha {alpha!r}; both must be positive numbers.")
    return rank
