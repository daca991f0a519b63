"""How likely a model holds each branch of an answer, all in one pass behind the prompt. Imports torch.

Branches stand side by side in the input. The mask lets each see the prompt, the trunk up to where it leaves it, and itself; positions count
along the branch, as if it were the only one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers import DynamicCache

from mlcore.rescoring.branches import Branch, Tree

_HIDDEN = torch.finfo(torch.float32).min
_AT_A_TIME = 256
"""Places of which the logits over the whole vocabulary are held at a time."""


def branch_log_probabilities(model: Any, prompt: Sequence[int], tree: Tree) -> list[float]:
    """The sum of the log-probabilities of the tokens of every branch. Deterministic; the model is free, no grammar holds it."""
    decoder, head, device = model.get_decoder(), model.get_output_embeddings(), model.device
    width, sown = len(prompt), _sown(tree)
    tokens, positions = [*tree.trunk], list(range(width, width + len(tree.trunk)))
    for branch in tree.branches:
        tokens += branch.tokens
        positions += range(width + branch.start, width + branch.start + len(branch.tokens))
    cache = DynamicCache()
    with torch.inference_mode():
        read = decoder(input_ids=torch.tensor([list(prompt)], device=device), past_key_values=cache, use_cache=True)
        said = decoder(
            input_ids=torch.tensor([tokens], device=device),
            position_ids=torch.tensor([positions], device=device),
            attention_mask=_mask(tree, sown, width, len(tokens)).to(device=device, dtype=model.dtype),
            past_key_values=cache,
            use_cache=True,
        )
        hidden = torch.cat([read.last_hidden_state[0, -1:], said.last_hidden_state[0]])  # place n: after n tokens
        before, wanted = _asked(tree.branches, sown)
        places, wanted_there = torch.tensor(before, device=device), torch.tensor(wanted, device=device)
        parts = [slice(start, start + _AT_A_TIME) for start in range(0, len(before), _AT_A_TIME)]
        own = torch.cat([_own(head(hidden[places[part]]), wanted_there[part]) for part in parts]).cpu()
    starts = [place - len(tree.trunk) for place in sown]
    return [float(own[start : start + len(branch.tokens)].sum()) for start, branch in zip(starts, tree.branches, strict=True)]


def _own(logits: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """Log-probabilities of tokens, each by its row of logits."""
    wide = logits.float()
    return wide.gather(1, tokens[:, None])[:, 0] - torch.logsumexp(wide, -1)


def _sown(tree: Tree) -> list[int]:
    """Where each branch begins in the input."""
    places, place = [], len(tree.trunk)
    for branch in tree.branches:
        places.append(place)
        place += len(branch.tokens)
    return places


def _asked(branches: Sequence[Branch], sown: Sequence[int]) -> tuple[list[int], list[int]]:
    """For each token of each branch after how much of the input it is said, and the token."""
    before: list[int] = []
    wanted: list[int] = []
    for branch, place in zip(branches, sown, strict=True):
        before += [branch.start, *range(place + 1, place + len(branch.tokens))]
        wanted += branch.tokens
    return before, wanted


def _mask(tree: Tree, sown: Sequence[int], prompt: int, size: int) -> torch.Tensor:
    """Shape ``(1, 1, size, prompt + size)``: 0 where a token sees another, a number that hides it elsewhere."""
    mask = torch.full((size, prompt + size), _HIDDEN)
    mask[:, :prompt] = 0
    _see_before(mask, 0, len(tree.trunk), prompt)
    for branch, place in zip(tree.branches, sown, strict=True):
        end = place + len(branch.tokens)
        mask[place:end, prompt : prompt + branch.start] = 0
        _see_before(mask, place, end, prompt)
    return mask[None, None]


def _see_before(mask: torch.Tensor, start: int, end: int, prompt: int) -> None:
    own = torch.full((end - start, end - start), _HIDDEN)
    mask[start:end, prompt + start : prompt + end] = torch.triu(own, 1)
