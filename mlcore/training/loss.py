"""The loss of one micro-batch: cross-entropy of the answer's tokens, each with its weight. Imports torch.

Only positions that count go through the language-model head, which is most of the memory of a small model with a large
vocabulary. The sum is returned, not a mean: the step divides by the weights of its whole window of micro-batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from mlcore.training.examples import TrainingExample


@dataclass(frozen=True)
class Batch:
    """``tokens`` and ``weights`` are ``[documents, length]``. Padding is on the right, where nothing that counts looks at it, and so needs
    no mask (with one, attention is computed more slowly)."""

    tokens: torch.Tensor
    weights: torch.Tensor

    @property
    def counted(self) -> torch.Tensor:
        """``[documents, length - 1]``: which tokens after the first count."""
        return self.weights[:, 1:] > 0

    @property
    def wanted(self) -> torch.Tensor:
        """``[counted]``: the tokens that count, document by document."""
        return self.tokens[:, 1:][self.counted]


def batch_of(examples: Sequence[TrainingExample], padding: int, device: torch.device) -> Batch:
    """Examples side by side. ``padding`` may be any token: places, not ids, say what is padding."""
    length = max(len(one.tokens) for one in examples)
    tokens = torch.full((len(examples), length), padding, dtype=torch.long)
    weights = torch.zeros((len(examples), length))
    for row, one in enumerate(examples):
        size = len(one.tokens)
        tokens[row, :size] = torch.tensor(one.tokens)
        weights[row, :size] = torch.tensor(one.weights)
    return Batch(tokens.to(device), weights.to(device))


def weighted_loss(model: Any, batch: Batch) -> torch.Tensor:
    """Sum over counted tokens of weight times cross-entropy, in float32."""
    return loss_of(counted_logits(model, batch), batch)


def counted_logits(model: Any, batch: Batch) -> torch.Tensor:
    """What the model says in place of each counted token, ``[counted, vocabulary]`` in float32."""
    causal = model.get_base_model() if hasattr(model, "get_base_model") else model
    hidden = causal.get_decoder()(input_ids=batch.tokens, use_cache=False).last_hidden_state
    logits: torch.Tensor = causal.get_output_embeddings()(hidden[:, :-1][batch.counted]).float()
    return logits


def loss_of(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Sum of weight times cross-entropy of ``counted_logits``."""
    losses = functional.cross_entropy(logits, batch.wanted, reduction="none")
    return (losses * batch.weights[:, 1:][batch.counted]).sum()
