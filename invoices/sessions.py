"""Who a browser's request comes from: the session and its person, each by one statement whose text is built once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from invoices.people import User
from invoices.prepared import Prepared, Slot


def _session() -> QuerySet[Session]:
    return Session.objects.filter(session_key=Slot("key", text=True))


def _person() -> QuerySet[User]:
    return User.objects.filter(pk=Slot("person"))


_SESSION, _PERSON = Prepared(_session), Prepared(_person)


class SessionStore(DatabaseSessions):
    """Sessions in the database, as Django keeps them."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(key=str(self.session_key))
        if found is not None and found.expire_date > timezone.now():
            return found
        self._session_key: str | None = None  # as Django: a key that leads to nothing is not taken up
        return None


class PersonBackend(ModelBackend):
    """Sign-in by name and password, as Django does it."""

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, ``None`` when the account is closed."""
        found = _PERSON.first(person=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
