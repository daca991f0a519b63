"""Days for tests: documents that come in, are read, pass or are labeled, and are settled when the test says so; and a plain slow count."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import uuid
from collections import defaultdict
from typing import Any

from invoices.models import Document, DocumentStatus, Page, Prediction, User, Vendor
from labeling.models import Annotation, Draw, GoldRecord, LabelingTask, TaskKind, TaskPurpose, TaskState
from mlcore.compare import Outcome, compare_records
from mlcore.record_json import record_from_json
from mlcore.schema import item_path
from tests.labeling.blind_pairs import place_in
from tests.labeling.conftest import RECORD, prediction_fields

MODEL = "adapter-1+template-5:zero-shot"
TEMPLATE = "template-5:zero-shot"


def at(day: str, time: str = "12:00") -> dt.datetime:
    """An instant in UTC."""
    return dt.datetime.fromisoformat(f"{day}T{time}+00:00")


def changed(**changes: str | None) -> dict[str, Any]:
    """The usual record with other values; ``__`` stands for the dot."""
    record = copy.deepcopy(RECORD)
    for path, value in changes.items():
        place_in(record, path.replace("__", "."), value)
    return record


def come_in(when: dt.datetime, vendor: Vendor | None = None, *, scanned: float | None = None, words: tuple[str, ...] = ()) -> Document:
    """A document that came in then, with one page; ``scanned`` is its word confidence, ``words`` what makes its layout."""
    sha256 = hashlib.sha256(uuid.uuid4().bytes).hexdigest()
    document = Document.objects.create(
        sha256=sha256, name="a.pdf", media_type="application/pdf", size=9, status=DocumentStatus.PREFILLED, page_count=1, vendor=vendor
    )
    Document.objects.filter(pk=document.pk).update(received_at=when)
    confidence = 1.0 if scanned is None else scanned
    boxes = [[word, 0.1, 0.1 + n / 50, 0.2, 0.115 + n / 50, n, confidence] for n, word in enumerate(words or ("Invoice", "Apex"))]
    Page.objects.create(
        document=document,
        number=1,
        width=612,
        height=792,
        source="text_layer" if scanned is None else "ocr",
        words=boxes,
        image_sha256=sha256,
        image_width=10,
        image_height=10,
    )
    document.refresh_from_db()
    return document


def read(
    document: Document, when: dt.datetime, *, route: str = "review", model_id: str = MODEL, sure: float = 0.9, **changes: str | None
) -> Prediction:
    """A reading of it."""
    record = changed(**changes)
    fields = [{**field, "confidence": sure} for field in prediction_fields(record)]
    reading = Prediction.objects.create(
        document=document,
        model_id=f"{model_id.split('+')[0]}-{uuid.uuid4().hex[:6]}+{TEMPLATE}" if "+" in model_id else model_id,
        record=record,
        fields=fields,
        route=route,
    )
    Prediction.objects.filter(pk=reading.pk).update(created_at=when)
    return reading


def passes(document: Document, when: dt.datetime, *, drawn: bool) -> None:
    """It goes through without a person; chance picks it to be checked, or not."""
    count = Draw.objects.count()
    draw = Draw.objects.create(document=document, what="audit", stratum="accepted", position=count + 1, share=0.5, seed=1, drawn=drawn)
    Draw.objects.filter(pk=draw.pk).update(at=when)
    if drawn:
        wait(document, when, TaskKind.AUDIT)


def wait(document: Document, since: dt.datetime, kind: str = TaskKind.LABEL, **values: Any) -> LabelingTask:
    """A person is asked to look at it."""
    shown = document.predictions.order_by("-pk").first()
    task = LabelingTask.objects.create(document=document, kind=kind, prediction=shown, **values)
    LabelingTask.objects.filter(pk=task.pk).update(created_at=since)
    return task


def submit(task: LabelingTask, when: dt.datetime, author: User, seconds: int = 60, **changes: str | None) -> Annotation:
    """The person submits, without that anything follows from it."""
    LabelingTask.objects.filter(pk=task.pk).update(state=TaskState.DONE, finished_at=when, assignee=author)
    label = Annotation.objects.create(
        task=task,
        document=task.document,
        author=author,
        prediction=task.prediction,
        record=changed(**changes),
        active_ms=seconds * 1000,
        request_hash="0" * 64,
    )
    Annotation.objects.filter(pk=label.pk).update(submitted_at=when)
    return label


def settle(document: Document, when: dt.datetime, *, annotation: Annotation | None = None, **changes: str | None) -> GoldRecord:
    """The truth about it is known from then on; one that counted so far is superseded."""
    before = GoldRecord.objects.filter(document=document).order_by("-pk").first()
    GoldRecord.objects.filter(document=document).update(is_current=False)
    gold = GoldRecord.objects.create(
        document=document, vendor=document.vendor, annotation=annotation, record=changed(**changes), supersedes=before
    )
    GoldRecord.objects.filter(pk=gold.pk).update(created_at=when)
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.GOLD)
    return gold


def label_and_settle(
    document: Document, when: dt.datetime, author: User, *, kind: str = TaskKind.LABEL, seconds: int = 60, **truth: Any
) -> None:
    """A person labels it, rightly, and that is the truth."""
    task = LabelingTask.objects.filter(document=document, kind=kind, state=TaskState.OPEN).first() or wait(document, when, kind)
    settle(document, when, annotation=submit(task, when, author, seconds, **truth), **truth)


_FINE = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


def plain_count(day: dt.date, vendor: Vendor | None) -> dict[str, Any]:
    """The numbers of a day as anybody would count them with all documents at hand: one after the other, nothing kept."""
    found: dict[str, Any] = defaultdict(int)
    fields: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    bins = [[0, 0, 0] for _ in range(20)]
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
    labels: set[int] = set()
    reviews: set[int] = set()
    since: list[dt.datetime] = []
    for document in Document.objects.order_by("pk"):
        mine = vendor is None or (document.vendor is not None and document.vendor.standing == vendor)
        first = Annotation.objects.filter(document=document, task__purpose=TaskPurpose.WORK).order_by("pk").first()
        readings = [
            one
            for one in Prediction.objects.filter(document=document).order_by("pk")
            if first is None or (one.created_at <= first.submitted_at and (first.prediction_id is None or one.pk <= first.prediction_id))
        ]
        reading = readings[-1] if readings else None
        draw = Draw.objects.filter(document=document, what="audit").first()
        if mine and document.received_at.astimezone(dt.UTC).date() == day:
            found["received"] += 1
            if reading is not None:
                found[f"read_{reading.route}"] += 1
                found["passed"] += draw is not None
                for one in reading.fields:
                    bins[min(19, int(one["confidence"] * 20 + 1e-9))][0] += 1
                for page in document.pages.all():
                    found["pages"] += 1
                    if page.source == "ocr":
                        found["ocr_pages"] += 1
                        found["ocr_confidence"] += sum(word[6] for word in page.words) / len(page.words)
        for task in LabelingTask.objects.filter(document=document, purpose=TaskPurpose.WORK) if mine else ():
            waits = task.state == TaskState.OPEN if task.finished_at is None else task.finished_at >= end
            if task.created_at < end and waits and task.kind != TaskKind.ADJUDICATE:
                (reviews if task.kind == TaskKind.REVIEW else labels).add(document.pk)
                since.append(task.created_at)
        golds = list(GoldRecord.objects.filter(document=document).order_by("pk"))
        current = next((gold for gold in golds if gold.is_current), None)
        if current is None or golds[0].created_at.astimezone(dt.UTC).date() != day:
            continue
        if vendor is not None and (current.vendor is None or current.vendor.standing != vendor):
            continue
        found["settled"] += 1
        for label in Annotation.objects.filter(document=document, task__purpose=TaskPurpose.WORK):
            found["labels"] += 1
            found["effort_seconds"] += label.active_ms / 1000
        mended = (
            [
                one
                for one in compare_records(record_from_json(first.record), record_from_json(reading.record)).fields
                if one.outcome not in _FINE
            ]
            if first is not None and reading is not None and first.prediction_id == reading.pk
            else []
        )
        found["corrected_documents"] += bool(mended)
        if reading is None or (draw is not None and not draw.drawn):
            continue
        found["judged_documents"] += 1
        compared = compare_records(record_from_json(current.record), record_from_json(reading.record)).fields
        exact = all(one.outcome in _FINE for one in compared)
        found["right_documents"] += exact
        if reading.route == "accepted" and reading.model_id != TEMPLATE:
            found["accepted_judged"] += 1
            found["accepted_right"] += exact
        sure = {one["path"]: one["confidence"] for one in reading.fields}
        for one in compared:
            if one.outcome == Outcome.BOTH_ABSENT:
                continue
            found["judged_values"] += 1
            found["right_values"] += one.outcome == Outcome.CORRECT
            fields[one.name][0] += 1
            fields[one.name][1] += one.outcome == Outcome.CORRECT
            if one.outcome != Outcome.MISSING:
                path = one.name if one.found_row is None else item_path(one.found_row, one.name.rpartition(".")[2])
                place = min(19, int(sure[path] * 20 + 1e-9))
                bins[place][1] += 1
                bins[place][2] += one.outcome == Outcome.CORRECT
        for one in mended:
            fields[one.name][2] += 1
    found["waiting_label"], found["waiting_review"] = len(labels), len(reviews)
    found["waiting_oldest"] = int((end - min(since)).total_seconds()) if since else 0
    return {**found, "fields": dict(sorted(fields.items())), "confidence": bins, "ocr_confidence": round(found["ocr_confidence"], 4)}
