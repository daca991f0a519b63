"""Signing in and out, as Django and axes announce it: a receiver for each, one line long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.people import User


def connect() -> None:
    """Called once, when Django is ready."""
    user_logged_in.connect(on_signed_in, dispatch_uid="audit.signed_in")
    user_logged_out.connect(on_signed_out, dispatch_uid="audit.signed_out")
    user_login_failed.connect(on_sign_in_failed, dispatch_uid="audit.sign_in_failed")
    user_locked_out.connect(on_locked_out, dispatch_uid="audit.locked_out")


def on_signed_in(*, user: User, **_: Any) -> None:
    """By the form; a request with a token is ``token.used``."""
    record(Action.SIGNED_IN, actor=user, object=Target("person", user.pk))


def on_signed_out(*, user: User | None, **_: Any) -> None:
    """By the person, or by the clock; whoever was not signed in is not signed out."""
    if user is not None:
        record(Action.SIGNED_OUT, actor=user, object=Target("person", user.pk))


def on_sign_in_failed(*, credentials: Mapping[str, Any], **_: Any) -> None:
    """A wrong password, or a name that nobody has."""
    record(Action.SIGN_IN_FAILED, actor=None, object=_named(credentials.get("username")))


def on_locked_out(*, username: str | None = None, **_: Any) -> None:
    """Too many wrong passwords."""
    record(Action.SIGN_IN_LOCKED, actor=None, object=_named(username))


def _named(name: object) -> Target:
    """The account that was tried. What was typed is not kept when nobody is called so: it may be a password."""
    known = User.objects.filter(username=str(name or "").replace("\x00", "")[:150]).values_list("pk", flat=True).first()
    return Target("person", known if known is not None else "unknown")
