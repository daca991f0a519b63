"""Carries requests to one model server over HTTP, and says in designed errors why one failed. The only module that speaks HTTP.

A request goes to the configured host and nowhere else: redirects are errors, and proxies of the environment are not asked. What may
pass (a refused connection, a timeout, a server that is busy or failing, a body cut short) is tried again a bounded number of times.
"""

from __future__ import annotations

import json
import logging
import os
import time
import weakref
from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from mlcore.errors import ModelServerAnswerError, ModelServerAway, ModelServerError, ModelServerRefused
from mlcore.inference.remote.server import KEY_VARIABLE, ModelServer, checked_key

logger = logging.getLogger(__name__)

WAITS = (0.5, 2.0)
"""Seconds before the second and the third attempt."""
LONGEST_WAIT = 10.0
"""Of what a busy server asks for in ``Retry-After``, in seconds."""
MOST_BYTES = 32 * 1024 * 1024
"""Of a response; an answer with its log-probabilities takes some hundred KB."""
_CONNECT = 5.0
_SHOWN = 300
_PASSING = frozenset({408, 425, 429})


class Client:
    """Requests to a server, from several threads at a time. ``wait`` is how the pauses between attempts are spent."""

    def __init__(self, server: ModelServer, *, key: str | None = None, wait: Callable[[float], object] = time.sleep) -> None:
        """``key`` is ``$COUNTERSIGN_MODEL_SERVER_KEY`` unless given. Raises ``ModelServerRefused``."""
        given = checked_key(os.environ.get(KEY_VARIABLE, "") if key is None else key)
        self._server = server
        self._wait = wait
        self._http = httpx2.Client(
            headers={"Authorization": f"Bearer {given}"} if given else {},
            timeout=httpx2.Timeout(server.timeout, connect=min(_CONNECT, server.timeout)),
            limits=httpx2.Limits(max_connections=server.in_flight),
            follow_redirects=False,
            trust_env=False,
        )
        weakref.finalize(self, self._http.close)  # a reader that is put aside leaves no connection open

    def get(self, path: str) -> Any:
        """The JSON at ``path``. Raises ``ModelServerError``."""
        return self._tried("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON that answers ``body``. Raises ``ModelServerError``."""
        return self._tried("POST", path, json.dumps(body, separators=(",", ":")).encode())

    def _tried(self, method: str, path: str, content: bytes | None) -> Any:
        for pause in WAITS:
            try:
                return self._once(method, path, content)
            except ModelServerError as error:
                if not error.retryable:
                    raise
                logger.warning("%s %s: %s; tried again", method, path, error.code)
                self._wait(max(pause, min(error.wait, LONGEST_WAIT)))
        return self._once(method, path, content)

    def _once(self, method: str, path: str, content: bytes | None) -> Any:
        where, limit = self._server.base, self._server.timeout
        headers = {"Content-Type": "application/json"} if content is not None else {}
        try:
            with self._http.stream(method, where + path, content=content, headers=headers) as response:
                body = _whole(response, time.monotonic() + limit)
        except (httpx2.TimeoutException, _TooSlow) as error:
            raise ModelServerAway(
                f"The model server at {where} did not answer within {limit:g} s. It is overloaded or hangs; look at its log and load, or "
                "give it fewer requests at a time."
            ) from error
        except httpx2.ConnectError as error:
            raise ModelServerAway(
                f"No model server answers at {where} ({error}). Start it, or correct the address (docs/operations.md)."
            ) from error
        except httpx2.TransportError as error:
            raise ModelServerAway(
                f"The connection to the model server at {where} broke ({type(error).__name__}). It was stopped, or cut it; look at its log."
            ) from error
        except httpx2.DecodingError as error:
            raise ModelServerAnswerError(
                f"The answer of {where} is packed so that it cannot be opened; look at what lies between."
            ) from error
        if response.status_code != 200:
            raise _refusal(where, response, body)
        try:
            return json.loads(body)
        except ValueError as error:
            raise ModelServerAnswerError(
                f"{where}{path} answered {len(body)} bytes that are no JSON: cut short, or not from a model server. Check the address and "
                "what lies between."
            ) from error


class _TooSlow(Exception):
    """The time for one answer is over, though bytes still come."""


def _whole(response: httpx2.Response, deadline: float) -> bytes:
    parts = bytearray()
    for part in response.iter_bytes():
        parts += part
        if len(parts) > MOST_BYTES:
            raise ModelServerAnswerError(
                f"The answer is longer than {MOST_BYTES // 2**20} MB, which no completion is; check that the address is a model server's."
            )
        if time.monotonic() > deadline:
            raise _TooSlow
    return bytes(parts)


def _refusal(where: str, response: httpx2.Response, body: bytes) -> ModelServerError:
    status = response.status_code
    if status >= 500 or status in _PASSING:
        wait = response.headers.get("retry-after", "")
        return ModelServerAway(
            f"The model server at {where} answered {status}. It is busy or failing; look at its log, or give it fewer requests.",
            wait=float(wait) if wait.isdecimal() else 0.0,
        )
    if 300 <= status < 400:
        return ModelServerRefused(
            f"{where} sends requests elsewhere ({status}); documents go to the configured host alone. Configure the address it points to.",
            status,
        )
    remedy = {
        401: f"Set the server's key in {KEY_VARIABLE}.",
        403: f"Set a key in {KEY_VARIABLE} that may use the model.",
        404: "Check the address, and that the server serves a model of that name (vLLM: --lora-modules NAME=DIRECTORY).",
    }.get(status, "Change what it names, and start the server again.")
    return ModelServerRefused(f"The model server at {where} refused a request with {status}{_said(body)}. {remedy}", status)


def _said(body: bytes) -> str:
    """What an error of the API says, in brackets. It may quote a document: the error is shown to who asked, and logged nowhere."""
    try:
        data = json.loads(body)
        error = data.get("error", data)
        message = error.get("message") if isinstance(error, Mapping) else error
    except (ValueError, AttributeError):
        message = None
    return f" ({message[:_SHOWN]})" if isinstance(message, str) and message else ""
