"""Every way in which a server fails has its own error: what was seen, the limit, the remedy, and whether it may pass."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from mlcore.errors import ModelServerAnswerError, ModelServerAway, ModelServerError, ModelServerRefused
from mlcore.inference.remote.client import MOST_BYTES, WAITS, Client
from mlcore.inference.remote.server import KEY_VARIABLE, ModelServer
from mlcore.inference.remote.wire import last, spans_of, told

Answer = Callable[[socket.socket], None]
Faulty = Callable[[Answer], str]

_GOOD = b'{"choices": []}'


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    """``faulty(answer)``: the address of a real socket whose connections ``answer`` serves, after the request has come."""
    listening: list[socket.socket] = []

    def begin(answer: Answer) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        listening.append(server)

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(65536)
                    answer(connection)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}"

    yield begin
    for one in listening:
        one.shutdown(socket.SHUT_RDWR)
        one.close()


def _says(status: str, body: bytes = _GOOD, *headers: str, length: int | None = None) -> Answer:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close", *headers])

    def answer(connection: socket.socket) -> None:
        connection.sendall(head.encode() + b"\r\n\r\n" + body)

    return answer


def _asked(url: str, pauses: list[float], timeout: float = 5.0) -> ModelServerError:
    client = Client(ModelServer(url, timeout=timeout), key="secret-key", wait=pauses.append)
    with pytest.raises(ModelServerError) as failed:
        client.post("/v1/completions", {"prompt": "a document"})
    assert "a document" not in str(failed.value)
    assert "secret-key" not in str(failed.value)
    return failed.value


@pytest.mark.parametrize(
    ("answer", "kind", "told_of"),
    [
        (_says("500 Internal Server Error"), ModelServerAway, "answered 500"),
        (_says("503 Service Unavailable"), ModelServerAway, "busy or failing"),
        (_says("429 Too Many Requests"), ModelServerAway, "fewer requests"),
        (_says("200 OK", _GOOD[:7], length=len(_GOOD)), ModelServerAway, "broke"),
        (_says("200 OK", _GOOD[:7]), ModelServerAnswerError, "7 bytes that are no JSON"),
        (_says("200 OK", b"<html>"), ModelServerAnswerError, "no JSON"),
        (_says("302 Found", b"", "Location: http://example.org/"), ModelServerRefused, "sends requests elsewhere"),
        (_says("401 Unauthorized", b'{"error": {"message": "no key"}}'), ModelServerRefused, r"401 \(no key\)\. Set the server's key"),
        (_says("404 Not Found", b'{"error": {"message": "no such model"}}'), ModelServerRefused, r"\(no such model\).*--lora-modules"),
        (_says("400 Bad Request", b'{"detail": 5}'), ModelServerRefused, "refused a request with 400"),
        (lambda connection: None, ModelServerAway, "broke"),
    ],
)
def test_each_failure_has_its_error(faulty: Faulty, answer: Answer, kind: type[ModelServerError], told_of: str) -> None:
    pauses: list[float] = []
    failed = _asked(faulty(answer), pauses)
    assert type(failed) is kind
    with pytest.raises(kind, match=told_of):
        raise failed
    assert pauses == (list(WAITS) if failed.retryable else [])


def test_what_passes_is_no_failure(faulty: Faulty) -> None:
    answers = [_says("503 Service Unavailable", b"", "Retry-After: 4"), _says("200 OK", b"{"), _says("200 OK", b'{"fine": 1}')]
    pauses: list[float] = []
    url = faulty(lambda connection: answers.pop(0)(connection))
    assert Client(ModelServer(url), key="", wait=pauses.append).post("/v1/completions", {}) == {"fine": 1}
    assert pauses == [4.0, WAITS[1]]


def test_nobody_listens() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    failed = _asked(f"http://127.0.0.1:{port}", [])
    assert type(failed) is ModelServerAway
    assert "No model server answers at" in str(failed)
    assert str(port) in str(failed)


def test_no_answer_and_a_trickle_end_at_the_limit(faulty: Faulty) -> None:
    silent = threading.Event()

    def trickle(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not silent.wait(0.05):
            try:
                connection.sendall(b" ")
            except OSError:
                return

    def nothing(connection: socket.socket) -> None:
        silent.wait(20)

    for answer in (nothing, trickle):
        failed = _asked(faulty(answer), [], timeout=0.3)
        assert type(failed) is ModelServerAway
        assert "within 0.3 s" in str(failed)
    silent.set()


def test_an_endless_answer_is_left(faulty: Faulty) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        try:
            while True:
                connection.sendall(b" " * 2**20)
        except OSError:
            return

    failed = _asked(faulty(endless), [], timeout=30.0)
    assert f"longer than {MOST_BYTES // 2**20} MB" in str(failed)


def test_proxies_and_keys_of_the_environment(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv(KEY_VARIABLE, "from-the-environment")
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            heard.append(connection.recv(65536))
            _says("200 OK", b"[]")(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    assert Client(ModelServer(f"http://127.0.0.1:{server.getsockname()[1]}/v1/")).get("/v1/models") == []
    thread.join()
    server.close()
    assert heard[0].startswith(b"GET /v1/models HTTP/1.1\r\n")
    assert b"authorization: bearer from-the-environment" in heard[0].lower()


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schl\u00fcssel"])
def test_a_key_that_is_none_is_not_repeated(key: str) -> None:
    with pytest.raises(ModelServerRefused) as refused:
        Client(ModelServer("http://127.0.0.1"), key=key)
    assert key not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8000", "ftp://host", "http://", "http://host:99999", "http://me:pw@host", "http://host?x=1", "http://ho st"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ModelServerRefused) as refused:
        ModelServer(url)
    assert "pw" not in str(refused.value)


def test_faults_of_a_configuration_come_together() -> None:
    with pytest.raises(ModelServerRefused, match=r"(?s)Give the address.*timeout of 0.*0 requests"):
        ModelServer("host", timeout=0, in_flight=0)


def _choice(**changed: object) -> dict[str, object]:
    logs = {
        "tokens": ["a", "b"],
        "token_logprobs": [-0.5, -1.0],
        "top_logprobs": [{"a": -0.5, "c": -2.0}, {"b": -1.0}],
        "text_offset": [7, 8],
    }
    return {"choices": [{"text": "ab", "finish_reason": "length", "logprobs": logs, **changed}]}


def test_an_answer_is_understood_as_the_api_gives_it() -> None:
    found = told(_choice())
    assert (found.text, found.cut, found.log_probabilities, found.margins) == ("ab", True, (-0.5, -1.0), (1.5, 0.0))
    assert spans_of(found) == ((0, 1), (1, 2))
    assert told(json.loads(json.dumps(_choice(text="a\ud800")))).text == "a\ufffd"


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"choices": []},
        {"choices": [None]},
        _choice(text=None),
        _choice(logprobs=None),
        _choice(logprobs={"tokens": ["a"], "token_logprobs": []}),
        _choice(logprobs={"tokens": ["a"], "token_logprobs": [float("nan")]}),
        _choice(logprobs={"tokens": [1], "token_logprobs": [-1.0]}),
    ],
)
def test_what_is_no_completion_is_an_error_of_its_own(body: object) -> None:
    with pytest.raises(ModelServerAnswerError):
        told(body)


def test_weights_that_are_missing_are_an_error() -> None:
    assert last(told(_choice()), 1, 1).log_probabilities == (-1.0,)
    with pytest.raises(ModelServerAnswerError, match="weighed 2 of 3"):
        last(told(_choice()), 1, 2)
