"""Sending a signed message to an allowlisted host. The only module of modelops that speaks HTTP, and only workers import it.

What keeps it out of the network it stands in: the address must be one of ``COUNTERSIGN_WEBHOOK_HOSTS``; the name is resolved once, every
address that it has must be public (or named in the entry), and the connection goes to that very address, so that a name which answers
otherwise a moment later changes nothing; redirects and proxies are not followed; an answer is read up to ``MOST_BYTES`` and kept nowhere.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address

import httpx2

from mlcore.alerting.allowlist import PORTS, Address, AllowedHost, Target, target_of
from mlcore.alerting.signing import DELIVERY, EVENT, SIGNATURE, TIMESTAMP, sign
from modelops.alerts.errors import DeliveryAway, DeliveryRefused
from modelops.alerts.messages import Message

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
MOST_BYTES = 64 * 1024
"""Of an answer; nothing of it is used."""
_PASSING = frozenset({408, 425, 429})

Resolve = Callable[[str, int], Sequence[Address]]


def addresses_of(host: str, port: int) -> list[Address]:
    """Every address of a name. Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


def post(
    url: str,
    secret: str,
    message: Message,
    delivery_id: int,
    hosts: Sequence[AllowedHost],
    *,
    resolve: Resolve = addresses_of,
    answer_seconds: float = ANSWER_SECONDS,
) -> None:
    """Send a message, signed for now. Raises ``DeliveryFailed``; returns once the receiver has said that it took it (2xx)."""
    try:
        target = target_of(url, hosts)
    except ValueError as error:
        raise DeliveryRefused("not_allowed", str(error)) from error
    address = _checked_address(target.allowed, resolve)
    body, now = message.body(), int(time.time())
    headers = {
        "Host": _host_header(target.allowed),
        "Content-Type": "application/json",
        "User-Agent": "Countersign",
        "Accept-Encoding": "identity",
        TIMESTAMP: str(now),
        SIGNATURE: sign(secret, now, body),
        DELIVERY: str(delivery_id),
        EVENT: message.event,
    }
    _judge(_status(target, address, headers, body, answer_seconds))


def _checked_address(allowed: AllowedHost, resolve: Resolve) -> Address:
    try:
        found = resolve(allowed.host, allowed.port)
    except (OSError, ValueError) as error:
        raise DeliveryAway(
            "no_such_name", f"The name {allowed.host} leads nowhere just now. Correct it, or look at the name server."
        ) from error
    if not found or not all(allowed.may_be_at(address) for address in found):
        raise DeliveryRefused(
            "address_not_allowed",
            f"{allowed.host} leads to an address that is not public. If that is meant, name it in COUNTERSIGN_WEBHOOK_HOSTS "
            f"({allowed.host}=ADDRESS).",
        )
    return found[0]


def _status(target: Target, address: Address, headers: dict[str, str], body: bytes, seconds: float) -> int:
    allowed = target.allowed
    literal = f"[{address}]" if address.version == 6 else str(address)
    where = f"{allowed.scheme}://{literal}:{allowed.port}{target.path}"
    timeout = httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
    deadline = time.monotonic() + seconds
    try:
        with (
            httpx2.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", where, content=body, headers=headers, extensions={"sni_hostname": allowed.host}) as response,
        ):
            _read_away(response, deadline)
            return response.status_code
    except (httpx2.TimeoutException, TimeoutError) as error:
        raise DeliveryAway("too_slow", f"{allowed.host} did not answer within {seconds:g} s.") from error
    except httpx2.ConnectError as error:
        raise DeliveryAway("no_connection", f"{allowed.host} takes no connection, or its certificate is not valid.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise DeliveryAway("broken_connection", f"The connection to {allowed.host} broke ({type(error).__name__}).") from error


def _read_away(response: httpx2.Response, deadline: float) -> None:
    """Read the answer to its end, or to the cap; a trickle ends at the deadline."""
    size = 0
    for part in response.iter_raw():
        size += len(part)
        if size > MOST_BYTES:
            return
        if time.monotonic() > deadline:
            raise TimeoutError


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise DeliveryRefused("redirected", f"The receiver sends elsewhere ({status}); a message goes to the named address alone.")
    if status >= 500 or status in _PASSING:
        raise DeliveryAway("receiver_failed", f"The receiver answered {status}.")
    raise DeliveryRefused(
        "receiver_refused", f"The receiver answered {status}. Look at its address, and whether it checks the right secret."
    )


def _host_header(allowed: AllowedHost) -> str:
    host = f"[{allowed.host}]" if ":" in allowed.host else allowed.host
    return host if allowed.port == PORTS[allowed.scheme] else f"{host}:{allowed.port}"
