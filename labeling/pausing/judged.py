"""What a person labeled and the truth about it, for judging how right the person is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from labeling.models import Agreement, GoldRecord, TaskPurpose, Trial
from labeling.suspects.disputed import disputed_gold
from mlcore.errors import RecordError
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord

NEWEST = 200
"""Labels that a person is judged by: how right they are now, not how right they were in their first week."""

Judged = tuple[str, InvoiceRecord, InvoiceRecord]


def judged_labels(person_id: int, limit: int = NEWEST) -> list[Judged]:
    """``(document id, label, truth)`` of the newest labels whose truth is settled, the newest first; each document once. Three statements.

    Truth is the current gold record of documents that chance gave to two people, and of gold tests; never a single label, never one in
    dispute, never one whose pre-fill was made wrong on purpose.
    The onboarding does not count. This is the one place that says by what a person is judged.
    """
    rows = [*_of_pairs(person_id, limit), *_of_tests(person_id, limit)]
    rows.sort(key=lambda row: row[0], reverse=True)
    found: dict[str, Judged] = {}
    for _, document_id, label, truth in rows[:limit]:
        try:
            name = str(document_id)
            found[name] = (name, record_from_json(label, ignore_unknown=True), record_from_json(truth, ignore_unknown=True))
        except RecordError:
            continue
    return list(found.values())


def judged_mark(person_id: int) -> str:
    """Changes whenever the person has a newer label that counts. Two statements."""
    trial = _tests(person_id).order_by("-pk").values_list("pk", flat=True).first()
    pair = _pairs(person_id).order_by("-pk").values_list("pk", flat=True).first()
    return f"{trial or 0}-{pair or 0}"


def _of_pairs(person_id: int, limit: int) -> Iterator[tuple[dt.datetime, int, Any, Any]]:
    rows = _pairs(person_id).order_by("-pk").annotate(truth=_truth())
    named = ("document_id", "first_author_id", "first__record", "second__record", "first__submitted_at", "second__submitted_at", "truth")
    for document_id, first_author, first, second, first_at, second_at, truth in rows.values_list(*named)[:limit]:
        mine = first_author == person_id
        yield (first_at if mine else second_at), document_id, (first if mine else second), truth


def _of_tests(person_id: int, limit: int) -> Iterator[tuple[dt.datetime, int, Any, Any]]:
    rows = _tests(person_id).order_by("-pk").annotate(current=_truth())
    yield from rows.values_list("task__annotation__submitted_at", "document_id", "task__annotation__record", "current")[:limit]


def _pairs(person_id: int) -> QuerySet[Agreement]:
    first = Q(first_author=person_id, first__task__seeded={})
    second = Q(second_author=person_id, second__task__seeded={})
    return Agreement.objects.filter(first | second, Exists(_settled()), chance=True)


def _tests(person_id: int) -> QuerySet[Trial]:
    judged = Trial.objects.filter(person=person_id, purpose=TaskPurpose.GOLD_TEST, state=Trial.State.JUDGED)
    return judged.filter(Exists(_settled()))


def _settled() -> QuerySet[GoldRecord]:
    golds = GoldRecord.objects.filter(document=OuterRef("document"), is_current=True)
    return golds.exclude(pk__in=disputed_gold().values("pk"))


def _truth() -> Subquery:
    return Subquery(_settled().values("record")[:1])
