"""Who came in with a one-time password chooses one of their own before any other page opens."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from invoices.people import User
from invoices.people_changes import TEMPORARY


class OneTimePasswordMiddleware:
    """Sends pages to the choice of a password; the API, the health page and signing out are left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.password = reverse("password")
        self.free = (self.password, reverse("logout"), "/api/", "/health/")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or send it to the password page."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(self.free):
            user = request.user
            if isinstance(user, User) and user.preferences.get(TEMPORARY):
                return redirect(self.password)
        return self.get_response(request)
