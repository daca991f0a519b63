"""Making and changing accounts. Only admins get here; the views check it. ``by`` is who does it, ``None`` on the command line.

There is always at least one active admin, so that nobody locks everybody out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from axes.utils import reset
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from invoices.audit.actions import Action
from invoices.audit.recording import Target, record
from invoices.people import Role, User

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without characters that look alike
_MAX_NAME = 150


class PersonChangeError(Exception):
    """A change that cannot be made. ``code`` is stable; the message names the value, the limit and the remedy.

    username_invalid | username_taken | name_too_long | role_unknown | last_admin | person_not_found
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password that is shown once; whoever signs in with it is asked for one of their own."""

    person: User
    password: str


def make_person(*, username: str, full_name: str, role: str, by: User | None = None) -> NewPassword:
    """A new account with a one-time password. Raises ``PersonChangeError``."""
    username = username.strip()
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        message = f"{username!r} cannot be a user name; use letters, digits and @ . + - _ only."
        raise PersonChangeError("username_invalid", message) from error
    if len(username) > _MAX_NAME or len(full_name) > _MAX_NAME:
        raise PersonChangeError("name_too_long", f"A name has at most {_MAX_NAME} characters. Shorten it.")
    first, _, last = " ".join(full_name.replace("\x00", "").split()).partition(" ")
    password = _one_time_password()
    person = User(username=username, first_name=first, last_name=last, role=_role(role), password_is_temporary=True)
    person.set_password(password)
    if User.objects.filter(username__iexact=username).exists():
        raise _taken(username)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            record(Action.PERSON_MADE, actor=by, object=Target("person", person.pk), after=_rights(person))
    except IntegrityError as error:
        raise _taken(username) from error
    return NewPassword(person, password)


def change_person(*, person_id: int, role: str, active: bool, by: User | None = None) -> User:
    """Role and whether the account is on. A person who is switched off is signed out at the next request.

    Raises ``PersonChangeError``, also when no active admin would be left.
    """
    with transaction.atomic():
        person = _locked(person_id)
        before = _rights(person)
        person.role, person.is_active = _role(role), active
        others = User.objects.filter(role=Role.ADMIN, is_active=True).exclude(pk=person.pk)
        if not person.has_role(Role.ADMIN) and not others.select_for_update().exists():
            raise PersonChangeError("last_admin", f"{person.username} is the only active admin. Make somebody else an admin first.")
        person.save(update_fields=["role", "is_active"])
        record(Action.PERSON_CHANGED, actor=by, object=Target("person", person.pk), before=before, after=_rights(person))
    return person


def reset_password(*, person_id: int, by: User | None = None) -> NewPassword:
    """A one-time password in place of the old one; sessions that are open end, and so does a lock after wrong passwords.

    Raises ``PersonChangeError``.
    """
    password = _one_time_password()
    with transaction.atomic():
        person = _locked(person_id)
        person.set_password(password)
        person.password_is_temporary = True
        person.save(update_fields=["password", "password_is_temporary"])
        reset(username=person.username)
        record(Action.PASSWORD_RESET, actor=by, object=Target("person", person.pk))
    return NewPassword(person, password)


def _rights(person: User) -> dict[str, object]:
    return {"role": str(person.role), "active": person.is_active}


def _locked(person_id: int) -> User:
    person = User.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise PersonChangeError("person_not_found", f"There is no account {person_id}. Reload the list.")
    return person


def _role(name: str) -> Role:
    if name not in Role.values:
        raise PersonChangeError("role_unknown", f"{name!r} is no role; choose one of {', '.join(Role.values)}.")
    return Role(name)


def _taken(username: str) -> PersonChangeError:
    return PersonChangeError("username_taken", f"There is an account {username} already. Choose another user name.")


def _one_time_password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
