"""Everything that the page of one document shows: pages, record beside its confirmation, origin, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from invoices.models import Document, Page, Prediction
from invoices.selectors.provenance import vendor_reason
from labeling.filled_in import filled_in
from labeling.models import GoldRecord, LabelingTask, TaskKind, TaskState
from labeling.selectors.document_history import Event, History, history_of
from labeling.selectors.record_view import RecordView, record_view
from mlcore.record_json import record_from_json


@dataclass(frozen=True)
class DocumentPage:
    """The page of one document; ``task`` is the open one.

    ``prediction`` is the pre-fill that its labeler sees or saw, else the newest; ``filled_in`` says in a biller's words how
    it was made.
    """

    document: Document
    pages: Sequence[Page]
    prediction: Prediction | None
    gold: GoldRecord | None
    task: LabelingTask | None
    record: RecordView | None
    checks: list[Mapping[str, Any]]
    history: list[Event]
    vendor_reason: str
    filled_in: str


def document_page(document_id: int) -> DocumentPage | None:
    """The document, or ``None`` when there is none: ten queries, whatever its length."""
    document = _documents().filter(pk=document_id).first()
    if document is None:
        return None
    pages = list(document.pages.defer("words"))
    predictions = list(document.predictions.order_by("pk"))
    golds = list(document.gold_records.order_by("pk").select_related("annotation__author"))
    tasks = list(document.tasks.order_by("pk").select_related("assignee"))
    annotations = list(document.annotations.order_by("pk").select_related("author", "task"))
    events = list(document.reading_events.order_by("pk").select_related("person"))
    prediction = _shown(predictions, tasks)
    gold = next((record for record in golds if record.is_current), None)
    return DocumentPage(
        document=document,
        pages=pages,
        prediction=prediction,
        gold=gold,
        task=next((task for task in tasks if task.state == TaskState.OPEN), None),
        record=_record(prediction, gold),
        checks=list(prediction.checks) if prediction else [],
        history=history_of(document, History(events, predictions, annotations, golds)),
        vendor_reason=vendor_reason(document),
        filled_in=filled_in(prediction) if prediction else "",
    )


def _documents() -> QuerySet[Document]:
    related = Document.objects.select_related("vendor", "uploaded_by", "near_duplicate_of")
    return related.defer("text_signature", "near_duplicate_of__text_signature")


def _shown(predictions: Sequence[Prediction], tasks: Sequence[LabelingTask]) -> Prediction | None:
    """A pre-fill that came after somebody had begun was shown to nobody."""
    given = next((task.prediction_id for task in tasks if task.kind == TaskKind.LABEL), None)
    newest = predictions[-1] if predictions else None
    return next((prediction for prediction in predictions if prediction.pk == given), newest)


def _record(prediction: Prediction | None, gold: GoldRecord | None) -> RecordView | None:
    if prediction is None and gold is None:
        return None
    predicted = record_from_json(prediction.record, ignore_unknown=True) if prediction else None
    confirmed = record_from_json(gold.record, ignore_unknown=True) if gold else None
    fields: Sequence[Mapping[str, Any]] = prediction.fields if prediction else []
    evidence: Mapping[str, Any] = gold.evidence if gold else {}
    marks: Mapping[str, str] = gold.annotation.marks if gold and gold.annotation else {}
    return record_view(predicted, fields, confirmed, evidence, marks)
