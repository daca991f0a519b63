"""Everything that the page of one document shows: pages, record beside its confirmation, origin, history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from invoices.models import Document, Page, Prediction
from invoices.selectors.provenance import vendor_reason
from labeling.models import Annotation, GoldRecord, LabelingTask, TaskState
from labeling.selectors.record_view import RecordView, record_view
from mlcore.record_json import record_from_json


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to the document. ``who`` is empty when it was the machine."""

    at: dt.datetime
    icon: str
    text: str
    who: str = ""


@dataclass(frozen=True)
class DocumentPage:
    """The page of one document; ``prediction`` is the current one, ``task`` the open one."""

    document: Document
    pages: Sequence[Page]
    prediction: Prediction | None
    gold: GoldRecord | None
    task: LabelingTask | None
    record: RecordView | None
    checks: list[Mapping[str, Any]]
    history: list[Event]
    vendor_reason: str


def document_page(document_id: int) -> DocumentPage | None:
    """The document, or ``None`` when there is none: nine queries, whatever its length."""
    document = _documents().filter(pk=document_id).first()
    if document is None:
        return None
    pages = list(document.pages.defer("words"))
    predictions = list(document.predictions.order_by("pk"))
    golds = list(document.gold_records.order_by("pk").select_related("annotation__author"))
    tasks = list(document.tasks.order_by("pk").select_related("assignee"))
    annotations = list(document.annotations.order_by("pk").select_related("author", "task"))
    prediction = predictions[-1] if predictions else None
    gold = next((record for record in golds if record.is_current), None)
    return DocumentPage(
        document=document,
        pages=pages,
        prediction=prediction,
        gold=gold,
        task=next((task for task in tasks if task.state == TaskState.OPEN), None),
        record=_record(prediction, gold),
        checks=list(prediction.checks) if prediction else [],
        history=_history(document, predictions, annotations, golds),
        vendor_reason=vendor_reason(document),
    )


def _documents() -> QuerySet[Document]:
    related = Document.objects.select_related("vendor", "uploaded_by", "near_duplicate_of")
    return related.defer("text_signature", "near_duplicate_of__text_signature")


def _record(prediction: Prediction | None, gold: GoldRecord | None) -> RecordView | None:
    if prediction is None and gold is None:
        return None
    predicted = record_from_json(prediction.record, ignore_unknown=True) if prediction else None
    confirmed = record_from_json(gold.record, ignore_unknown=True) if gold else None
    fields: Sequence[Mapping[str, Any]] = prediction.fields if prediction else []
    evidence: Mapping[str, Any] = gold.evidence if gold else {}
    return record_view(predicted, fields, confirmed, evidence)


def _history(
    document: Document, predictions: Sequence[Prediction], annotations: Sequence[Annotation], golds: Sequence[GoldRecord]
) -> list[Event]:
    uploader = document.uploaded_by.get_full_name() or document.uploaded_by.username if document.uploaded_by else ""
    events = [Event(document.received_at, "upload", "Received", uploader)]
    if document.parsed_at is not None:
        events.append(Event(document.parsed_at, "file", f"Read: {document.page_count} page{'' if document.page_count == 1 else 's'}"))
    events += [Event(p.created_at, "pencil", f"Filled in by {p.model_id}") for p in predictions]
    for annotation in annotations:
        author = annotation.author.get_full_name() or annotation.author.username
        effort = f"{round(annotation.active_ms / 1000)} s active, {annotation.keystrokes} keystrokes"
        events.append(Event(annotation.submitted_at, "sign", f"{annotation.task.get_kind_display()} submitted, {effort}", author))
    for number, gold in enumerate(golds):
        events.append(Event(gold.created_at, "confirmed", "Became gold" if number == 0 else "Gold replaced by a newer record"))
    return sorted(events, key=lambda event: event.at)
