"""Signing in by API token, at the price of one statement whose text is built once: it is part of every request."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record_read
from invoices.people import User
from invoices.prepared import Prepared, Slot


def _token() -> QuerySet[Token]:
    return Token.objects.select_related("user").filter(key=Slot("key", text=True))


_TOKEN = Prepared(_token)


class TokenSignIn(TokenAuthentication):
    """``Authorization: Token …``; what it accepts and refuses is Django REST framework's. Recorded once an hour and address."""

    def authenticate_credentials(self, key: str) -> tuple[User, Token]:
        """The person and the token. Raises ``AuthenticationFailed``."""
        token = _TOKEN.first(key=key)
        if token is not None and token.user.is_active:
            record_read(Action.TOKEN_USED, actor=token.user, object=Target("person", token.user_id))
            return token.user, token
        try:
            return super().authenticate_credentials(key)  # says why not
        except AuthenticationFailed:
            known = token.user_id if token is not None else "unknown"
            record_read(Action.TOKEN_REFUSED, actor=None, object=Target("person", known))
            raise
