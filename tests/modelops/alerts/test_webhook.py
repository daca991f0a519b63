"""Webhooks against a real server: what is signed, and where the sender does not go."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from mlcore.alerting.allowlist import AllowedHost, read_entries
from mlcore.alerting.signing import is_signed
from modelops.alerts.errors import DeliveryAway, DeliveryFailed, DeliveryRefused
from modelops.alerts.messages import Message
from modelops.alerts.webhook import MOST_BYTES, post
from tests.modelops.alerts.receiver import Receiver, http_receiver

MESSAGE = Message("alert.opened", "Countersign: too low", "Too low.", {"alerts": [{"id": 3}], "count": 1})
SECRET = "cswh_only-for-tests"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as one:
        yield one


def hosts(*entries: str) -> tuple[AllowedHost, ...]:
    found, faults = read_entries(entries)
    assert faults == []
    return found


def send(receiver: Receiver, *entries: str, url: str = "", **more: Any) -> None:
    post(url or receiver.url, SECRET, MESSAGE, 17, hosts(*(entries or (f"http://127.0.0.1:{receiver.port}",))), **more)


def test_a_message_arrives_signed(receiver: Receiver) -> None:
    send(receiver)
    path, headers, body = receiver.requests[0]
    assert path == "/in"
    assert json.loads(body) == {"event": "alert.opened", "text": "Too low.", "alerts": [{"id": 3}], "count": 1}
    assert is_signed(SECRET, headers["Countersign-Timestamp"], headers["Countersign-Signature"], body, time.time())
    assert (headers["Countersign-Delivery"], headers["Countersign-Event"]) == ("17", "alert.opened")
    assert headers["Host"] == f"127.0.0.1:{receiver.port}"
    assert SECRET not in str(headers) + body.decode()


def test_a_host_that_is_not_named_is_not_called(receiver: Receiver) -> None:
    for entry in ("hooks.example.org", f"http://127.0.0.1:{receiver.port + 1}", f"https://127.0.0.1:{receiver.port}"):
        with pytest.raises(DeliveryRefused, match="COUNTERSIGN_WEBHOOK_HOSTS"):
            send(receiver, entry)
    assert receiver.requests == []


def test_a_named_host_that_leads_inside_is_not_called(receiver: Receiver) -> None:
    url = f"http://localhost:{receiver.port}/in"
    with pytest.raises(DeliveryRefused, match="not public") as caught:
        send(receiver, f"http://localhost:{receiver.port}", url=url)
    assert caught.value.code == "address_not_allowed"
    assert receiver.requests == []
    send(receiver, f"http://localhost:{receiver.port}=127.0.0.0/8+::1/128", url=url)
    assert receiver.requests[0][1]["Host"] == f"localhost:{receiver.port}"


def test_one_address_of_inside_among_public_ones_is_enough_to_refuse(receiver: Receiver) -> None:
    with pytest.raises(DeliveryRefused):
        send(
            receiver,
            f"http://hooks.example.org:{receiver.port}",
            url=f"http://hooks.example.org:{receiver.port}/in",
            resolve=lambda host, port: [ip_address("1.1.1.1"), ip_address("127.0.0.1")],
        )


def test_the_connection_goes_to_the_address_that_was_checked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers otherwise a moment later (DNS rebinding) changes nothing: it is asked once."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: Any, *args: Any, **more: Any) -> Any:
        if host != "hooks.example.org":
            return real(host, *args, **more)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "192.0.2.1", *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    send(receiver, f"http://hooks.example.org:{receiver.port}=127.0.0.1", url=f"http://hooks.example.org:{receiver.port}/in")
    assert len(asked) == 1
    assert receiver.requests[0][1]["Host"] == f"hooks.example.org:{receiver.port}"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answers, receiver.location = [status], receiver.url.replace("/in", "/elsewhere")
    with pytest.raises(DeliveryRefused, match="elsewhere"):
        send(receiver)
    assert [path for path, _, _ in receiver.requests] == ["/in"]


@pytest.mark.parametrize(
    ("status", "kind"), [(500, DeliveryAway), (503, DeliveryAway), (429, DeliveryAway), (404, DeliveryRefused), (401, DeliveryRefused)]
)
def test_what_may_pass_and_what_will_not(receiver: Receiver, status: int, kind: type[DeliveryFailed]) -> None:
    receiver.answers = [status]
    with pytest.raises(kind, match=str(status)):
        send(receiver)


def test_a_server_that_trickles_is_given_up(receiver: Receiver) -> None:
    receiver.slow, receiver.bytes_answered = 0.05, 400
    with pytest.raises(DeliveryAway, match="did not answer within"):
        send(receiver, answer_seconds=0.5)


def test_a_server_that_says_nothing_is_given_up(receiver: Receiver) -> None:
    receiver.slow = 3.0
    receiver.bytes_answered = 400
    with pytest.raises(DeliveryAway, match="did not answer within"):
        send(receiver, answer_seconds=0.3)


def test_an_endless_answer_is_not_read(receiver: Receiver) -> None:
    receiver.bytes_answered = MOST_BYTES * 50
    send(receiver)
    assert len(receiver.requests) == 1


def test_nobody_there(receiver: Receiver) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(DeliveryAway, match="takes no connection"):
        send(receiver, f"http://127.0.0.1:{port}", url=f"http://127.0.0.1:{port}/in")


def test_a_proxy_of_the_environment_is_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    send(receiver)
    assert len(receiver.requests) == 1
