"""Guesses in tokens: what the page suggests (``ahead``), else what followed the last words in the prompt (``lookup``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mlcore.inference.ahead import Ahead
from mlcore.inference.grammar import Guide
from mlcore.inference.lookup import Lookup

_LOOKED_UP = 10
"""Tokens of a looked-up guess at the most: it is right less often."""


class PageGuesses:
    """The guesses for one answer (``decoding.Guessing``). ``encode`` and ``decode`` are the tokenizer's, without special tokens."""

    def __init__(
        self,
        ahead: Ahead,
        lookup: Lookup,
        guide: Guide,
        encode: Callable[[str], list[int]],
        decode: Callable[[list[int]], str],
    ) -> None:
        self._ahead = ahead
        self._lookup = lookup
        self._guide = guide
        self._encode = encode
        self._decode = decode

    def guess(self, said: Sequence[int], most: int) -> list[int]:
        """The first guess of which the grammar allows at least a token."""
        text = self._decode(list(said))
        more = self._ahead.text(text)
        if more:
            guess = self._spelled(text, more)[:most]
            allowed = self._guide.could_take(guess) if guess else 0
            if allowed:
                return guess[:allowed]
        return self._lookup.guess(said, min(most, _LOOKED_UP))

    def _spelled(self, text: str, more: str) -> list[int]:
        """``more`` in tokens, cut as they are when the whole line is spelled."""
        line = text[text.rfind("\n") + 1 :]
        head, whole = self._encode(line), self._encode(line + more)
        return whole[len(head) :] if whole[: len(head)] == head else self._encode(more)
