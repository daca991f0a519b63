"""Bringing what is kept of each settled document up to date: its reading held to the record that counts now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Sum

from invoices.models import Document, Prediction
from labeling.blindness import blind
from labeling.models import Annotation, Draw, GoldRecord, TaskKind, TaskPurpose
from labeling.routing import Work, work_for
from modelops.models import CountedDocument, CountedReading
from modelops.monitoring.counted_readings import AT_ONCE, with_reading
from modelops.monitoring.days import Fence, day_of, mark, no_fence
from modelops.monitoring.judging import Judgement, judge

Stratum = CountedDocument.Stratum

_WRITTEN = [
    *("gold", "prediction", "day", "vendor", "stratum", "accepted", "is_judged", "judged", "right", "exact", "corrected", "fields"),
    *("bins", "labels", "effort_ms"),
]


def refresh_documents(limit: int = AT_ONCE, *, fence: Fence = no_fence) -> int:
    """Judge ``limit`` documents that were settled, or whose truth is another now, and forget those that have none any more.

    Answers how many there were. Marks the days that are to be counted again: that of a document's first gold record. Never looks at a
    document of which a blind label is open. Idempotent; eight statements and those of marking, however many there are.
    """
    with transaction.atomic():
        gone = list(_gone().values_list("pk", "day")[:limit])
        if gone:
            CountedDocument.objects.filter(pk__in=[pk for pk, _ in gone]).delete()
            mark(day for _, day in gone)
        golds = list(_waiting().defer("evidence", "provenance").order_by("pk")[:limit])
        if golds:
            _refresh(golds)
        if gone or golds:
            fence()
    return len(gone) + len(golds)


def _waiting() -> QuerySet[GoldRecord]:
    counted = CountedDocument.objects.filter(gold=OuterRef("pk"))
    return GoldRecord.objects.filter(~Exists(counted), ~blind("document"), is_current=True)


def _gone() -> QuerySet[CountedDocument]:
    """Counted by a record that does not count any more, and without another one."""
    current = GoldRecord.objects.filter(document=OuterRef("document"), is_current=True)
    return CountedDocument.objects.filter(~Exists(current), gold__is_current=False).order_by("pk")


@dataclass(frozen=True)
class _Known:
    """What is known of the documents of some gold records: six statements, however many."""

    settled: Mapping[int, dt.datetime]
    readings: Mapping[int, Prediction]
    first: Mapping[int, Annotation]
    effort: Mapping[int, tuple[int, int]]
    drawn: Mapping[int, bool]
    passed: frozenset[int]

    @classmethod
    def of(cls, ids: Sequence[int]) -> _Known:
        """Look it up."""
        settled = GoldRecord.objects.filter(document__in=ids).order_by().values_list("document").annotate(at=Min("created_at"))
        counts = dict(with_reading(Document.objects.filter(pk__in=ids)).values_list("pk", "counts"))
        readings = Prediction.objects.defer("checks").in_bulk([pk for pk in counts.values() if pk is not None])
        labels = Annotation.objects.filter(document__in=ids, task__purpose=TaskPurpose.WORK)
        first: dict[int, Annotation] = {}
        for label in labels.select_related("task").defer("evidence", "marks", "unsure").order_by("-pk"):
            first[label.document_id] = label
        effort = labels.order_by().values_list("document").annotate(labels=Count("pk"), ms=Sum("active_ms"))
        draws = Draw.objects.filter(document__in=ids, what="audit").values_list("document", "drawn")
        passed = CountedReading.objects.filter(document__in=ids, passed=True).values_list("document", flat=True)
        return cls(
            dict(settled),
            {document: readings[pk] for document, pk in counts.items() if pk is not None},
            first,
            {document: (count, ms) for document, count, ms in effort},
            dict(draws),
            frozenset(passed),
        )

    def stratum(self, document_id: int) -> Stratum:
        """How the document came to be looked at."""
        drawn = self.drawn.get(document_id)
        if drawn is not None:
            return Stratum.AUDIT if drawn else Stratum.REPORTED
        label = self.first.get(document_id)
        reported = document_id in self.passed and (label is None or label.task.kind == TaskKind.REVIEW)
        return Stratum.REPORTED if reported else Stratum.SEEN


def _refresh(golds: Sequence[GoldRecord]) -> None:
    ids = [gold.document_id for gold in golds]
    known = _Known.of(ids)
    before = dict(CountedDocument.objects.filter(document__in=ids).values_list("document", "day"))
    rows = [_row(gold, known) for gold in golds]
    CountedDocument.objects.bulk_create(rows, update_conflicts=True, unique_fields=["document"], update_fields=_WRITTEN)
    mark({*before.values(), *(row.day for row in rows)})


def _row(gold: GoldRecord, known: _Known) -> CountedDocument:
    document_id = gold.document_id
    reading, label = known.readings.get(document_id), known.first.get(document_id)
    labels, effort = known.effort.get(document_id, (0, 0))
    row = CountedDocument(
        document_id=document_id,
        gold=gold,
        prediction=reading,
        day=day_of(known.settled[document_id]),
        vendor_id=gold.vendor_id,
        stratum=known.stratum(document_id),
        labels=labels,
        effort_ms=effort or 0,
    )
    if reading is not None:
        row.accepted = would_pass(reading)
        found = _judged(gold, reading, label)
        if found is not None:
            row.is_judged, row.judged, row.right, row.exact = True, found.judged, found.right, found.exact
            row.corrected, row.fields, row.bins = found.corrected, found.fields, found.bins
    return row


def would_pass(reading: Prediction) -> bool:
    """Whether a document with this reading would go through without a person, once acceptance is certified."""
    return work_for(route=reading.route, model_id=reading.model_id, certified=True) is Work.NOTHING


def _judged(gold: GoldRecord, reading: Prediction, label: Annotation | None) -> Judgement | None:
    """``None`` where something is stored in a form that cannot be read any more."""
    seen = label is not None and label.prediction_id == reading.pk and not label.task.seeded
    fields: Iterable[Any] = reading.fields if isinstance(reading.fields, list) else ()
    return judge(gold.record, reading.record, fields, label.record if seen and label is not None else None)
