"""How well a model would answer after the true beginning of each answer ("teacher forcing"); imports torch.

The loss of held-out documents decides which weights a run keeps.
"""

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
            for one, said in _said(part, logits):
                found = _pieces_right(one, said)
                right, values = right + sum(found.values()), values + len(found)
    total, weight, right, values = team.sum(total, weight, right, values)
    return Validation(total / max(weight, 1e-9), right / max(values, 1e-9))


def said_after_truth(
    model: Any, base: LoadedBase, examples: Sequence[TrainingExample], micro_batch: int = 1
) -> Iterator[tuple[TrainingExample, tuple[int, ...]]]:
    """Of each example the tokens that the model says in place of the counted ones, each after the true beginning of the answer.

    Shorter examples come first.
    """
    model.eval()
    mixed = compute_type(base.precision, base.device)
    for part in cut(sorted(examples, key=lambda one: len(one.tokens)), micro_batch):
        with torch.inference_mode(), torch.autocast(base.device.type, mixed, enabled=mixed is not torch.float32):
            said = list(_said(part, counted_logits(model, batch_of(part, base.tokenizer.eos_token_id, base.device))))
        yield from said


def counted_tokens(one: TrainingExample) -> Iterator[tuple[int, int]]:
    """Piece and token of each counted token, in order."""
    for piece, token, weight in zip(one.pieces[1:], one.tokens[1:], one.weights[1:], strict=True):
        if weight > 0:
            yield piece, token


def _pieces_right(one: TrainingExample, said: Sequence[int]) -> dict[int, bool]:
    """Of each piece that has a counted token, whether all of those are ``said``, which are in the order of ``counted_tokens``."""
    found: dict[int, bool] = {}
    for (piece, token), other in zip(counted_tokens(one), said, strict=True):
        found[piece] = found.get(piece, True) and token == other
    return found


def _said(part: Sequence[TrainingExample], logits: torch.Tensor) -> Iterator[tuple[TrainingExample, tuple[int, ...]]]:
    tokens, place = logits.argmax(-1).tolist(), 0
    for one in part:
        count = sum(1 for _ in counted_tokens(one))
        yield one, tuple(tokens[place : place + count])
        place += count
