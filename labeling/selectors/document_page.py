"""Everything that the page of one document shows: pages, record beside its confirmation, origin, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from invoices.models import Document, Page, Prediction, User
from invoices.selectors.provenance import vendor_reason
from invoices.veils import shown
from labeling.blindness import may_see, readable_annotations
from labeling.filled_in import filled_in
from labeling.models import GoldRecord, LabelingTask, TaskState
from labeling.prefill_shown import given_prediction, is_altered, shown_checks, shown_fields, shown_record
from labeling.selectors.document_history import Event, History, history_of
from labeling.selectors.record_view import RecordView, record_view
from labeling.task_view import is_for
from mlcore.record_json import record_from_json

Fields = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class DocumentPage:
    """The page of one document as one person may see it; ``task`` is the open one that this person may do.

    ``prediction`` is the pre-fill that its labeler sees or saw, else the newest, and ``None`` while this person may label without it;
    ``filled_in`` says in a biller's words how it was made. Labels by others are there once the last one is in.
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


def document_page(document_id: int, user: User) -> DocumentPage | None:
    """The document, or ``None`` when there is none: twelve queries, whatever its length.

    A document that the person is tested with is shown as it was before anybody had labeled it.
    """
    document = _documents().filter(pk=document_id).first()
    if document is None:
        return None
    pages = list(document.pages.defer("words"))
    predictions = list(document.predictions.order_by("pk"))
    golds = list(document.gold_records.order_by("pk").select_related("annotation__author"))
    tasks = list(document.tasks.filter(may_see(user)).order_by("pk").select_related("assignee", "prediction"))
    annotations = list(readable_annotations(document.annotations.all(), user).order_by("pk").select_related("author", "task"))
    given = given_prediction(user, document_id)
    if given is not None:
        shown([document], {document_id})
        predictions = [one for one in predictions if one.pk <= given.pk]
        golds, annotations = [], [one for one in annotations if one.author_id == user.pk]
    events = list(document.reading_events.order_by("pk").select_related("person"))
    theirs = [task for task in tasks if task.state == TaskState.OPEN and is_for(task, user)]
    own = next((task for task in theirs if task.assignee_id == user.pk or is_altered(task)), None)
    prediction = own.prediction if own is not None else given or _shown(predictions, tasks)
    record, fields, checks = _prefill(own, prediction)
    gold = next((record for record in golds if record.is_current), None)
    return DocumentPage(
        document=document,
        pages=pages,
        prediction=prediction,
        gold=gold,
        task=next(iter(theirs), None),
        record=_record(record, fields, gold),
        checks=list(checks),
        history=history_of(document, History(events, predictions, annotations, golds), user.pk),
        vendor_reason=vendor_reason(document),
        filled_in=filled_in(prediction) if prediction else "",
    )


def _documents() -> QuerySet[Document]:
    related = Document.objects.select_related("vendor", "uploaded_by", "near_duplicate_of")
    return related.defer("text_signature", "near_duplicate_of__text_signature")


def _shown(predictions: Sequence[Prediction], tasks: Sequence[LabelingTask]) -> Prediction | None:
    """A pre-fill that came after somebody had begun was shown to nobody."""
    given = next((task.prediction_id for task in tasks if task.prediction_id is not None), None)
    newest = predictions[-1] if predictions else None
    return next((prediction for prediction in predictions if prediction.pk == given), newest)


def _prefill(own: LabelingTask | None, prediction: Prediction | None) -> tuple[Any, Fields, Fields]:
    """Record, fields and checks: of the task that the person holds, or whose pre-fill is altered, as that task shows them."""
    if own is not None:
        return shown_record(own), shown_fields(own), shown_checks(own)
    return (prediction.record, prediction.fields, prediction.checks) if prediction else (None, [], [])


def _record(record: Any, fields: Fields, gold: GoldRecord | None) -> RecordView | None:
    if record is None and gold is None:
        return None
    predicted = record_from_json(record, ignore_unknown=True) if record is not None else None
    confirmed = record_from_json(gold.record, ignore_unknown=True) if gold else None
    evidence: Mapping[str, Any] = gold.evidence if gold else {}
    marks: Mapping[str, str] = gold.annotation.marks if gold and gold.annotation else {}
    return record_view(predicted, fields, confirmed, evidence, marks)
