"""A model server for tests, in a process of its own: ``POST /v1/completions`` and ``GET /v1/models`` as vLLM 0.32 speaks them.

    python -m tests.mlcore.inference.remote.completions_server BASE --model NAME [--adapter WEIGHTS] [--kind vllm|strict|lax]

``vllm`` tells token ids, takes Lark grammars and, as vLLM does, tells log-probabilities after the grammar's mask; ``echo`` weighs a prompt.
``strict`` is the bare API of OpenAI, which refuses fields that it does not know; ``lax`` passes over them. Prints its port when ready.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import torch
from llguidance import LLMatcher, grammar_from
from transformers import DynamicCache

from mlcore.base_model.loading import LoadedBase, load_base
from mlcore.inference.adapters import Adapters
from mlcore.inference.grammar import Grammars, Guide

_OPENAI = {"model", "prompt", "max_tokens", "temperature", "top_p", "n", "seed", "stream", "logprobs", "echo", "stop"}
_LEAST = -9999.0


class Refusal(Exception):
    """A request that is answered with an error of the API."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class Model:
    """One model under one name, which answers one request at a time."""

    def __init__(self, base: LoadedBase, adapter: Path | None, name: str, kind: str) -> None:
        self.name, self.kind, self.base = name, kind, base
        self.lock = threading.Lock()
        self.grammars = Grammars(base.tokenizer, base.model.config.vocab_size)
        if adapter is not None:
            adapters = Adapters(base)
            adapters.load(name, adapter)
            adapters.use(name)
        base.model.eval()

    def complete(self, body: dict[str, Any]) -> dict[str, Any]:
        """The response to a request. Raises ``Refusal``."""
        if body.get("model") != self.name:
            raise Refusal(404, f"The model `{body.get('model')}` does not exist.")
        if self.kind == "strict" and (unknown := sorted(set(body) - _OPENAI)):
            raise Refusal(400, f"Unrecognized request argument supplied: {unknown[0]}")
        known = body if self.kind == "vllm" else {key: value for key, value in body.items() if key in _OPENAI}
        given = known["prompt"]
        prompt = self.base.tokenizer(given, add_special_tokens=False)["input_ids"] if isinstance(given, str) else list(given)
        limit = int(known.get("max_tokens", 16))
        longest = self.base.model.config.max_position_embeddings
        if len(prompt) + limit > longest:
            raise Refusal(400, f"This model's maximum context length is {longest} tokens, you asked for {len(prompt) + limit}.")
        with self.lock, torch.inference_mode():
            return self._answer(known, prompt, limit)

    def _answer(self, body: dict[str, Any], prompt: list[int], limit: int) -> dict[str, Any]:
        guide = self._guide(body)
        cache = DynamicCache()
        logits = self.base.model(torch.tensor([prompt]), past_key_values=cache, use_cache=True).logits[0].float()
        row = logits[-1]
        said: list[int] = []
        rows: list[torch.Tensor] = []
        ended = False
        while len(said) < max(limit, 1) and not ended:  # vLLM says one token where none is wanted, and does not tell it
            if said:
                row = self.base.model(torch.tensor([said[-1:]]), past_key_values=cache, use_cache=True).logits[0, -1].float()
            if guide is not None:
                allowed = torch.from_numpy(guide.allowed())
                row = row[: len(allowed)].masked_fill(~allowed, -torch.inf)
            token = int(row.argmax())
            if guide is not None:
                guide.take(token)
            rows.append(row.log_softmax(-1))
            said.append(token)
            ended = token == self.base.tokenizer.eos_token_id
        if body.get("echo"):
            first = [None, *logits[:-1].log_softmax(-1)]
            shown = [*zip(prompt, first, strict=True), *(zip(said, rows, strict=True) if limit else ())]
            text = self._text(prompt + (said if limit else []))
        else:
            shown, text = list(zip(said, rows, strict=True)), self._text(said[:-1] if ended else said)
        return self._response(body, prompt, text, said, shown, "stop" if ended else "length")

    def _response(
        self, body: dict[str, Any], prompt: list[int], text: str, said: list[int], shown: list[tuple[int, Any]], finish: str
    ) -> dict[str, Any]:
        choice: dict[str, Any] = {"index": 0, "text": text, "logprobs": None, "finish_reason": finish}
        if body.get("logprobs") is not None:
            choice["logprobs"] = self._logprobs(shown, int(body["logprobs"]), ids=bool(body.get("return_tokens_as_token_ids")))
        if body.get("return_token_ids"):
            choice |= {"token_ids": said, "prompt_token_ids": prompt}
        usage = {"prompt_tokens": len(prompt), "completion_tokens": len(said), "total_tokens": len(prompt) + len(said)}
        told = {"id": f"cmpl-{time.monotonic_ns()}", "object": "text_completion", "created": int(time.time()), "model": self.name}
        return {**told, "choices": [choice], "usage": usage}

    def _logprobs(self, shown: list[tuple[int, Any]], most: int, *, ids: bool) -> dict[str, Any]:
        def word(token: int) -> str:
            return f"token_id:{token}" if ids else self._text([token])

        tokens, likely, tops, offsets, offset = [], [], [], [], 0
        for token, row in shown:
            tokens.append(word(token))
            offsets.append(offset)
            offset += len(tokens[-1])
            likely.append(None if row is None else max(float(row[token]), _LEAST))
            best = [] if row is None else [token, *row.topk(most).indices.tolist()]
            tops.append(None if row is None else {word(one): max(float(row[one]), _LEAST) for one in best})
        return {"tokens": tokens, "token_logprobs": likely, "top_logprobs": tops, "text_offset": offsets}

    def _guide(self, body: dict[str, Any]) -> Guide | None:
        wanted = body.get("structured_outputs")
        if wanted is None:
            return None
        matcher = LLMatcher(self.grammars._tokens, grammar_from("lark", wanted["grammar"]))
        if matcher.is_error():
            raise Refusal(400, f"Grammar error: {matcher.get_error()}")
        return Guide(matcher, self.base.model.config.vocab_size)

    def _text(self, tokens: list[int]) -> str:
        text: str = self.base.tokenizer.decode(tokens, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        return text


class Handler(BaseHTTPRequestHandler):
    """The two addresses of the API."""

    protocol_version = "HTTP/1.1"
    model: Model
    left: int
    key: str

    def do_GET(self) -> None:
        """The models."""
        if self.path == "/v1/models":
            self._say(200, {"object": "list", "data": [{"id": self.model.name, "object": "model", "created": 0, "owned_by": "tests"}]})
        else:
            self._say(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        """A completion."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.key and self.headers.get("Authorization") != f"Bearer {self.key}":
            self._say(401, {"error": "Unauthorized"})
            return
        Handler.left -= 1
        if Handler.left < 0:
            os._exit(9)  # as a server that is killed: no answer, no goodbye
        try:
            self._say(200, self.model.complete(json.loads(body)))
        except Refusal as refusal:
            self._say(
                refusal.status, {"error": {"message": str(refusal), "type": "BadRequestError", "param": None, "code": refusal.status}}
            )

    def _say(self, status: int, data: dict[str, Any]) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("base", type=Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--kind", choices=("vllm", "strict", "lax"), default="vllm")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--die-after", type=int, default=sys.maxsize)
    parser.add_argument("--key", default="")
    options = parser.parse_args()
    torch.set_num_threads(1)
    Handler.model = Model(load_base(options.base, "fp32", "cpu"), options.adapter, options.model, options.kind)
    Handler.left, Handler.key = options.die_after, options.key
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
