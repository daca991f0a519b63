"""The documents behind a number of agreement: counted pairs, newest first, in pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from invoices.models import User
from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from labeling.blindness import blind
from labeling.guidelines.fields import FIELDS
from labeling.models import Adjudication, Agreement, AgreementDiffering
from labeling.selectors.agreement import Scope

PAGE_SIZE: Final = 30
NEWEST_FIRST: Final = Ordering("compared_at", descending=True)
_CHUNK = 500
EVERYTHING: Final = Scope()


@dataclass(frozen=True, slots=True)
class PairFilter:
    """What a person asked the list for, all of it at once. Values that cannot be are left out, so any address works.

    ``field`` lists documents where that field differs; ``differing`` those where anything does, ``critical`` where a critical field does.
    """

    scope: Scope = EVERYTHING
    field: str = ""
    differing: bool = False
    critical: bool = False
    cursor: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> PairFilter:
        """Read ``?vendor=&pair=&prefill=&since=&until=&field=&differing=1&critical=1&cursor=``."""
        field = query.get("field", "")
        return cls(
            scope=Scope.crossed(query),
            field=field if field in FIELDS else "",
            differing=query.get("differing") == "1",
            critical=query.get("critical") == "1",
            cursor=query.get("cursor", ""),
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered out."""
        return replace(self, cursor="") != PairFilter()

    def to_json(self) -> dict[str, Any]:
        """What was asked for, without the place."""
        asked: dict[str, Any] = {"field": self.field, "differing": self.differing, "critical": self.critical}
        return {**self.scope.to_json(), **{name: value for name, value in asked.items() if value}}


@dataclass(frozen=True, slots=True)
class PairRow:
    """One document. ``people`` are both labelers, the one with the smaller id first, whoever was first or is A in its adjudication;
    ``names`` are the fields that differ, in reading order."""

    agreement: Agreement
    people: tuple[User, User]
    names: tuple[str, ...]
    adjudication: int | None
    resolved: bool

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that differ, as people call them."""
        return tuple(FIELDS[name] for name in self.names)


@dataclass(frozen=True)
class PairPage:
    """One page; ``next`` and ``previous`` are cursors."""

    rows: list[PairRow]
    next: str
    previous: str


def pair_page(wanted: PairFilter, size: int = PAGE_SIZE) -> PairPage:
    """One page of documents: three statements."""
    found = slice_of(_matching(wanted), NEWEST_FIRST, read_cursor(wanted.cursor), size)
    return PairPage(_described(found.rows), found.next, found.previous)


def all_pairs(wanted: PairFilter) -> Iterator[PairRow]:
    """All that match in the order of the pages, for streams: two statements for every 500."""
    waiting: list[Agreement] = []
    for row in _matching(wanted).order_by("-compared_at", "-pk").iterator(chunk_size=_CHUNK):
        waiting.append(row)
        if len(waiting) == _CHUNK:
            yield from _described(waiting)
            waiting.clear()
    yield from _described(waiting)


def _matching(wanted: PairFilter) -> QuerySet[Agreement]:
    scope = wanted.scope
    rows = Agreement.objects.filter(~Q(blind()), counted_in__gt=0)
    same = {"counted_vendor": scope.vendor, "pair": scope.pair, "prefill": scope.prefill}
    rows = rows.filter(**{name: value for name, value in same.items() if value not in (None, "")})
    if scope.since:
        rows = rows.filter(compared_at__gte=_first_of(scope.since))
    if scope.until:
        rows = rows.filter(compared_at__lt=_first_of(_next(scope.until)))
    if wanted.field or wanted.differing or wanted.critical:
        rows = rows.filter(exact=False)
    if wanted.critical:
        rows = rows.filter(critical=False)
    if wanted.field:
        rows = rows.filter(Exists(AgreementDiffering.objects.filter(agreement=OuterRef("pk"), name=wanted.field)))
    return rows.select_related("document", "vendor", "first_author", "second_author").defer("outcome", "document__text_signature")


def _described(rows: list[Agreement]) -> list[PairRow]:
    ids = [row.pk for row in rows]
    names: dict[int, set[str]] = {}
    for pk, name in AgreementDiffering.objects.filter(agreement__in=ids).values_list("agreement", "name"):
        names.setdefault(pk, set()).add(name)
    found = {pk: (adjudication, state) for pk, adjudication, state in _adjudications(ids)}
    return [_row(row, names.get(row.pk, set()), *found.get(row.pk, (None, ""))) for row in rows]


def _adjudications(ids: list[int]) -> QuerySet[Adjudication, tuple[int, int, str]]:
    seen = Adjudication.objects.filter(agreement__in=ids).exclude(state=Adjudication.State.WAITING)
    return seen.values_list("agreement", "pk", "state")


def _row(row: Agreement, names: set[str], adjudication: int | None, state: str) -> PairRow:
    authors = sorted((row.first_author, row.second_author), key=lambda user: int(user.pk))
    known = tuple(name for name in FIELDS if name in names)
    return PairRow(row, (authors[0], authors[1]), known, adjudication, state == Adjudication.State.RESOLVED)


def _first_of(month: str) -> dt.datetime:
    return timezone.make_aware(dt.datetime.fromisoformat(f"{month}-01"), dt.UTC)


def _next(month: str) -> str:
    year, number = (int(part) for part in month.split("-"))
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"
