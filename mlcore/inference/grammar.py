"""What a model may say about a document: the form of an answer, filled with words of the page and nothing else.

The grammar is ``llguidance``'s. A value is a run of words as they stand on the page, so an answer can neither fail to parse nor hold a
number that is not printed; a date, an amount or a code is one that can be one (``sayable``). A text may be put together from several
runs, because descriptions wrap around other columns.

Once the description of a line item has been said, the grammar is made anew for the rest of the answer: the item's other values are of
the rows around the description, and later items begin further down (``item_rows``). So a model that has lost its place neither repeats an
item nor takes the price of another one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from llguidance import LLMatcher, LLParserLimits, LLTokenizer, grammar_from
from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask
from numpy.typing import NDArray

from mlcore.answers.form import HERE, AnswerForm, BegunItem, ItemRest
from mlcore.inference.item_rows import ItemPlace, place_of, rows_of
from mlcore.inference.sayable import certain, chunks_of, may_be, sayable
from mlcore.schema import ValueKind

Tested = Callable[[str, ValueKind], bool]

MOST_PIECES = 8
"""Runs of words that one value is put together from at the most, so that a value ends even if the model would go on."""

LIMITS = LLParserLimits(
    initial_lexer_fuel=5_000_000, step_lexer_fuel=1_000_000, step_max_items=250_000, max_grammar_size=2_500_000, verbose_errors=False
)
"""Five times what the library allows by itself, which crowded pages exceed; by its own figures a step takes 70 ms at the most. Its verbose
errors would tell the text of the page."""


def answer_grammar(form: AnswerForm, text: str, tested: Tested = may_be) -> str:
    """Lark text for answers about ``text`` (``PageText.text``); ``tested`` as in ``sayable``."""
    kinds = sayable(text, tested)
    return "\n".join([form.grammar(kinds), *_text(form, text), *_values(form, kinds)]) + "\n"


def rest_grammar(form: AnswerForm, rest: ItemRest, begun: BegunItem, place: ItemPlace, tested: Tested = may_be) -> str:
    """Lark text for the rest of an answer in which an item has begun at ``place``; ``tested`` as in ``sayable``."""
    here, below = sayable(place.here, tested), sayable(place.below, tested)
    more = chunks_of(place.below)
    going_on = rest.grammar(begun, here, certain(place.own) & here.keys(), below if more else None)
    later = [*_text(form, place.below), *_values(form, below)] if more else []
    return "\n".join([going_on, *_values(form, here, HERE), *later]) + "\n"


def _text(form: AnswerForm, text: str) -> list[str]:
    chunks = [form.escaped(chunk) for chunk in chunks_of(text)]
    return [f'TEXT: PIECE ( " " PIECE ){{0,{MOST_PIECES - 1}}}', f"PIECE: %regex {json.dumps({'substring_chunks': chunks})}"]


def _values(form: AnswerForm, kinds: Mapping[ValueKind, Sequence[str]], suffix: str = "") -> list[str]:
    return [f"{kind.name}{suffix}: {' | '.join(json.dumps(form.escaped(run)) for run in runs)}" for kind, runs in kinds.items()]


class Grammars:
    """Grammars over one tokenizer; preparing the tokenizer takes half a second, a document's grammar milliseconds."""

    def __init__(self, tokenizer: Any, vocabulary: int, limits: LLParserLimits = LIMITS) -> None:
        backend = tokenizer.backend_tokenizer
        self._tokens = LLTokenizer(backend.to_str(), n_vocab=vocabulary, eos_token=tokenizer.eos_token_id)
        special = {token.content for token in backend.get_added_tokens_decoder().values() if token.special}
        self._special = re.compile("|".join(map(re.escape, sorted(special, key=len, reverse=True)))) if special else None
        self._vocabulary = vocabulary
        self._limits = limits

    def guide(self, form: AnswerForm, text: str, *, by_rows: bool = True) -> Guide:
        """A guide for one answer about ``text``; without ``by_rows`` the grammar stays as it is at the beginning.

        What spells a special token of the tokenizer (``<|im_end|>`` printed on a page) cannot be said: where it would have to come next,
        the tokenizer makes the special token of it, which is no text and which the grammar then refuses.
        """
        if self._special is not None:
            text = self._special.sub(" ", text)
        if form.rest is None or not by_rows:
            return Guide(self.matcher(answer_grammar(form, text)), self._vocabulary)
        return RowsGuide(self, self._vocabulary, form, form.rest, text)

    def matcher(self, grammar: str) -> LLMatcher:
        """A matcher at the beginning of a grammar."""
        made = LLMatcher(self._tokens, grammar_from("lark", grammar), log_level=0, limits=self._limits)
        if made.is_error() and not _is_over(made):
            raise ValueError(f"The grammar is wrong: {made.get_error()}")
        return made

    def bytes_of(self, token: int) -> bytes:
        """What a token says, in UTF-8."""
        said: bytes = self._tokens.decode_bytes([token])
        return said


