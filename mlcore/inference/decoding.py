"""Greedy decoding of answers under their grammars. Imports torch.

Three ways save passes through the model: tokens that the grammar forces are appended without asking, a guess of how the answer goes on
is checked in one pass (``Guessing``), and the prompt is computed once. Guesses change no answer. Forced tokens may: they are what the
tokenizer makes of the forced text, where the model could have spelled the same text in other tokens and gone on otherwise.

Several answers may share passes (``decode_batch``). Rows differ in how much of a pass they use: what a row does not use, and what was
guessed wrong, stays in the cache as a column that no later token of the row looks at. Nothing is padded on the left, so no row of
attention is ever empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from transformers import DynamicCache

from mlcore.inference.grammar import Guide

GUESS = 32
"""Tokens that are guessed and checked in one pass at the most."""


class Guessing(Protocol):
    """Something that guesses how an answer goes on."""

    def guess(self, said: Sequence[int], most: int) -> list[int]:
        """Up to ``most`` tokens after ``said``."""
        ...


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


@dataclass
class Asked:
    """One answer that is wanted. ``limit`` bounds its tokens."""

    prompt: list[int]
    guide: Guide
    limit: int
    lookup: Guessing | None = None
    skip_forced: bool = True


def decode_batch(model: Any, wanted: Sequence[Asked]) -> list[Said]:
    """The answers to several prompts, computed together; each as if it were alone but for rounding."""
    answers = [_Answer(one) for one in wanted]
    columns = _Columns(model, len(answers))
    active = list(range(len(answers)))
    feeds = [answer.asked.prompt for answer in answers]
    keeps = [1] * len(answers)
    with torch.inference_mode():
        while active:
            scores = columns.feed(feeds, keeps)
            right = []
            for row, place in enumerate(active):
                right.append(answers[place].hear(scores[row]))
            columns.keep([len(feed) - keep + 1 + good for feed, keep, good in zip(feeds, keeps, right, strict=True)])
            going = [row for row, place in enumerate(active) if not answers[place].done]
            if len(going) < len(active):
                columns.select(going)
                active = [active[row] for row in going]
            feeds = [answers[place].pending + answers[place].guess for place in active]
            keeps = [len(answers[place].guess) + 1 for place in active]
    return [answer.said() for answer in answers]


@dataclass
class _Scores:
    """After each kept position of one row: the best two logits, the best token, the log of the summed exponentials, and all logits."""

    best: list[list[float]]
    token: list[int]
    log_sum: list[float]
    logits: torch.Tensor


@dataclass
class _Answer:
    asked: Asked
    tokens: list[int] = field(default_factory=list)
    log_probabilities: list[float] = field(default_factory=list)
    margins: list[float] = field(default_factory=list)
    passes: int = 0
    pending: list[int] = field(default_factory=list)
    guess: list[int] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return self.asked.guide.ended() or len(self.tokens) >= self.asked.limit

    def hear(self, scores: _Scores) -> int:
        """Take the guess as far as the model would have said it, then one token of the model's own; says how many were right."""
        self.passes += 1
        right = 0
        while not self.done:
            token = self._choice(scores, right)
            self._take(token, scores, right)
            if right < len(self.guess) and token == self.guess[right]:
                right += 1
                continue
            self.pending = [token, *self._forced()]
            break
        self.guess = [] if self.done else self._guessed()
        return right

    def said(self) -> Said:
        return Said(tuple(self.tokens), tuple(self.log_probabilities), tuple(self.margins), self.passes, self.asked.guide.cut())

    def _choice(self, scores: _Scores, place: int) -> int:
        """The most likely token that is allowed."""
        best = scores.token[place]
        if self.asked.guide.could_take([best]):
            return best
        logits = scores.logits[place]
        allowed = torch.from_numpy(self.asked.guide.allowed()).to(logits.device)
        return int(logits[: len(allowed)].masked_fill(~allowed, -torch.inf).argmax())

    def _take(self, token: int, scores: _Scores, place: int) -> None:
        top, second = scores.best[place]
        chosen = token == scores.token[place]
        own = top if chosen else float(scores.logits[place][token])
        self.log_probabilities.append(own - scores.log_sum[place])
        self.margins.append(own - (second if chosen else top))
        self.asked.guide.take(token)
        self.tokens.append(token)

    def _forced(self) -> list[int]:
        if not self.asked.skip_forced or self.done:
            return []
        forced = self.asked.guide.take_forced(self.asked.limit - len(self.tokens))
        self.tokens.extend(forced)
        self.log_probabilities.extend(0.0 for _ in forced)
        self.margins.extend(float("inf") for _ in forced)
        return forced

    def _guessed(self) -> list[int]:
        if self.asked.lookup is None:
            return []
        guess = self.asked.lookup.guess(self.tokens, min(GUESS, self.asked.limit - len(self.tokens)))
        return guess[: self.asked.guide.could_take(guess)] if guess else []


class _Columns:
    """The cache of a batch and which of its columns each row looks at."""

    def __init__(self, model: Any, rows: int) -> None:
        self._decoder, self._head = model.get_decoder(), model.get_output_embeddings()
        self._device = model.device
        self._cache = DynamicCache()
        self._valid = torch.zeros((rows, 0), dtype=torch.long)
        self._fed: list[int] = []

    def feed(self, feeds: Sequence[list[int]], keeps: Sequence[int]) -> list[_Scores]:
        """One pass. Row ``i`` reads ``feeds[i]``; its scores are those after the last ``keeps[i]`` of them."""
        width = max(len(feed) for feed in feeds)
        tokens = torch.zeros((len(feeds), width), dtype=torch.long)
        fresh = torch.zeros((len(feeds), width), dtype=torch.long)
        for row, feed in enumerate(feeds):
            tokens[row, : len(feed)] = torch.tensor(feed)
            fresh[row, : len(feed)] = 1
        positions = self._valid.sum(1, keepdim=True) + torch.arange(width)
        self._valid = torch.cat([self._valid, fresh], 1)
        self._fed = [len(feed) for feed in feeds]
        whole = bool(self._valid.all())
        hidden = self._decoder(
            input_ids=tokens.to(self._device),
            position_ids=positions.to(self._device),
            attention_mask=None if whole else self._valid.to(self._device),
            past_key_values=self._cache,
            use_cache=True,
        ).last_hidden_state
        picked = torch.cat([hidden[row, len(feed) - keep : len(feed)] for row, (feed, keep) in enumerate(zip(feeds, keeps, strict=True))])
        logits = self._head(picked).float()
        top = torch.topk(logits, 2)
        small = (part.cpu() for part in (top.values, top.indices, torch.logsumexp(logits, -1)))  # once, and not once a row
        parts = zip(*(part.split(list(keeps)) for part in (*small, logits)), strict=True)
        return [_Scores(best.tolist(), ids[:, 0].tolist(), sums.tolist(), rows) for best, ids, sums, rows in parts]

    def keep(self, counts: Sequence[int]) -> None:
        """Of the last pass each row keeps its first ``counts[i]`` tokens; the others were guessed wrong."""
        width = max(self._fed)
        used = max(counts)
        if used < width:
            self._cache.crop(used - width)
            self._valid = self._valid[:, : used - width]
        for row, count in enumerate(counts):
            self._valid[row, self._valid.shape[1] - used + count :] = 0

    def select(self, rows: Sequence[int]) -> None:
        """Go on with some rows only."""
        self._valid = self._valid[list(rows)]
        if rows:
            self._cache.batch_select_indices(torch.tensor(list(rows), device=self._device))
