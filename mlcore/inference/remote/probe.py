"""Asks a server once what it can do, before any document is sent to it: so that a wrong name or base is told at the start.

What a server can do is a fact of the whole process afterwards; no document changes how the next one is asked.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any, Protocol

from mlcore.answers.form import AnswerForm
from mlcore.errors import ModelServerAnswerError, ModelServerRefused
from mlcore.inference.remote.wire import Told, asked, last, told, weighed
from mlcore.inference.tokens import Tokens
from mlcore.prompts import build_prompt

logger = logging.getLogger(__name__)

COMPLETIONS, MODELS = "/v1/completions", "/v1/models"
ENGINES = ("completions+grammar", "completions")
"""Names of what reads through a server, with and without a grammar."""
_PAGE = "Apex 1"
_FIRST, _THEN = "Countersign", "holds"
_GRAMMAR = f'start: "{_FIRST}" PIECE\nPIECE: %regex {json.dumps({"substring_chunks": [" ", _THEN]})}\n'
"""What no model says by itself, in all of the syntax that the grammars of documents use."""
_ROOM = 32


class Asking(Protocol):
    """What is needed of ``client.Client``."""

    def get(self, path: str) -> Any:
        """The JSON at ``path``."""
        ...

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """The JSON that answers ``body``."""
        ...


@dataclass(frozen=True, slots=True)
class Abilities:
    """``extras``: tells token ids (vLLM). ``grammar``: holds answers to a grammar, and weighs tokens without it."""

    extras: bool
    grammar: bool

    @property
    def name(self) -> str:
        """Part of the name of what reads: with and without a grammar other values may be read."""
        return ENGINES[0 if self.grammar else 1]


def abilities(client: Asking, model: str, form: AnswerForm, tokens: Tokens) -> Abilities:
    """What the server can do with ``model``. Raises ``ModelServerError``: also for an unknown name and for another tokenizer."""
    _find(client, model)
    prompt = build_prompt(_PAGE, form)
    try:
        first = told(client.post(COMPLETIONS, asked(model, prompt, 1, extras=True)))
        plain = False
    except ModelServerRefused as refused:
        if refused.status not in (400, 422):
            raise
        first, plain = told(client.post(COMPLETIONS, asked(model, prompt, 1, extras=False))), True
    _compare(first, tokens.encode(prompt), model)
    extras = not plain and bool(first.tokens and first.prompt)
    found = Abilities(extras, extras and _obeys(client, model, prompt) and _weighs(client, model, first))
    logger.info("The model server answers %s as %s", model, found.name)
    return found


def _find(client: Asking, model: str) -> None:
    """A server without a list of its models says at the first answer that it has none of the name."""
    try:
        data = client.get(MODELS)
        names = [str(entry["id"]) for entry in data["data"]]
    except (ModelServerRefused, KeyError, TypeError):
        return
    if model not in names:
        raise ModelServerRefused(
            f"The model server serves no {model!r}; it serves {', '.join(names[:10]) or 'nothing'}. Start it with the adapter under that "
            "name (vLLM: --lora-modules NAME=DIRECTORY), or set COUNTERSIGN_MODEL_SERVER_MODEL to the name that it has."
        )


def _compare(first: Told, own: list[int], model: str) -> None:
    """Another tokenizer is another base, on which an adapter answers nonsense. Servers that tell no ids may add a sign at the start."""
    same = list(first.prompt) == own if first.prompt else first.prompt_tokens in (0, len(own), len(own) + 1)
    if not same:
        raise ModelServerRefused(
            f"The server cuts a text into {len(first.prompt) or first.prompt_tokens} other tokens than the base of {model} ({len(own)}): "
            "it serves another base model. Serve the one that the adapter was trained on (python -m mlcore inspect says which)."
        )


def _obeys(client: Asking, model: str, prompt: str) -> bool:
    """A grammar that is refused, ignored or misunderstood is none."""
    try:
        answer = told(client.post(COMPLETIONS, asked(model, prompt, _ROOM, extras=True, grammar=_GRAMMAR)))
    except ModelServerRefused as refused:
        logger.warning("The model server takes no grammars (%s); answers are not held to words of the page", refused.status)
        return False
    obeyed = answer.text.startswith(_FIRST) and answer.text.removeprefix(_FIRST) in ("", " ", _THEN, f" {_THEN}")
    if not obeyed:
        logger.warning("The model server ignores grammars; answers are not held to words of the page")
    return obeyed


def _weighs(client: Asking, model: str, first: Told) -> bool:
    """Under a grammar a server may tell log-probabilities of what the grammar leaves; those of the free model are asked for."""
    try:
        weighed_tokens(client, model, first.prompt, first.tokens)
    except (ModelServerRefused, ModelServerAnswerError):
        logger.warning("The model server weighs no given tokens (echo), so no grammar is used: nothing would say how sure the model is")
        return False
    return True


def weighed_tokens(client: Asking, model: str, prompt: tuple[int, ...], tokens: tuple[int, ...]) -> Told:
    """``tokens`` after ``prompt`` as the free model holds them; the lists are those of ``tokens``. Raises ``ModelServerError``."""
    return last(told(client.post(COMPLETIONS, weighed(model, (*prompt, *tokens)))), len(prompt), len(tokens))
