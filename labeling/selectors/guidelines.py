"""Guidelines as they are read: the newest of each field, the history of one, what a person has not seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from invoices.models import User
from labeling.guidelines.changes import Line, changed_lines
from labeling.guidelines.fields import FIELDS
from labeling.models import Guideline, GuidelineRead, Ruling

VERSIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a guideline with what it changed, and the rulings that were put into it."""

    guideline: Guideline
    lines: list[Line]
    rulings: list[Ruling]


def newest_guidelines(fields: Iterable[str] | None = None) -> dict[str, Guideline]:
    """The guideline that counts of each field that has one, in reading order. One statement."""
    rows = Guideline.objects.filter(pk__in=_newest_ids(fields)).select_related("author")
    found = {row.field: row for row in rows}
    return {field: found[field] for field in FIELDS if field in found}


def unread_guidelines(user: User) -> list[Guideline]:
    """Guidelines that changed since this person last looked, in reading order. Two statements."""
    last = GuidelineRead.objects.filter(user=user).values_list("last", flat=True).first() or 0
    rows = Guideline.objects.filter(pk__in=_newest_ids(), pk__gt=last)
    order = list(FIELDS)
    return sorted((row for row in rows if row.field in FIELDS), key=lambda row: order.index(row.field))


def guideline_history(field: str) -> list[Version]:
    """The versions of a field's guideline, the newest first, each with what it changed. Two statements."""
    rows = list(Guideline.objects.filter(field=field).select_related("author").order_by("-version")[: VERSIONS_SHOWN + 1])
    rulings: dict[int, list[Ruling]] = {}
    for ruling in Ruling.objects.filter(guideline__in=rows).select_related("vendor").order_by("pk"):
        assert ruling.guideline_id is not None
        rulings.setdefault(ruling.guideline_id, []).append(ruling)
    before = {row.version: row.text for row in rows}
    return [
        Version(row, changed_lines(before.get(row.version - 1, ""), row.text), rulings.get(row.pk, [])) for row in rows[:VERSIONS_SHOWN]
    ]


def _newest_ids(fields: Iterable[str] | None = None) -> QuerySet[Guideline, int]:
    rows = Guideline.objects.all() if fields is None else Guideline.objects.filter(field__in=list(fields))
    return rows.values("field").annotate(newest=Max("pk")).values_list("newest", flat=True)
