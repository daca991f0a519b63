"""Signing in and out. The address to go on to is taken only when it is on this host."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView


class SignInForm(AuthenticationForm):
    """User name and password, with an answer that does not say which of both was wrong."""

    error_messages = {
        "invalid_login": "User name and password do not match. Both are case-sensitive; check Caps Lock and try again.",
        "inactive": "This account is switched off. Ask an admin to switch it on.",
    }


class SignInView(LoginView):
    """The sign-in page; ``?idle=1`` says that the person was signed out for being idle."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and whether an idle sign-off led here."""
        return super().get_context_data(
            idle="idle" in self.request.GET,
            idle_minutes=settings.SESSION_IDLE_SECONDS // 60,
            **kwargs,
        )
