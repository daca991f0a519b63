"""How well documents that are not trained on are read; the loss decides which weights are kept. Imports torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from mlcore.base_model.loading import LoadedBase, compute_type
from mlcore.training.examples import TrainingExample
from mlcore.training.loss import batch_of, counted_logits, loss_of
from mlcore.training.order import cut
from mlcore.training.team import ALONE, Team


@dataclass(frozen=True, slots=True)
class Validation:
    """``loss`` is the mean weighted loss of the tokens; ``accuracy`` the share of labeled values that the model says in full, key and end
    of the answer included, each after the true beginning of the answer. No grammar holds it and no error leads to the next, so it is
    another number than the accuracy of ``evaluate``; it is there to compare epochs."""

    loss: float
    accuracy: float


def validate(model: Any, base: LoadedBase, held: Sequence[TrainingExample], micro_batch: int, team: Team = ALONE) -> Validation:
    """Both over all held-out documents, each process reading its share."""
    model.eval()
    total = weight = right = values = 0.0
    mixed = compute_type(base.precision, base.device)
    parts = cut(sorted(held, key=lambda one: len(one.tokens)), micro_batch)
    with torch.inference_mode(), torch.autocast(base.device.type, mixed, enabled=mixed is not torch.float32):
        for part in parts[team.rank :: team.size]:
            batch = batch_of(part, base.tokenizer.eos_token_id, base.device)
            logits = counted_logits(model, batch)
            total += float(loss_of(logits, batch))
            weight += sum(sum(one.weights[1:]) for one in part)
            said = list(_pieces_right(part, (logits.argmax(-1) == batch.wanted).tolist()))
            right, values = right + sum(said), values + len(said)
    total, weight, right, values = team.sum(total, weight, right, values)
    return Validation(total / max(weight, 1e-9), right / max(values, 1e-9))


def _pieces_right(part: Sequence[TrainingExample], hits: Sequence[bool]) -> Iterator[bool]:
    """Of each piece that has a counted token, whether all of those are hit; ``hits`` are of the counted tokens, document by document."""
    place = 0
    for one in part:
        found: dict[int, bool] = {}
        for piece, weight in zip(one.pieces[1:], one.weights[1:], strict=True):
            if weight > 0:
                found[piece] = found.get(piece, True) and hits[place]
                place += 1
        yield from found.values()
