"""The loss on documents that are not trained on; it decides which weights are kept. Imports torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from mlcore.base_model.loading import LoadedBase, compute_type
from mlcore.training.examples import TrainingExample
from mlcore.training.loss import batch_of, weighted_loss
from mlcore.training.order import cut
from mlcore.training.team import ALONE, Team


def validation_loss(model: Any, base: LoadedBase, held: Sequence[TrainingExample], micro_batch: int, team: Team = ALONE) -> float:
    """Mean weighted loss of the held-out tokens, each process reading its share."""
    model.eval()
    total = weight = 0.0
    mixed = compute_type(base.precision, base.device)
    parts = cut(sorted(held, key=lambda one: len(one.tokens)), micro_batch)
    with torch.inference_mode(), torch.autocast(base.device.type, mixed, enabled=mixed is not torch.float32):
        for part in parts[team.rank :: team.size]:
            total += float(weighted_loss(model, batch_of(part, base.tokenizer.eos_token_id, base.device)))
            weight += sum(sum(one.weights[1:]) for one in part)
    total, weight = team.sum(total, weight)
    return total / max(weight, 1e-9)
