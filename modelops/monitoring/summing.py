"""Adding the documents of a day up: a handful of statements, and one row in memory at a time, however many documents there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from invoices.models import Document
from labeling.models import LabelingTask, TaskKind, TaskPurpose, TaskState
from mlcore.documents import Route
from mlcore.inference.model_names import authors_of
from modelops.models import CountedDocument, CountedReading
from modelops.monitoring.days import end_of, start_of
from modelops.monitoring.sums import STRATA, Sums

Scopes = dict[int | None, Sums]
"""By vendor; all together under ``None``."""

_CHUNK = 2000
_LABELS = (TaskKind.LABEL, TaskKind.SECOND_LABEL, TaskKind.AUDIT)
_ROUTES = frozenset(route.value for route in Route)


def sums_of(day: dt.date, now: dt.datetime) -> Scopes:
    """Everything of one day, as it is known now; of a day that is not over how it stands at ``now``. Four statements."""
    scopes: Scopes = defaultdict(Sums)
    scopes[None] = Sums()
    _received(day, scopes)
    _read(day, scopes)
    _settled(day, scopes)
    _waiting(min(end_of(day), now), scopes)
    return scopes


def _standing(vendor: str = "vendor") -> Coalesce:
    """The vendor that stands for a document's: the one that took it over, if one did."""
    return Coalesce(F(f"{vendor}__merged_into"), F(vendor))


def _both(scopes: Scopes, vendor: int | None) -> Iterator[Sums]:
    yield scopes[None]
    if vendor is not None:
        yield scopes[vendor]


def _received(day: dt.date, scopes: Scopes) -> None:
    came = Document.objects.filter(received_at__gte=start_of(day), received_at__lt=end_of(day))
    for vendor, count in came.annotate(standing=_standing()).order_by().values_list("standing").annotate(n=Count("pk")):
        for sums in _both(scopes, vendor):
            sums.add(received=count)


def _read(day: dt.date, scopes: Scopes) -> None:
    rows = CountedReading.objects.filter(day=day).annotate(standing=_standing()).order_by("document")
    names = ("standing", "route", "bins", "passed", "pages", "ocr_pages", "ocr_confidence", "novel", "prediction", "prediction__model_id")
    for vendor, route, bins, passed, pages, ocr_pages, ocr_confidence, novel, reading, model_id in _streamed(rows, names):
        model = _model(model_id)
        for sums in _both(scopes, vendor):
            sums.reading(route if route in _ROUTES else Route.FLAGGED.value, bins)
            sums.add(passed=int(passed), pages=pages, ocr_pages=ocr_pages, novel=int(novel))
            sums.ocr_ten_thousandths += ocr_confidence
            if model:
                sums.newest = max(sums.newest, (reading, model[:80]))


@lru_cache(maxsize=1024)
def _model(model_id: str) -> str:
    return authors_of(model_id).model


def _settled(day: dt.date, scopes: Scopes) -> None:
    rows = CountedDocument.objects.filter(day=day).annotate(standing=_standing()).order_by("document")
    counts = ("stratum", "accepted", "judged", "right", "exact", "fields", "bins")
    for vendor, labels, effort, is_judged, corrected, *judged in _streamed(
        rows, ("standing", "labels", "effort_ms", "is_judged", "corrected", *counts)
    ):
        for sums in _both(scopes, vendor):
            sums.add(settled=1, labels=labels, corrected_documents=int(corrected > 0))
            sums.effort_ms += effort
            if is_judged and judged[0] in STRATA:
                sums.judged(*judged)


def _waiting(end: dt.datetime, scopes: Scopes) -> None:
    """Documents that waited at ``end`` for a label or a review: one waits until all of its labels are in."""
    still = Q(finished_at=None, state=TaskState.OPEN) | Q(finished_at__gte=end)
    tasks = LabelingTask.objects.filter(still, kind__in=(*_LABELS, TaskKind.REVIEW), purpose=TaskPurpose.WORK, created_at__lt=end)
    line = Case(When(kind=TaskKind.REVIEW, then=Value("waiting_review")), default=Value("waiting_label"))
    lines = tasks.annotate(standing=_standing("document__vendor"), line=line).order_by().values_list("standing", "line")
    for vendor, name, count, oldest in lines.annotate(n=Count("document", distinct=True), oldest=Min("created_at")):
        for sums in _both(scopes, vendor):
            sums.add(**{name: count})
            age = int((end - oldest).total_seconds())
            sums.numbers["waiting_oldest"] = max(sums.numbers["waiting_oldest"], age)


def _streamed(rows: QuerySet[Any], names: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """Row by row; read to the end, so that no cursor stays open."""
    yield from rows.values_list(*names).iterator(chunk_size=_CHUNK)
