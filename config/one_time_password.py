"""Who came in with a one-time password chooses one of their own before anything else opens."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.fault_pages import API
from invoices.api.problems import plain_problem
from invoices.people import User


class OneTimePasswordMiddleware:
    """Sends pages to the choice of a password and refuses the API to the session.

    Left alone are what the password page needs (itself, signing out, ``me/`` for the theme and the sign of activity)
    and the health page. An API token is no password: a request that comes with one and without a session passes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.password = reverse("password")
        self.free = (self.password, reverse("logout"), reverse("me"), "/health/")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, refuse it, or send it to the password page."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(self.free):
            user = request.user
            if isinstance(user, User) and user.password_is_temporary:
                if request.path.startswith(API):
                    return plain_problem(403, "password_is_temporary", "This password was made by an admin. Choose your own first.")
                return redirect(self.password)
        return self.get_response(request)
