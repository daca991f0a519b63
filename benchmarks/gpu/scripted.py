"""A model that takes the time of its shape and says an answer that is given. Imports torch.

Random weights say nothing sensible, and under a grammar every token of theirs has to be put right. So that the product's decoding is
measured as a trained model would have it, the real decoder computes every pass, and what it found is replaced by vectors for which the
real head says the answer's next token. Guesses are then accepted as often as with **a reader that makes no mistake**: the best case of a
trained one. What an adapter that was trained really accepts is measured for the small base (part ``trained``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from mlcore.inference.grammar import Guide


def spelled(
    guide: Guide, answer: str, encode: Callable[[str], list[int]], decode: Callable[[list[int]], str], end: int, limit: int
) -> list[int]:
    """The tokens in which decoding says ``answer`` under a fresh ``guide``: forced ones where they are, else the tokenizer's."""
    natural = encode(answer)
    places = {len(decode(natural[:count])): count for count in range(len(natural))}
    said: list[int] = []
    while not guide.ended() and len(said) < limit:
        forced = guide.take_forced(limit - len(said))
        said.extend(forced)
        if not forced:
            told = len(decode(said))
            rest = natural[places[told] :] if told in places else encode(answer[told:])
            said.append(_allowed(guide, [*rest, end]))
            guide.take(said[-1])
    return said[:limit]


def _allowed(guide: Guide, wanted: list[int]) -> int:
    """The next wanted token; where the grammar has no place for it the first that it has."""
    return wanted[0] if guide.could_take(wanted[:1]) else int(np.flatnonzero(guide.allowed())[0])


class Scripted:
    """What ``decode_batch`` needs of a model: every row of a batch reads the same prompt and says ``script``."""

    def __init__(self, model: Any, prompt: int, script: Sequence[int]) -> None:
        """``prompt`` is the number of tokens before the answer."""
        self.device = model.device
        self._decoder, self._head = model.get_decoder(), model.get_output_embeddings()
        self._next = torch.tensor([*([script[0]] * (prompt - 1)), *script], device=model.device)

    def get_decoder(self) -> Callable[..., Any]:
        """The decoder, which computes and is not listened to."""
        return self._decode

    def get_output_embeddings(self) -> Any:
        """The head as it is."""
        return self._head

    def _decode(self, **given: Any) -> Any:
        found = self._decoder(**given)
        wanted = self._next[given["position_ids"].clamp(max=len(self._next) - 1)]
        found.last_hidden_state = self._head.weight[wanted]
        return found
