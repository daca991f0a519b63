"""Where a request comes from. The middleware says it once; what is recorded on the way finds it without being handed the request."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Origin:
    """``address`` is the client's, behind the configured proxies; both are empty outside of a request."""

    address: str = ""
    request_id: str = ""


NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("audit_origin", default=NOWHERE)


def current() -> Origin:
    """The origin of the request that is being answered."""
    return _current.get()


@contextmanager
def answering(request: HttpRequest, request_id: str) -> Iterator[None]:
    """While it lasts, ``current`` is the origin of ``request``."""
    token = _current.set(Origin(client_address(request), request_id))
    try:
        yield
    finally:
        _current.reset(token)


def origin_of(request: HttpRequest) -> Origin:
    """The origin of a given request, with the id that it has if it is the one being answered."""
    return Origin(client_address(request), current().request_id)


def client_address(request: HttpRequest) -> str:
    """The IP address that the outermost trusted proxy saw, without proxies that of the connection; empty when it is none.

    Each of the ``TRUSTED_PROXIES`` proxies appends to ``X-Forwarded-For`` whom it was asked by, so the client is that many places
    from its end. What stands before that was sent by the client and says nothing. A shorter header did not pass all proxies; then the
    address of the connection counts.
    """
    found = str(request.META.get("REMOTE_ADDR") or "")
    proxies: int = settings.TRUSTED_PROXIES
    if proxies:
        passed = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR") or "").split(",") if part.strip()]
        if len(passed) >= proxies:
            found = passed[-proxies]
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return ""