_OVER = ("lexer error", "too many", "too large", "too big", "fuel", "limit")


def _is_over(matcher: LLMatcher) -> bool:
    """Whether a matcher gave up because of ``LIMITS``; it stays so."""
    error = matcher.get_error()
    return bool(matcher.is_error()) and any(sign in error for sign in _OVER)


class Guide:
    """Follows one answer token by token. A page that is too much for the grammar ends it early, which is no error (``cut``)."""

    def __init__(self, matcher: LLMatcher, vocabulary: int) -> None:
        self._matcher = matcher
        self._vocabulary = vocabulary
        self._bits = allocate_token_bitmask(1, vocabulary)
        self._shifts = np.arange(32, dtype=np.uint32)

    def ended(self) -> bool:
        """Whether the answer has ended, or cannot go on."""
        return bool(self._matcher.is_stopped())

    def cut(self) -> bool:
        """Whether the answer has not come to its end."""
        return not self.ended() or bool(self._matcher.is_error())

    def take_forced(self, most: int) -> list[int]:
        """Go on with the tokens that must come next, as far as there is no choice, and say which they are."""
        taken: list[int] = []
        while not self.ended() and (forced := self._matcher.compute_ff_tokens()[: most - len(taken)]):
            matcher = self._matcher
            for token in forced:
                self.take(token)
                taken.append(token)
                if self._matcher is not matcher:
                    break
        return taken

    def allowed(self) -> NDArray[np.bool_]:
        """For each token of the vocabulary whether it may come next."""
        fill_next_token_bitmask(self._matcher, self._bits)
        bits = self._bits.view(np.uint32)[0][:, None] >> self._shifts & 1
        mask: NDArray[np.bool_] = bits.astype(np.bool_).reshape(-1)[: self._vocabulary]
        return mask

    def take(self, token: int) -> None:
        """Go on with a token that is allowed."""
        if not self._matcher.consume_token(token) and not _is_over(self._matcher):
            raise ValueError(f"Token {token} is not allowed here: {self._matcher.get_error()}")

    def could_take(self, tokens: list[int]) -> int:
        """How many of ``tokens`` are allowed in a row by what is known here; on the way some of them may come to be forbidden."""
        return int(self._matcher.validate_tokens(tokens))


class RowsGuide(Guide):
    """Holds each line item to the rows that it stands on, as soon as its description has been said."""

    def __init__(self, grammars: Grammars, vocabulary: int, form: AnswerForm, rest: ItemRest, text: str) -> None:
        self._tested = cache(may_be)  # every item asks about the rest of the same page
        super().__init__(grammars.matcher(answer_grammar(form, text, self._tested)), vocabulary)
        self._grammars = grammars
        self._form = form
        self._rest = rest
        self._rows = rows_of(text)
        self._next_row = 0
        self._said = b""
        self._item = -1

    def take(self, token: int) -> None:
        """As ``Guide``."""
        super().take(token)
        self._said += self._grammars.bytes_of(token)
        begun = self._rest.begun(self._said.decode("utf-8", "replace")) if not self.ended() else None
        if begun is None or begun.start == self._item:
            return
        self._item = begun.start
        place = place_of(begun.description, self._rows, self._next_row)
        if place is not None:
            self._matcher = self._grammars.matcher(rest_grammar(self._form, self._rest, begun, place, self._tested))
            self._next_row = place.next_row
