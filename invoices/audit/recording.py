"""Writing entries: ``record`` for what was done, ``record_read`` for what was looked at. One INSERT each.

``record`` belongs into the transaction that makes the change: the change and its entry are stored together or not at all. ``before``
and ``after`` are for paths, ids, hashes and counts; a value of a record, a name of a patient or a free text must not get into them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.http import HttpRequest
from django.utils import timezone

from invoices.audit import origin
from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from invoices.audit.recent import recent
from invoices.people import User

logger = logging.getLogger(__name__)

MOST_BYTES: Final = 2_000
"""Larger values of ``before`` and ``after`` are recorded as their hash and size."""

_AT_ONCE = 200
_INSERT = "INSERT INTO {table} ({names}) VALUES {rows} ON CONFLICT DO NOTHING"

Details = Mapping[str, Any]
Actor = User | AnonymousUser | None


@dataclass(frozen=True, slots=True)
class Target:
    """What something was done to. ``kind`` is a word of the product (document, page, task, vendor, person, …).

    ``document`` is the id of the document that it concerns; for a document itself it need not be said.
    """

    kind: str
    id: int | str = ""
    document: int | None = None


def record(
    action: Action,
    *,
    actor: Actor,
    object: Target,
    before: Details | None = None,
    after: Details | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Write one entry in the caller's transaction: one statement. ``request`` is needed outside of the middleware only."""
    record_many(action, actor=actor, objects=[object], before=before, after=after, request=request)


def record_many(
    action: Action,
    *,
    actor: Actor,
    objects: Sequence[Target],
    before: Details | None = None,
    after: Details | None = None,
    request: HttpRequest | None = None,
) -> None:
    """The same done to many objects: one entry each, one statement for every 200. Nothing without objects."""
    came = origin.current() if request is None else origin.origin_of(request)
    now = timezone.now()
    entries = [_entry(action, actor, target, before, after, came, now) for target in objects]
    for start in range(0, len(entries), _AT_ONCE):
        _insert(entries[start : start + _AT_ONCE])


def record_read(action: Action, *, actor: Actor, object: Target, after: Details | None = None) -> None:
    """Write that somebody looked at something, once for a person, object, address and hour; at most one statement.

    A read is not refused because it cannot be recorded, unless ``AUDIT_STRICT`` says so;
    then the ``DatabaseError`` is raised.
    """
    came, now = origin.current(), timezone.now()
    entry = _entry(action, actor, object, None, after, came, now)
    entry.once = f"{action}:{entry.person_id or 0}:{object.kind}:{object.id}:{came.address}:{now:%Y%m%d%H}"
    if recent.knows(entry.once):
        return
    try:
        with transaction.atomic() if connections[DEFAULT_DB_ALIAS].in_atomic_block else nullcontext():
            _insert([entry])
        transaction.on_commit(lambda: recent.remember(str(entry.once)))
    except DatabaseError:
        if settings.AUDIT_STRICT:
            raise
        logger.exception("A read could not be recorded (%s)", action.value)


def _entry(
    action: Action, actor: Actor, target: Target, before: Details | None, after: Details | None, came: origin.Origin, now: dt.datetime
) -> AuditEntry:
    person = actor if isinstance(actor, User) else None
    concerned = target.id if target.kind == "document" and isinstance(target.id, int) else target.document
    return AuditEntry(
        at=now,
        person_id=person.pk if person else None,
        person_name=person.username if person else "",
        role=person.role if person else "",
        address=came.address,
        request_id=came.request_id,
        action=action.value,
        object_kind=target.kind,
        object_id=str(target.id)[:64],
        document_id=concerned,
        before=_bounded(before),
        after=_bounded(after),
    )


def _bounded(details: Details | None) -> Details | None:
    """The details, or their hash and size when they are too large: no action fails because its trail is long."""
    if details is None:
        return None
    text = json.dumps(details, sort_keys=True, separators=(",", ":"))
    if len(text) <= MOST_BYTES:
        return dict(details)
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "bytes": len(text)}


def _insert(entries: Sequence[AuditEntry]) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    fields, statement = _insertion(len(entries), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(entry, True), connection) for entry in entries for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@lru_cache(maxsize=64)
def _insertion(count: int, vendor: str) -> tuple[list[Any], str]:
    quoted = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = [field for field in AuditEntry._meta.local_concrete_fields if not field.primary_key]
    row = "(" + ", ".join(["%s"] * len(fields)) + ")"
    names = ", ".join(quoted(str(field.column)) for field in fields)
    return fields, _INSERT.format(table=quoted(AuditEntry._meta.db_table), names=names, rows=", ".join([row] * count))
