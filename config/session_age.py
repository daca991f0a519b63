"""Automatic logoff: after ``SESSION_IDLE_SECONDS`` without activity, and after ``SESSION_ABSOLUTE_SECONDS`` in any case.

What was typed before is safe: the browser keeps its outbox and sends it after the next sign-in.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

BACKGROUND_HEADER = "X-Countersign-Background"
"""A request that the page makes on its own (polling, prefetching) carries it and does not count as activity."""

STARTED, SEEN = "signed_in_at", "seen_at"
WRITE_EVERY_SECONDS = 30
"""How often activity is written down; keeps most requests free of a write."""


class SessionAgeMiddleware:
    """Ends sessions that are idle or too old before the view sees the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, as an anonymous one when the session has ended."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._age(request, time.time())
        return self.get_response(request)

    @staticmethod
    def _age(request: HttpRequest, now: float) -> None:
        session = request.session
        started, seen = session.get(STARTED), session.get(SEEN)
        if started is None or seen is None:
            session[STARTED] = session[SEEN] = now
        elif now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_ABSOLUTE_SECONDS:
            logout(request)
        elif BACKGROUND_HEADER not in request.headers and now - seen > WRITE_EVERY_SECONDS:
            session[SEEN] = now
