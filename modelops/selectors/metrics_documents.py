"""The documents behind a day's numbers, in pages: those that were settled, and those that came in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from invoices.models import Document
from invoices.selectors.keyset import Ordering, read_cursor, slice_of
from modelops.errors import RequestInvalid
from modelops.models import CountedDocument, CountedReading

PAGE_SIZE: Final = 30

SHOWN: Final[Mapping[str, str]] = {
    "settled": "Settled",
    "wrong": "Read wrongly",
    "right": "Read rightly",
    "audited": "Audited",
    "corrected": "Corrected",
    "read": "Came in and read",
    "passed": "Went through without a person",
    "novel": "New layout",
}
"""What may be listed of a day; the first five are of the documents settled on it, the others of those that came in."""

_OF_SETTLED: Final[Mapping[str, Q]] = {
    "settled": Q(),
    "wrong": Q(is_judged=True, exact=False) & ~Q(stratum=CountedDocument.Stratum.REPORTED),
    "right": Q(is_judged=True, exact=True) & ~Q(stratum=CountedDocument.Stratum.REPORTED),
    "audited": Q(stratum=CountedDocument.Stratum.AUDIT),
    "corrected": Q(corrected__gt=0),
}
_OF_READ: Final[Mapping[str, Q]] = {"read": Q(), "passed": Q(passed=True), "novel": Q(novel=True)}
_BY_DOCUMENT = Ordering("document_id", descending=True)


@dataclass(frozen=True, slots=True)
class Behind:
    """A document behind a number. ``judged`` and ``right`` count its values, ``None`` where nothing was judged; ``route`` is blank for one
    that is listed as settled, ``stratum`` and ``wrong`` (the fields that were not right, the most frequent first) for one that is not."""

    document: Document
    stratum: str = ""
    judged: int | None = None
    right: int | None = None
    corrected: int | None = None
    wrong: tuple[str, ...] = ()
    minutes: float | None = None
    route: str = ""
    passed: bool = False
    novel: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, without anything off the document but the name of its file."""
        names = ("stratum", "judged", "right", "corrected", "minutes", "route", "passed", "novel")
        told = {name: getattr(self, name) for name in names}
        return {"document": self.document.pk, "file": self.document.name, **told, "wrong": list(self.wrong)}


@dataclass(frozen=True, slots=True)
class BehindPage:
    """One page, the newest document first; ``next`` and ``previous`` are cursors."""

    rows: list[Behind]
    next: str
    previous: str
    of_settled: bool


def documents_behind(day: dt.date, vendor: int | None, what: str, cursor: str, *, size: int = PAGE_SIZE) -> BehindPage:
    """One page of the documents of a day (of a vendor and those that went into it): one statement.

    Raises ``RequestInvalid`` for a list that there is none of.
    """
    if what not in SHOWN:
        raise RequestInvalid("list_unknown", f"{what[:40]!r} is none of {', '.join(SHOWN)}.")
    mine = Q() if vendor is None else Q(vendor=vendor) | Q(vendor__merged_into=vendor)
    place = read_cursor(cursor)
    if what in _OF_READ:
        readings = CountedReading.objects.filter(mine, _OF_READ[what], day=day)
        came = slice_of(_with_document(readings), _BY_DOCUMENT, place, size)
        return BehindPage([_read(row) for row in came.rows], came.next, came.previous, of_settled=False)
    settled = CountedDocument.objects.filter(mine, _OF_SETTLED[what], day=day)
    done = slice_of(_with_document(settled), _BY_DOCUMENT, place, size)
    return BehindPage([_settled(row) for row in done.rows], done.next, done.previous, of_settled=True)


def _with_document(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("document__vendor__merged_into").defer("document__text_signature")


def _read(row: CountedReading) -> Behind:
    return Behind(row.document, route=row.route, passed=row.passed, novel=row.novel)


def _settled(row: CountedDocument) -> Behind:
    wrong = sorted(((judged - right, name) for name, (judged, right, _) in row.fields.items() if right < judged), reverse=True)
    judged, right, corrected = (row.judged, row.right, row.corrected) if row.is_judged else (None, None, None)
    return Behind(row.document, row.stratum, judged, right, corrected, tuple(name for _, name in wrong), row.effort_ms / 60_000)
