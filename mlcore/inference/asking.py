"""What a model is asked for one answer: the prompt, the grammar of its page, and who guesses how the answer goes on. Imports torch."""

from __future__ import annotations

from enum import StrEnum

from mlcore.answers.form import AnswerForm
from mlcore.base_model.loading import LoadedBase
from mlcore.inference.ahead import Ahead
from mlcore.inference.decoding import Asked
from mlcore.inference.grammar import Grammars
from mlcore.inference.guessing import PageGuesses
from mlcore.inference.lookup import Lookup
from mlcore.inference.tokens import LoadedTokens
from mlcore.page_text import PageText


class Guesses(StrEnum):
    """Who guesses: nobody, the prompt (what followed the same tokens there), or the page as well, as it serves."""

    NONE = "none"
    PROMPT = "prompt"
    PAGE = "page"


class Asking:
    """For one base and one answer form. ``by_rows`` as in ``Grammars.guide``."""

    def __init__(self, base: LoadedBase, form: AnswerForm, *, by_rows: bool = True) -> None:
        self.tokens = LoadedTokens(base.tokenizer)
        self._form = form
        self._by_rows = by_rows
        self._grammars = Grammars(base.tokenizer, base.model.config.vocab_size)
        self._stops = frozenset(self.tokens.encode("\t\n"))

    def asked(self, page: PageText, prompt: list[int], limit: int, guesses: Guesses = Guesses.PAGE) -> Asked:
        """An answer of at most ``limit`` tokens about ``page`` is wanted after ``prompt``."""
        guide = self._grammars.guide(self._form, page.text, by_rows=self._by_rows)
        if guesses is Guesses.NONE:
            return Asked(prompt, guide, limit)
        lookup = Lookup(prompt, self._stops)
        if guesses is Guesses.PROMPT:
            return Asked(prompt, guide, limit, lookup)
        return Asked(prompt, guide, limit, PageGuesses(Ahead(page, self._form), lookup, guide, self.tokens.encode, self.tokens.decode))
