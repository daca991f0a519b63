"""The engine behind a model server: several requests in flight, answers in the order of the jobs, the same whatever else is asked."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from mlcore.answers.form import AnswerForm
from mlcore.errors import ModelServerAnswerError, ModelServerRefused
from mlcore.inference.document_reader import Answer, Job, answer_of
from mlcore.inference.grammar import answer_grammar
from mlcore.inference.remote.probe import COMPLETIONS, Abilities, Asking, weighed_tokens
from mlcore.inference.remote.wire import Told, asked, spans_of, told
from mlcore.inference.tokens import Tokens
from mlcore.rescoring.branches import Branch, Tree

_NO_CHOICE = 9000.0
"""A lead under the grammar that no model has: what a grammar forbids has a log-probability of -9999."""


class ServerEngine:
    """As ``document_reader.Engine``. A failure of one request ends the batch: nothing of it is lost, because nothing of it was kept."""

    def __init__(self, client: Asking, model: str, form: AnswerForm, tokens: Tokens, abilities: Abilities, *, in_flight: int) -> None:
        self._client = client
        self._model = model
        self._form = form
        self._tokens = tokens
        self._abilities = abilities
        self._in_flight = in_flight

    def answers(self, jobs: Sequence[Job]) -> list[Answer]:
        """See ``Engine``. Raises ``ModelServerError``: that of the first job that failed, when all that was in flight has ended."""
        if not jobs:
            return []
        over = threading.Event()

        def answer(job: Job) -> Answer | None:
            if over.is_set():
                return None
            try:
                return self._answer(job)
            except BaseException:
                over.set()
                raise

        with ThreadPoolExecutor(min(self._in_flight, len(jobs)), thread_name_prefix="model-server") as pool:
            asked_for = [pool.submit(answer, job) for job in jobs]
        failed = next((error for one in asked_for if (error := one.exception()) is not None), None)
        if failed is not None:
            raise failed
        return [found for one in asked_for if (found := one.result()) is not None]

    def weigh(self, prompt: Sequence[int], tree: Tree) -> list[float] | None:
        """As ``rescoring.weighing.Score``: a request for each branch with the whole prompt, on servers that weigh given tokens.

        ``None`` for a document that the server refuses, as one that is too long for it. Raises other ``ModelServerError``.
        """

        def weigh(branch: Branch) -> float:
            before = (*prompt, *tree.trunk[: branch.start])
            return sum(weighed_tokens(self._client, self._model, before, branch.tokens).log_probabilities)

        try:
            with ThreadPoolExecutor(self._in_flight, thread_name_prefix="model-server") as pool:
                return list(pool.map(weigh, tree.branches))
        except ModelServerRefused as refused:
            if refused.status not in (400, 422):
                raise
            return None

    def _answer(self, job: Job) -> Answer:
        if self._abilities.grammar:
            try:
                return self._held(job, answer_grammar(self._form, job.page.text))
            except ModelServerRefused as refused:
                if refused.status not in (400, 422):
                    raise  # else: a grammar that the server cannot use, as one document may have; it is read without
        said = self._asked(job)
        if self._abilities.extras and len(said.tokens) == len(said.words):
            return self._of_tokens(said.tokens, said)
        return Answer(said.text, spans_of(said), said.log_probabilities, said.margins, len(said.words), 0, said.cut)

    def _held(self, job: Job, grammar: str) -> Answer:
        """Under a grammar: said once, then weighed without it, in one pass. Where the grammar left no choice the margin is infinite."""
        said = self._asked(job, grammar)
        if len(said.tokens) != len(said.words):
            raise ModelServerAnswerError("The model server told an answer without its token ids; look at its log.")
        free = weighed_tokens(self._client, self._model, tuple(job.prompt), said.tokens)
        margins = tuple(math.inf if held >= _NO_CHOICE else own for held, own in zip(said.margins, free.margins, strict=True))
        return self._of_tokens(said.tokens, replace(free, margins=margins), cut=said.cut)

    def _asked(self, job: Job, grammar: str | None = None) -> Told:
        body = asked(self._model, job.prompt, job.limit, extras=self._abilities.extras, grammar=grammar)
        return told(self._client.post(COMPLETIONS, body))

    def _of_tokens(self, tokens: Sequence[int], weights: Told, *, cut: bool | None = None) -> Answer:
        ended = weights.cut if cut is None else cut
        return answer_of(tokens, weights.log_probabilities, weights.margins, self._tokens, passes=0, cut=ended)
