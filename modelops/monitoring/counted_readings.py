"""Bringing what is kept of each reading up to date: which reading counts, how sure it was, whether the document passed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from invoices.models import Document, Prediction
from invoices.parsing import document_text
from labeling.corrections.names import STANDING, corrected_name, restored_name
from labeling.models import Annotation, Draw, LabelingTask, TaskKind, TaskPurpose, TaskState
from mlcore.documents import DocumentText, TextSource
from mlcore.errors import DocumentError
from modelops.models import CountedReading
from modelops.monitoring.bins import BINS, counts_by_bin
from modelops.monitoring.days import Fence, day_of, mark, mark_from, no_fence
from modelops.monitoring.layouts import Layouts, marks_of

AT_ONCE = 200
"""Documents in one transaction."""

_ALWAYS = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
_ANY = 2**62
_MAIN = (TaskKind.LABEL, TaskKind.SECOND_LABEL, TaskKind.REVIEW)
_BY_PEOPLE = (
    Q(model_id__startswith=STANDING) | Q(model_id__contains=corrected_name("", 0)[:-1]) | Q(model_id__contains=restored_name("", 0)[:-1])
)
"""Pre-fills that no reader made: people's corrections, and gold records that are looked at again."""

_WRITTEN = ["day", "vendor", "prediction", "route", "passed", "bins", "revision", "pages", "ocr_pages", "ocr_confidence", "novel"]


def with_reading(documents: QuerySet[Document]) -> QuerySet[Any]:
    """With ``counts``: the id of the reading that counts, ``None`` without one.

    It is the newest that a reader made before the first label was submitted, and not after the one which that label's person was shown.
    """
    first = Annotation.objects.filter(document=OuterRef("pk"), task__purpose=TaskPurpose.WORK).order_by("pk")
    readings = Prediction.objects.filter(document=OuterRef("pk"), created_at__lte=OuterRef("labeled"), pk__lte=OuterRef("shown"))
    return documents.annotate(
        labeled=Coalesce(Subquery(first.values("submitted_at")[:1]), Value(_ALWAYS)),
        shown=Coalesce(Subquery(first.values("prediction")[:1]), Value(_ANY), output_field=BigIntegerField()),
    ).annotate(counts=Subquery(readings.exclude(_BY_PEOPLE).order_by("-pk").values("pk")[:1]))


def went_through(document: str) -> Q:
    """Whether a document went through without a person: it was drawn, or not drawn, to be checked; or nobody was asked to look at it.

    ``document`` is the outer query's column of the document's id.
    """
    tasks = LabelingTask.objects.filter(document=OuterRef(document), kind__in=_MAIN, purpose=TaskPurpose.WORK)
    withdrawn, asked = tasks.filter(state=TaskState.WITHDRAWN), tasks.exclude(state=TaskState.WITHDRAWN)
    return Exists(Draw.objects.filter(document=OuterRef(document), what="audit")) | (Q(Exists(withdrawn)) & ~Q(Exists(asked)))


def refresh_readings(limit: int = AT_ONCE, *, fence: Fence = no_fence) -> int:
    """Look at ``limit`` documents whose reading was not counted, or is another now, the oldest first; answers how many there were.

    Marks the days that are to be counted again. Idempotent; nine statements and those of marking, however many there are.
    """
    with transaction.atomic():
        documents = list(_waiting().order_by("pk")[:limit])
        if documents:
            _refresh(documents)
            fence()
    return len(documents)


def _waiting() -> QuerySet[Any]:
    """Documents with a reading whose row is missing, or says something else than what is known now."""
    known = CountedReading.objects.filter(document=OuterRef("pk"), prediction=OuterRef("counts"))
    owned = Q(vendor=OuterRef("vendor")) | Q(vendor=None, document__vendor=None)
    missed = CountedReading.objects.filter(document=OuterRef("pk"), passed=False)
    found = with_reading(Document.objects.all()).filter(counts__isnull=False)
    return found.filter(~Exists(known.filter(owned)) | (Q(Exists(missed)) & went_through("pk")))


def _refresh(documents: Sequence[Document]) -> None:
    ids = [document.pk for document in documents]
    before = {row.document_id: row for row in CountedReading.objects.filter(document__in=ids)}
    readings = Prediction.objects.defer("record", "checks").in_bulk([_counts(document) for document in documents])
    through = set(Document.objects.filter(went_through("pk"), pk__in=ids).values_list("pk", flat=True))
    texts = _texts([document.pk for document in documents if not _is_known(document, before.get(document.pk), readings)])
    layouts = Layouts({document.vendor_id for document in documents if document.vendor_id}, ids)
    rows = []
    for document in documents:
        row = _row(document, before.get(document.pk), readings[_counts(document)], texts.get(document.pk), layouts)
        row.passed = row.passed or document.pk in through
        rows.append(row)
    layouts.keep()
    CountedReading.objects.bulk_create(rows, update_conflicts=True, unique_fields=["document"], update_fields=_WRITTEN)
    mark(row.day for row in rows)
    moved = [row.day for row in rows if row.document_id in before and before[row.document_id].vendor_id != row.vendor_id]
    if moved:  # what waited at the end of a day is counted by vendor too
        mark_from(min(moved))


def _is_known(document: Document, row: CountedReading | None, readings: Mapping[int, Prediction]) -> bool:
    """Whether the same text was looked at before, for the same vendor."""
    return row is not None and row.vendor_id == document.vendor_id and row.revision == readings[_counts(document)].parse_revision


def _counts(document: Document) -> int:
    found: Any = document
    return int(found.counts)


def _texts(ids: Sequence[int]) -> dict[int, DocumentText]:
    """The text of documents that were not looked at before, or were read again since; two statements. One that cannot be read has none."""
    found: dict[int, DocumentText] = {}
    for document in Document.objects.filter(pk__in=ids).prefetch_related("pages"):
        try:
            found[document.pk] = document_text(document)
        except DocumentError:
            found[document.pk] = DocumentText(())
    return found


def _row(
    document: Document, before: CountedReading | None, reading: Prediction, text: DocumentText | None, layouts: Layouts
) -> CountedReading:
    row = CountedReading(
        document=document,
        day=day_of(document.received_at),
        vendor_id=document.vendor_id,
        prediction=reading,
        route=reading.route,
        passed=before.passed if before else False,
        bins=_bins(reading),
        revision=reading.parse_revision,
    )
    if text is None and before is not None:
        row.pages, row.ocr_pages, row.ocr_confidence, row.novel = before.pages, before.ocr_pages, before.ocr_confidence, before.novel
        return row
    pages = text.pages if text else ()
    scanned = [page for page in pages if page.source is TextSource.OCR]
    row.pages, row.ocr_pages = len(pages), len(scanned)
    row.ocr_confidence = sum(_mean_confidence([word.confidence for word in page.words]) for page in scanned)
    row.novel = layouts.look(document.pk, document.vendor_id, marks_of(text) if text and pages else frozenset())
    return row


def _mean_confidence(confidences: Sequence[float]) -> int:
    """In ten-thousandths, 0 for a page on which no word was found."""
    return round(10_000 * sum(confidences) / len(confidences)) if confidences else 0


def _bins(reading: Prediction) -> list[int]:
    try:
        return counts_by_bin(reading.fields)
    except (AttributeError, KeyError, TypeError, ValueError):
        return [0] * BINS
