"""What a model may say about a document: the form of an answer, filled with words of the page and nothing else.

The grammar is ``llguidance``'s. A value is a run of words as they stand on the page, so an answer can neither fail to parse nor hold a
number that is not printed; a date, an amount or a code is one that can be one (``sayable``). A text may be put together from several
runs, because descriptions wrap around other columns.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from llguidance import LLMatcher, LLTokenizer, grammar_from
from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask
from numpy.typing import NDArray

from mlcore.answers.form import AnswerForm
from mlcore.inference.sayable import chunks_of, sayable

MOST_PIECES = 8
"""Runs of words that one value is put together from at the most, so that a value ends even if the model would go on."""


def answer_grammar(form: AnswerForm, text: str) -> str:
    """Lark text for answers about ``text`` (``PageText.text``)."""
    chunks = [form.escaped(chunk) for chunk in chunks_of(text)]
    kinds = sayable(text)
    lines = [
        form.grammar(kinds),
        f'TEXT: PIECE ( " " PIECE ){{0,{MOST_PIECES - 1}}}',
        f"PIECE: %regex {json.dumps({'substring_chunks': chunks})}",
    ]
    lines.extend(f"{kind.name}: {' | '.join(json.dumps(form.escaped(run)) for run in runs)}" for kind, runs in kinds.items())
    return "\n".join(lines) + "\n"


class Grammars:
    """Grammars over one tokenizer; preparing the tokenizer takes half a second, a document's grammar milliseconds."""

    def __init__(self, tokenizer: Any, vocabulary: int) -> None:
        self._tokens = LLTokenizer(tokenizer.backend_tokenizer.to_str(), n_vocab=vocabulary, eos_token=tokenizer.eos_token_id)
        self._vocabulary = vocabulary

    def guide(self, form: AnswerForm, text: str) -> Guide:
        """A guide for one answer about ``text``."""
        matcher = LLMatcher(self._tokens, grammar_from("lark", answer_grammar(form, text)))
        if matcher.is_error():
            raise ValueError(f"The grammar of form {form.name} is wrong: {matcher.get_error()}")
        return Guide(matcher, self._vocabulary)


class Guide:
    """Follows one answer token by token."""

    def __init__(self, matcher: LLMatcher, vocabulary: int) -> None:
        self._matcher = matcher
        self._vocabulary = vocabulary
        self._bits = allocate_token_bitmask(1, vocabulary)
        self._shifts = np.arange(32, dtype=np.uint32)

    def ended(self) -> bool:
        """Whether the answer has ended."""
        return bool(self._matcher.is_stopped())

    def forced(self) -> list[int]:
        """The tokens that must come next, as far as there is no choice."""
        return list(self._matcher.compute_ff_tokens())

    def allowed(self) -> NDArray[np.bool_]:
        """For each token of the vocabulary whether it may come next."""
        fill_next_token_bitmask(self._matcher, self._bits)
        bits = self._bits.view(np.uint32)[0][:, None] >> self._shifts & 1
        mask: NDArray[np.bool_] = bits.astype(np.bool_).reshape(-1)[: self._vocabulary]
        return mask

    def take(self, token: int) -> None:
        """Go on with a token that is allowed."""
        if not self._matcher.consume_token(token):
            raise ValueError(f"Token {token} is not allowed here: {self._matcher.get_error()}")

    def could_take(self, tokens: list[int]) -> int:
        """How many of ``tokens`` are allowed in a row from here."""
        return int(self._matcher.validate_tokens(tokens))
