"""The trail as admins search it. Every way of searching walks an index from its place, so a page costs the same at any length."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.chain import START, hash_of
from invoices.audit.entries import AuditEntry, AuditSeal, AuditVerification
from invoices.people import User
from invoices.selectors.keyset import Ordering, Slice, read_cursor, slice_of

PAGE_SIZE: Final = 50
NEWEST_FIRST: Final = Ordering("at", descending=True)
MOST_PEOPLE: Final = 500
_OBJECT = re.compile(r"(?:([a-z_]{1,32})[ :#]+)?([0-9A-Za-z/_.-]{1,64})")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What an admin asked the trail for. Values that do not exist are left out, so any address works.

    ``object`` is the exact id of an object (``12``, ``12/3`` for a page), its kind before it if wanted (``vendor 7``);
    ``document 12`` is everything that concerns that document. ``since`` and ``until`` are days (UTC), both included.
    """

    person: int | None = None
    action: str = ""
    object: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> AuditFilter:
        """Read ``?person=&action=&object=&since=&until=&cursor=``."""
        person, action = query.get("person", ""), query.get("action", "")
        return cls(
            person=int(person) if person.isascii() and person.isdigit() and len(person) < 16 else None,
            action=action if action in Action.values else "",
            object=query.get("object", "").replace("\x00", "").strip()[:100],
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            cursor=query.get("cursor", ""),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.person is not None or self.action or self.object or self.since or self.until)

    def entries(self) -> QuerySet[AuditEntry]:
        """What matches, in no order."""
        found = AuditEntry.objects.all()
        if self.person is not None:
            found = found.filter(person_id=self.person)
        if self.action:
            found = found.filter(action=self.action)
        if self.object:
            found = _of_object(found, self.object)
        if self.since:
            found = found.filter(at__gte=_midnight(self.since))
        if self.until and self.until < dt.date.max:
            found = found.filter(at__lt=_midnight(self.until + dt.timedelta(days=1)))
        return found

    def to_json(self) -> dict[str, Any]:
        """What was asked for, without the place."""
        asked = {"person": self.person, "action": self.action, "object": self.object}
        days = {"since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat()}
        return {name: value for name, value in {**asked, **days}.items() if value not in (None, "")}


@dataclass(frozen=True)
class AuditPage:
    """One page of entries; ``next`` and ``previous`` are cursors."""

    rows: list[AuditEntry]
    next: str
    previous: str


@dataclass(frozen=True)
class ChainStatus:
    """How far the chain goes, and what the last whole check of it said, or a later one of a part that found faults; ``waiting`` entries are
    not sealed yet."""

    seal: AuditSeal | None
    verification: AuditVerification | None
    waiting: int

    @property
    def state(self) -> str:
        """``broken``, ``verified``, or ``unverified`` (nobody has checked yet)."""
        if self.verification is None:
            return "unverified"
        return "broken" if self.verification.faults else "verified"


@dataclass(frozen=True)
class EntryView:
    """One entry with its neighbours in the chain. ``fits``: its hash and the one before it are right; ``None`` before it is sealed."""

    entry: AuditEntry
    earlier: int | None
    later: int | None
    fits: bool | None

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """Name, before and after of everything that was recorded of the change; empty where there is none."""
        before, after = self.entry.before or {}, self.entry.after or {}
        return [(name, _shown(before, name), _shown(after, name)) for name in sorted({**before, **after})]


def audit_page(wanted: AuditFilter, *, size: int = PAGE_SIZE) -> AuditPage:
    """One page, newest first: one query."""
    found: Slice[AuditEntry] = slice_of(wanted.entries(), NEWEST_FIRST, read_cursor(wanted.cursor), size)
    return AuditPage(found.rows, found.next, found.previous)


def chain_status() -> ChainStatus:
    """Three queries, each served by an index."""
    seal = AuditSeal.objects.order_by("-position").first()
    telling = AuditVerification.objects.filter(Q(start=1) | Q(faults__gt=0))  # that a part is whole says nothing of the rest
    verification = telling.order_by("-pk").first()
    return ChainStatus(seal, verification, AuditEntry.objects.filter(position__isnull=True).count())


def entry_view(entry_id: int) -> EntryView | None:
    """One entry, or ``None`` when there is none: two queries."""
    entry = AuditEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        return None
    if entry.position is None:
        return EntryView(entry, None, None, None)
    near = AuditEntry.objects.filter(position__in=(entry.position - 1, entry.position + 1)).values_list("position", "pk", "hash")
    beside = {position: (pk, own) for position, pk, own in near}
    earlier, later = beside.get(entry.position - 1), beside.get(entry.position + 1)
    before = earlier[1] if earlier else START
    fits = entry.previous == before and entry.hash == hash_of(entry, entry.position, before)
    return EntryView(entry, earlier[0] if earlier else None, later[0] if later else None, fits)


def people_choices() -> list[tuple[int, str]]:
    """Id and name of everybody with an account: one query."""
    return list(User.objects.order_by("username").values_list("pk", "username")[:MOST_PEOPLE])


def _of_object(entries: QuerySet[AuditEntry], text: str) -> QuerySet[AuditEntry]:
    asked = _OBJECT.fullmatch(text.lower() if " " in text else text)
    if asked is None:
        return entries.none()
    kind, name = asked.groups()
    if kind == "document" and name.isascii() and name.isdigit():
        return entries.filter(document_id=int(name)) if len(name) < 19 else entries.none()
    return entries.filter(object_id=name, object_kind=kind) if kind else entries.filter(object_id=name)


def _shown(details: Mapping[str, Any], name: str) -> str:
    if name not in details:
        return ""
    value = details[name]
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()), dt.UTC)
