"""Adapters on one base in memory: loaded, swapped and unloaded without loading the base again. Imports torch.

On a float32 base an adapter in use is added to the weights, so that it costs nothing in a pass; the weights that it changed are kept
aside and put back bit for bit. On other bases (half precision, NF4) adding would round the adapter away, and it is computed beside the
layer, as in training.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from mlcore.artifacts.adapter_files import adapter_pairs, read_weights
from mlcore.artifacts.layout import WEIGHTS
from mlcore.artifacts.write import read_object
from mlcore.base_model.loading import LoadedBase
from mlcore.errors import ArtifactError
from mlcore.training.outcome import ADAPTER_CONFIG


@dataclass(frozen=True)
class AdapterWeights:
    """``layers`` maps the name of a linear layer to ``(A [rank, in], B [out, rank])``, float32; the update is ``scale * B @ A``."""

    scale: float
    layers: dict[str, tuple[torch.Tensor, torch.Tensor]]


def read_adapter(path: Path) -> AdapterWeights:
    """An adapter from its folder (that of an artifact), or from a file of weights (``best.safetensors`` of a run).

    Either stands beside its ``adapter_config.json``. Raises ``ArtifactError``.
    """
    file = path / Path(WEIGHTS).name if path.is_dir() else path
    config = read_object(file.parent / ADAPTER_CONFIG, "It says rank and alpha of the adapter; take another copy.")
    pairs = adapter_pairs(read_weights(file), config)
    layers = {layer: (torch.from_numpy(a).float(), torch.from_numpy(b).float()) for layer, (a, b) in pairs.items()}
    return AdapterWeights(config["lora_alpha"] / config["r"], layers)


class Adapters:
    """The adapters of one base. The base is this object's to change while it lives."""

    def __init__(self, base: LoadedBase) -> None:
        self._base = base
        self._merges = base.precision in ("fp32", "mixed")  # both hold float32 weights
        self._loaded: dict[str, AdapterWeights] = {}
        self._kept: dict[str, torch.Tensor] = {}
        self._hooks: list[Any] = []
        self.active: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What is loaded."""
        return tuple(sorted(self._loaded))

    def load(self, name: str, path: Path) -> None:
        """Read an adapter and check it against the base; some MB, and nothing else changes. Raises ``ArtifactError``."""
        adapter = read_adapter(path)
        for layer, (a, b) in adapter.layers.items():
            linear = self._linear(layer)
            if (a.shape[1], b.shape[0]) != (linear.in_features, linear.out_features) or a.shape[0] != b.shape[1]:
                raise ArtifactError(
                    f"The adapter's layer {layer} is {b.shape[0]} x {a.shape[1]}, the base's {linear.out_features} x {linear.in_features}: "
                    "it was trained on another base."
                )
        if name == self.active:
            self.use(None)
        self._loaded[name] = adapter

    def use(self, name: str | None) -> None:
        """Answer with this adapter from now on; ``None`` is the bare base. Raises ``KeyError`` for a name that is not loaded."""
        if name == self.active:
            return
        chosen = self._loaded[name] if name is not None else None
        self._take_off()
        if chosen is not None:
            with torch.inference_mode():
                self._put_on(chosen)
        self.active = name

    def unload(self, name: str) -> None:
        """Forget an adapter; when it was in use, the bare base is in use after. Raises ``KeyError``."""
        if name == self.active:
            self.use(None)
        del self._loaded[name]

    def _linear(self, layer: str) -> Any:
        try:
            linear = self._base.model.get_submodule(layer)
        except AttributeError as error:
            raise ArtifactError(f"The base has no layer {layer}: the adapter was trained on another base.") from error
        if not hasattr(linear, "in_features"):
            raise ArtifactError(f"The adapter changes {layer}, which is no linear layer.")
        return linear

    def _put_on(self, adapter: AdapterWeights) -> None:
        for layer, (a, b) in adapter.layers.items():
            linear = self._linear(layer)
            if self._merges:
                self._kept[layer] = _copy(linear.weight.data)
                linear.weight.data.add_((b @ a).to(linear.weight.device), alpha=adapter.scale)
            else:
                self._hooks.append(linear.register_forward_hook(_beside(a, b, adapter.scale, self._base.device)))

    def _take_off(self) -> None:
        for layer, weight in self._kept.items():
            self._linear(layer).weight.data.copy_(weight)
        self._kept = {}
        for hook in self._hooks:
            hook.remove()
        self._hooks = []


def _copy(weight: torch.Tensor) -> torch.Tensor:
    """The same numbers, in two bytes each where nothing is lost by it (weights that were stored so)."""
    narrow = weight.bfloat16()
    return narrow if torch.equal(narrow.to(weight.dtype), weight) else weight.clone()


def _beside(a: torch.Tensor, b: torch.Tensor, scale: float, device: torch.device) -> Any:
    down, up = a.to(device).T.contiguous(), (b.to(device) * scale).T.contiguous()

    def hook(_module: Any, given: tuple[torch.Tensor, ...], out: torch.Tensor) -> torch.Tensor:
        return out + (given[0].float() @ down @ up).to(out.dtype)

    return hook
