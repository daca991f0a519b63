"""Linear layers in eight bits for decoding on a CPU. Imports torch.

Weights are quantised by output channel, activations by token: a token's result does not depend on its company, so that guesses and
batches change no answer. Sums are exact integers.
"""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn

_LEVELS = 127
_LEAST = 1e-8


class Int8Linear(nn.Module):
    """A stand-in for a linear layer, which it keeps: ``pack`` follows the layer's weights after they were changed."""

    def __init__(self, source: nn.Linear) -> None:
        super().__init__()
        self.source = source
        self.in_features, self.out_features = source.in_features, source.out_features
        edges = torch.zeros((1, source.in_features))
        edges[0, 0], edges[0, -1] = -1.0, 1.0
        self._edges = edges
        self._reduced = not torch.cpu._is_vnni_supported()
        self.pack()

    @property
    def weight(self) -> torch.Tensor:
        """The weights that are packed."""
        return self.source.weight

    def pack(self) -> None:
        """Quantise the weights as they are now."""
        weight = self.source.weight.detach().float()
        scales = (weight.abs().amax(1) / _LEVELS).clamp_min(_LEAST)
        zeros = torch.zeros(len(scales), dtype=torch.long)
        with warnings.catch_warnings():  # deprecated with a view to a later torch than the pinned one, without a successor on CPUs yet
            warnings.simplefilter("ignore", UserWarning)
            packed = torch.quantize_per_channel(weight, scales.double(), zeros, 0, torch.qint8)
        self._packed: Any = torch.ops.quantized.linear_prepack(packed, None)

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """Every row is scaled to reach 1; a row of both edges fixes the range that the activations are quantised in."""
        rows = given.reshape(-1, self.in_features).float()
        sizes = rows.abs().amax(1, keepdim=True).clamp_min(_LEAST)
        out = torch.ops.quantized.linear_dynamic(torch.cat([rows / sizes, self._edges]), self._packed, self._reduced)[:-1] * sizes
        shaped: torch.Tensor = out.reshape(*given.shape[:-1], self.out_features).to(given.dtype)
        return shaped


def use_int8(model: Any, *, head: bool = True) -> None:
    """Put stand-ins in the place of all linear layers of a float32 model on a CPU, in place; ``head`` says whether of the last one too.

    Layers with a bias are left as they are (the scaling by rows would scale it too).
    """
    last = model.get_output_embeddings()
    for name, module in list(model.named_modules()):
        if type(module) is nn.Linear and not _has_bias(module) and (head or module is not last):
            parent, _, child = name.rpartition(".")
            setattr(model.get_submodule(parent) if parent else model, child, Int8Linear(module))


def _has_bias(linear: nn.Linear) -> bool:
    bias: torch.Tensor | None = linear.bias
    return bias is not None
