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
    plain = _Plain(day, vendor)
    for document in Document.objects.order_by("pk"):
        plain.count(document)
    return plain.told()


class _Plain:
    """The sums of one day, of one vendor or of all."""

    def __init__(self, day: dt.date, vendor: Vendor | None) -> None:
        self.day, self.vendor = day, vendor
        self.end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
        self.found: dict[str, Any] = defaultdict(int)
        self.fields: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self.bins = [[0, 0, 0] for _ in range(20)]
        self.labels: set[int] = set()
        self.reviews: set[int] = set()
        self.since: list[dt.datetime] = []

    def told(self) -> dict[str, Any]:
        """The row as it has to stand in the table."""
        self.found["waiting_label"], self.found["waiting_review"] = len(self.labels), len(self.reviews)
        self.found["waiting_oldest"] = int((self.end - min(self.since)).total_seconds()) if self.since else 0
        more = {"fields": dict(sorted(self.fields.items())), "confidence": self.bins}
        return {**self.found, **more, "ocr_confidence": round(self.found["ocr_confidence"], 4)}

    def count(self, document: Document) -> None:
        """Add what one document has to do with the day."""
        mine = self.vendor is None or (document.vendor is not None and document.vendor.standing == self.vendor)
        first = Annotation.objects.filter(document=document, task__purpose=TaskPurpose.WORK).order_by("pk").first()
        readings = [
            one
            for one in Prediction.objects.filter(document=document).order_by("pk")
            if first is None or (one.created_at <= first.submitted_at and (first.prediction_id is None or one.pk <= first.prediction_id))
        ]
        reading = readings[-1] if readings else None
        draw = Draw.objects.filter(document=document, what="audit").first()
        if mine and document.received_at.astimezone(dt.UTC).date() == self.day:
            self._received(document, reading, draw)
        if mine:
            self._waits(document)
        self._settled(document, first, reading, draw)

    def _received(self, document: Document, reading: Prediction | None, draw: Draw | None) -> None:
        self.found["received"] += 1
        if reading is None:
            return
        self.found[f"read_{reading.route}"] += 1
        self.found["passed"] += draw is not None
        for one in reading.fields:
            self.bins[min(19, int(one["confidence"] * 20 + 1e-9))][0] += 1
        for page in document.pages.all():
            self.found["pages"] += 1
            if page.source == "ocr":
                self.found["ocr_pages"] += 1
                self.found["ocr_confidence"] += sum(word[6] for word in page.words) / len(page.words)

    def _waits(self, document: Document) -> None:
        for task in LabelingTask.objects.filter(document=document, purpose=TaskPurpose.WORK):
            waits = task.state == TaskState.OPEN if task.finished_at is None else task.finished_at >= self.end
            if task.created_at < self.end and waits and task.kind != TaskKind.ADJUDICATE:
                (self.reviews if task.kind == TaskKind.REVIEW else self.labels).add(document.pk)
                self.since.append(task.created_at)

    def _settled(self, document: Document, first: Annotation | None, reading: Prediction | None, draw: Draw | None) -> None:
        golds = list(GoldRecord.objects.filter(document=document).order_by("pk"))
        current = next((gold for gold in golds if gold.is_current), None)
        if current is None or golds[0].created_at.astimezone(dt.UTC).date() != self.day:
            return
        if self.vendor is not None and (current.vendor is None or current.vendor.standing != self.vendor):
            return
        self.found["settled"] += 1
        for label in Annotation.objects.filter(document=document, task__purpose=TaskPurpose.WORK):
            self.found["labels"] += 1
            self.found["effort_seconds"] += label.active_ms / 1000
        mended = _unlike(first.record, reading.record) if first and reading and first.prediction_id == reading.pk else []
        self.found["corrected_documents"] += bool(mended)
        if reading is None or (draw is not None and not draw.drawn):
            return
        self._judged(current, reading)
        for one in mended:
            self.fields[one.name][2] += 1

    def _judged(self, gold: GoldRecord, reading: Prediction) -> None:
        self.found["judged_documents"] += 1
        compared = compare_records(record_from_json(gold.record), record_from_json(reading.record)).fields
        exact = all(one.outcome in _FINE for one in compared)
        self.found["right_documents"] += exact
        if reading.route == "accepted" and reading.model_id != TEMPLATE:
            self.found["accepted_judged"] += 1
            self.found["accepted_right"] += exact
        sure = {one["path"]: one["confidence"] for one in reading.fields}
        for one in compared:
            if one.outcome == Outcome.BOTH_ABSENT:
                continue
            right = one.outcome == Outcome.CORRECT
            self.found["judged_values"] += 1
            self.found["right_values"] += right
            self.fields[one.name][0] += 1
            self.fields[one.name][1] += right
            if one.outcome != Outcome.MISSING:
                path = one.name if one.found_row is None else item_path(one.found_row, one.name.rpartition(".")[2])
                place = min(19, int(sure[path] * 20 + 1e-9))
                self.bins[place][1] += 1
                self.bins[place][2] += right


def _unlike(label: dict[str, Any], reading: dict[str, Any]) -> list[Any]:
    """The fields in which a label differs from what had been filled in."""
    compared = compare_records(record_from_json(label), record_from_json(reading)).fields
    return [one for one in compared if one.outcome not in _FINE]
