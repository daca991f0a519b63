"""The completions API as text: what is asked, and what an answer says. Pure.

Only what the API itself has is needed. ``Extras`` are of vLLM: token ids beside texts, and a grammar (``structured_outputs.grammar``, in
the Lark syntax of llguidance, which vLLM's backend ``guidance`` takes; before vLLM 0.12 it was called ``guided_grammar``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mlcore.errors import ModelServerAnswerError

TOP = 2
"""Likeliest tokens that are told at each place: the best one and the one that it was preferred to."""
_HALF = re.compile("[\ud800-\udfff]")
_AGAIN = "Look at the server's log; the API is that of POST /v1/completions with logprobs."


@dataclass(frozen=True, slots=True)
class Told:
    """One completion. ``tokens`` and ``prompt`` are ids, empty where the server does not tell them.

    ``words`` are the tokens as texts, ``offsets`` where each begins in ``text``; ``log_probabilities`` and ``margins`` (how much likelier
    a token was than the best other) have one entry for each. ``prompt_tokens`` is a count, 0 when it is not told.
    """

    text: str
    tokens: tuple[int, ...]
    prompt: tuple[int, ...]
    words: tuple[str, ...]
    offsets: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    margins: tuple[float, ...]
    prompt_tokens: int
    cut: bool


def asked(model: str, prompt: str | Sequence[int], limit: int, *, extras: bool, grammar: str | None = None) -> dict[str, Any]:
    """Body of a request: the likeliest answer of at most ``limit`` tokens. A grammar is an extra."""
    body: dict[str, Any] = {
        "model": model,
        "prompt": prompt if isinstance(prompt, str) else list(prompt),
        "max_tokens": limit,
        "temperature": 0,
        "top_p": 1,
        "n": 1,
        "seed": 0,
        "stream": False,
        "logprobs": TOP,
    }
    if extras or grammar is not None:
        body |= {"return_token_ids": True, "return_tokens_as_token_ids": True, "add_special_tokens": False, "repetition_penalty": 1.0}
    if grammar is not None:
        body["structured_outputs"] = {"grammar": grammar}
    return body


def weighed(model: str, tokens: Sequence[int]) -> dict[str, Any]:
    """Body of a request that says how likely the model holds each of ``tokens``, without any grammar, and answers nothing."""
    return asked(model, tokens, 0, extras=True) | {"echo": True}


def told(body: object) -> Told:
    """What a response says. Raises ``ModelServerAnswerError``."""
    try:
        return _told(body)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise ModelServerAnswerError(f"The model server's answer is no completion ({type(error).__name__}: {error}). {_AGAIN}") from error


def _told(body: Any) -> Told:
    choice = body["choices"][0]
    text = _HALF.sub("\ufffd", _string(choice["text"]))
    logs = choice.get("logprobs")
    if not isinstance(logs, Mapping) or logs.get("token_logprobs") is None:
        raise ModelServerAnswerError(
            "The model server tells no log-probabilities, and without them nothing says how sure the model is. Serve the model with a "
            "server whose completions have logprobs.token_logprobs, for example vLLM."
        )
    words = tuple(_string(word) for word in logs["tokens"])
    likely = tuple(_number(number) for number in logs["token_logprobs"])
    tops = logs.get("top_logprobs") or [None] * len(words)
    offsets = logs.get("text_offset") or [0] * len(words)
    tokens = tuple(int(token) for token in choice.get("token_ids") or ())
    if not len(words) == len(likely) == len(tops) == len(offsets):
        raise ValueError(f"{len(words)} tokens, {len(likely)} log-probabilities, {len(tops)} tops, {len(offsets)} offsets")
    usage = body.get("usage") or {}
    return Told(
        text,
        tokens,
        tuple(int(token) for token in choice.get("prompt_token_ids") or ()),
        words,
        tuple(int(offset) for offset in offsets),
        likely,
        tuple(_margin(word, own, top) for word, own, top in zip(words, likely, tops, strict=True)),
        int(usage.get("prompt_tokens") or 0),
        choice.get("finish_reason") == "length",
    )


def last(answer: Told, before: int, count: int) -> Told:
    """Of an answer that repeats its prompt, what is told of the ``count`` tokens after the first ``before``.

    A server may say a token more than it was asked for. Raises ``ModelServerAnswerError`` when it tells fewer.
    """
    if len(answer.log_probabilities) < before + count:
        raise ModelServerAnswerError(f"The model server weighed {len(answer.log_probabilities)} of {before + count} tokens. {_AGAIN}")
    own = slice(before, before + count)
    return replace(
        answer,
        words=answer.words[own],
        offsets=answer.offsets[own],
        log_probabilities=answer.log_probabilities[own],
        margins=answer.margins[own],
    )


def spans_of(answer: Told) -> tuple[tuple[int, int], ...]:
    """The characters of the text that each token has a part in, as far as the offsets tell. An end sign has none."""
    first = answer.offsets[0] if answer.offsets else 0
    starts = [min(max(offset - first, 0), len(answer.text)) for offset in answer.offsets]
    return tuple((start, max(start, end)) for start, end in zip(starts, [*starts[1:], len(answer.text)], strict=True))


def _margin(word: str, own: float, top: Mapping[str, Any] | None) -> float:
    """0 where no other token is told: a lead that nobody knows is none."""
    others = [_number(number) for other, number in (top or {}).items() if other != word]
    return own - max(others) if others else 0.0


def _number(value: Any) -> float:
    """The first token of a prompt has no log-probability: it is the one that was given."""
    if value is None:
        return 0.0
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"a log-probability of {number}")
    return number


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text is {type(value).__name__}")
    return value
