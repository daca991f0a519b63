"""Greedy decoding of one answer under its grammar. Imports torch.

Three ways save passes through the model, none of which changes the answer: tokens that the grammar forces are appended without
asking, a run that the prompt suggests is checked in one pass (``lookup``), and the prompt is computed once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import DynamicCache

from mlcore.inference.grammar import Guide
from mlcore.inference.lookup import Lookup

GUESS = 10
"""Tokens that are guessed and checked in one pass at the most."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer. ``log_probabilities`` and ``margins`` are of the free model (before the grammar), one for each token:

    how likely the model held the token, and by how much over the best other one. Forced tokens have 0.0 and infinity.
    ``passes`` counts forward passes, the prompt's included; ``cut`` says that the limit ended the answer.
    """

    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    margins: tuple[float, ...]
    passes: int
    cut: bool


def decode(model: Any, prompt: list[int], guide: Guide, *, limit: int, lookup: Lookup | None, skip_forced: bool = True) -> Said:
    """The answer to a prompt. Deterministic; ``limit`` bounds the tokens of the answer."""
    run = _Run(model, guide)
    logits = run.feed(prompt)[-1]
    while not guide.ended() and len(run.tokens) < limit:
        pending = [run.choose(logits)]
        if skip_forced:
            pending.extend(run.take_forced(limit - len(run.tokens)))
        if guide.ended() or len(run.tokens) >= limit:
            break
        guess = lookup.guess(run.tokens, min(GUESS, limit - len(run.tokens))) if lookup else []
        guess = guess[: guide.could_take(guess)] if guess else []
        rows = run.feed(pending + guess)
        logits = rows[len(pending) - 1]
        for place, guessed in enumerate(guess):
            if run.would_choose(logits) != guessed:
                run.forget(len(guess) - place)
                break
            run.choose(logits)
            logits = rows[len(pending) + place]
            if guide.ended() or len(run.tokens) >= limit:
                break
    return Said(tuple(run.tokens), tuple(run.log_probabilities), tuple(run.margins), run.passes, not guide.ended())


class _Run:
    def __init__(self, model: Any, guide: Guide) -> None:
        self._model = model
        self._guide = guide
        self._cache = DynamicCache()
        self._device = model.device
        self.tokens: list[int] = []
        self.log_probabilities: list[float] = []
        self.margins: list[float] = []
        self.passes = 0

    def feed(self, tokens: list[int]) -> NDArray[np.float32]:
        """Logits after each of ``tokens`` (of a prompt: after the last only), ``[tokens, vocabulary]``."""
        ids = torch.tensor([tokens], device=self._device)
        keep = 1 if not self.passes else len(tokens)
        with torch.inference_mode():
            out = self._model(input_ids=ids, past_key_values=self._cache, use_cache=True, logits_to_keep=keep)
        self.passes += 1
        logits: NDArray[np.float32] = out.logits[0].float().cpu().numpy()
        return logits

    def would_choose(self, logits: NDArray[np.float32]) -> int:
        """The most likely token that is allowed."""
        best = int(logits.argmax())
        allowed = self._guide.allowed()
        return best if allowed[best] else int(np.where(allowed, logits[: len(allowed)], -np.inf).argmax())

    def choose(self, logits: NDArray[np.float32]) -> int:
        """Take the most likely allowed token and note how sure the model was."""
        token = self.would_choose(logits)
        top = float(logits.max())
        own = float(logits[token])
        rest = float(np.partition(logits, -2)[-2]) if own == top else top
        self.log_probabilities.append(own - top - float(np.log(np.exp(logits - top).sum())))
        self.margins.append(own - rest)
        self._guide.take(token)
        self.tokens.append(token)
        return token

    def take_forced(self, most: int) -> list[int]:
        """Append what the grammar forces, up to ``most`` tokens."""
        forced = [] if self._guide.ended() else self._guide.forced()[:most]
        for token in forced:
            self._guide.take(token)
        self.tokens.extend(forced)
        self.log_probabilities.extend(0.0 for _ in forced)
        self.margins.extend(float("inf") for _ in forced)
        return forced

    def forget(self, count: int) -> None:
        """Drop the last ``count`` positions of the cache: guesses that were wrong."""
        self._cache.crop(-count)
