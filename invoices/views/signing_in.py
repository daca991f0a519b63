"""Signing in and out, and a password of one's own. The address to go on to is taken only when it is on this host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.views.guards import person


class SignInForm(AuthenticationForm):
    """User name and password, with an answer that does not say which of both was wrong."""

    error_messages = {
        "invalid_login": "User name and password do not match. Both are case-sensitive; check Caps Lock and try again.",
        "inactive": "This account is switched off. Ask an admin to switch it on.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The form, with words of its own for what was left empty."""
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Type your user name."
        self.fields["password"].error_messages["required"] = "Type your password."


class SignInView(LoginView):
    """The sign-in page; ``?idle=1`` says that the person was signed out for being idle."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """Where the person wanted to go; with a one-time password, to choosing their own."""
        user = self.request.user
        if user.is_authenticated and person(self.request).password_is_temporary:
            return reverse("password")
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and whether an idle sign-off led here."""
        return super().get_context_data(
            idle="idle" in self.request.GET,
            idle_minutes=settings.SESSION_IDLE_SECONDS // 60,
            typed_name=self.request.POST.get("username", "")[:150],
            **kwargs,
        )


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: Mapping[str, Any] | None) -> HttpResponse:
    """The sign-in page after too many wrong passwords: 429, with how long it lasts and what helps."""
    context = {
        "locked_minutes": -(-settings.LOGIN_COOLOFF_SECONDS // 60),
        "tries": settings.AXES_FAILURE_LIMIT,
        "typed_name": str((credentials or {}).get("username", ""))[:150],
        "next": request.POST.get("next", ""),
    }
    answer = render(request, "registration/login.html", context, status=429)
    answer.headers["Retry-After"] = str(settings.LOGIN_COOLOFF_SECONDS)
    return answer


class PasswordView(PasswordChangeView):
    """A password of one's own."""

    template_name = "registration/password.html"
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Keep it, and stop asking for it."""
        user = person(self.request)
        user.password_is_temporary = False  # the form saves it with the password
        with transaction.atomic():
            record(Action.PASSWORD_CHANGED, actor=user, object=Target("person", user.pk))
            return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and whether the present password was given by an admin."""
        return super().get_context_data(temporary=person(self.request).password_is_temporary, **kwargs)
