"""Submitting: refusals, provenance, gold that supersedes, and that a retry changes nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from invoices.models import Prediction
from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.draft_edits import DraftRequest, Edit
from labeling.drafts import save_draft
from labeling.errors import LeaseLost, RecordInvalid, StaleVersion, TaskFinished, TaskNotFound
from labeling.models import Annotation, FieldEdit, GoldRecord, LabelingTask, TaskState
from labeling.sampling import open_task
from labeling.signals import gold_recorded
from labeling.submission import Submission, read_submission

pytestmark = pytest.mark.django_db


def submission(record: Any, **rest: Any) -> Submission:
    return read_submission(**{"record": record, "version": 0, "marks": {}, "unsure": [], "evidence": {}, **rest})


@pytest.fixture
def held(cast: Any, make_task: Any) -> LabelingTask:
    task: LabelingTask = make_task()
    claim_task(user=cast.biller1, task_id=task.pk)
    return task


def test_every_problem_is_reported_at_once(record: Any) -> None:
    record["date"] = "33.33.33"
    record["total"] = "lots"
    record["line_items"][1]["quantity"] = "two"
    record["colour"] = "red"
    with pytest.raises(RecordInvalid) as caught:
        submission(record, marks={"total": "smudged"}, evidence={"total": [{"page": 0, "box": [0, 0, 1, 1]}]})
    paths = [problem["path"] for problem in caught.value.extra["problems"]]
    assert sorted(paths) == ["colour", "date", "line_items[1].quantity", "total", "total", "total"]


def test_marks_unsure_and_places_name_fields_of_the_record(record: Any) -> None:
    with pytest.raises(RecordInvalid) as caught:
        submission(record, marks={"line_items[2].total": "blank"}, unsure=["nothing"], evidence={"line_items": []})
    assert [problem["code"] for problem in caught.value.extra["problems"]] == ["unknown_field"] * 3


def test_a_lost_lease_and_an_unknown_task_are_refused(cast: Any, held: LabelingTask, record: Any) -> None:
    with pytest.raises(LeaseLost):
        submit(user=cast.biller2, task_id=held.pk, submission=submission(record))
    with pytest.raises(TaskNotFound):
        submit(user=cast.biller1, task_id=999_999, submission=submission(record))
    assert not Annotation.objects.exists()


def test_a_lapsed_lease_that_nobody_took_may_still_submit(cast: Any, held: LabelingTask, record: Any) -> None:
    LabelingTask.objects.update(lease_expires_at=timezone.now() - timedelta(minutes=1))
    assert submit(user=cast.biller1, task_id=held.pk, submission=submission(record)).document_status == "gold"


def test_a_stale_version_is_refused_with_the_current_draft(cast: Any, held: LabelingTask, record: Any) -> None:
    edit = Edit(uuid.uuid4(), "total", {"value": "1.00", "cause": "typed"}, timezone.now())
    save_draft(user=cast.biller1, task_id=held.pk, request=DraftRequest(0, (edit,)))
    with pytest.raises(StaleVersion) as caught:
        submit(user=cast.biller1, task_id=held.pk, submission=submission(record))
    assert caught.value.extra["current"]["version"] == 1
    assert LabelingTask.objects.get().state == TaskState.OPEN


def test_the_same_submission_again_answers_the_same(cast: Any, held: LabelingTask, record: Any) -> None:
    announced: list[int] = []

    def receiver(gold_id: int, **_: Any) -> None:
        announced.append(gold_id)

    gold_recorded.connect(receiver)
    try:
        first = submit(user=cast.biller1, task_id=held.pk, submission=submission(record, active_ms=5))
        second = submit(user=cast.biller1, task_id=held.pk, submission=submission(record, active_ms=9))
    finally:
        gold_recorded.disconnect(receiver)
    assert first == second
    assert announced == [first.gold_id]
    with pytest.raises(TaskFinished):
        submit(user=cast.biller1, task_id=held.pk, submission=submission({**record, "total": "1.00"}))
    with pytest.raises(TaskFinished):
        submit(user=cast.biller2, task_id=held.pk, submission=submission(record))
    assert Annotation.objects.get().active_ms == 5


def test_an_annotation_is_immutable(cast: Any, held: LabelingTask, record: Any) -> None:
    submit(user=cast.biller1, task_id=held.pk, submission=submission(record))
    with pytest.raises(TypeError):
        Annotation.objects.get().save()


def test_provenance_and_keystrokes_saved(cast: Any, held: LabelingTask, record: Any) -> None:
    record["vendor"]["address"] = None
    record["total"] = "90.0"
    record["line_items"][0]["quantity"] = "3"
    record["line_items"][1]["ndc_code"] = "00069-3150-83"
    submit(user=cast.biller1, task_id=held.pk, submission=submission(record, keystrokes=7))
    provenance = GoldRecord.objects.get().provenance
    sources = {path: entry["source"] for path, entry in provenance.items()}
    assert sources["vendor.address"] == "corrected"
    assert sources["total"] == "confirmed", "90.0 is 90.00"
    assert sources["line_items[0].quantity"] == "corrected"
    assert sources["line_items[1].ndc_code"] == "typed"
    assert provenance["line_items[1].ndc_code"]["model_id"] is None
    kept = "Apex Infusion", "INV-1001", "2026-03-04", "90.00", "0.00", "90.0"
    rows = "Ondansetron 4 mg", "00069-3150-83", "J2405", "standard_medication", "22.50", "45.00"
    rows2 = "Infusion, first hour", "96365", "bundled_service", "1", "45.00", "45.00"
    assert Annotation.objects.get().keystrokes_saved == sum(map(len, (*kept, *rows, *rows2))) - 7


def test_inserted_and_removed_rows_keep_their_origin(cast: Any, held: LabelingTask, record: Any) -> None:
    edits = tuple(
        Edit(uuid.uuid4(), key, {"value": "7", "cause": "typed"}, timezone.now()) for key in ("nabc.quantity", "p0.quantity", "p1.quantity")
    )
    save_draft(user=cast.biller1, task_id=held.pk, request=DraftRequest(0, edits, ["nabc", "p1"], True))
    record["line_items"] = [{"description": "Tubing", "quantity": "7"}, {**record["line_items"][1], "quantity": "7"}]
    submit(user=cast.biller1, task_id=held.pk, submission=submission(record, version=1))
    assert sorted(FieldEdit.objects.values_list("row_id", "path")) == [
        ("nabc", "line_items[0].quantity"),
        ("p0", ""),
        ("p1", "line_items[1].quantity"),
    ]
    provenance = GoldRecord.objects.get().provenance
    assert provenance["line_items[0].quantity"]["source"] == "typed"
    assert provenance["line_items[1].quantity"]["source"] == "corrected"
    assert provenance["line_items[1].description"]["source"] == "confirmed"


def test_a_later_gold_record_supersedes_the_earlier(cast: Any, held: LabelingTask, record: Any) -> None:
    first = submit(user=cast.biller1, task_id=held.pk, submission=submission(record))
    again = LabelingTask.objects.create(document_id=held.document_id, ordinal=2, policy_id=held.policy_id)
    claim_task(user=cast.biller2, task_id=again.pk)
    second = submit(user=cast.biller2, task_id=again.pk, submission=submission({**record, "total": "91.00"}))
    gold = GoldRecord.objects.get(is_current=True)
    assert (gold.pk, gold.supersedes_id) == (second.gold_id, first.gold_id)


def test_a_document_without_a_pre_fill_is_labeled_from_nothing(cast: Any, make_task: Any, record: Any) -> None:
    task = make_task(prefill=False, vendor=None)
    claim_task(user=cast.biller1, task_id=task.pk)
    submit(user=cast.biller1, task_id=task.pk, submission=submission(record))
    assert {entry["source"] for entry in GoldRecord.objects.get().provenance.values()} == {"typed"}


def test_opening_a_task_is_idempotent_and_follows_the_newest_prediction_until_touched(cast: Any, make_document: Any, record: Any) -> None:
    def predict(model_id: str) -> Prediction:
        return Prediction.objects.create(document=document, model_id=model_id, record=record, fields=[], route="review")

    document = make_document(prefill=False)
    task_id = open_task(document.pk)
    second = predict("a")
    assert open_task(document.pk) == task_id
    assert LabelingTask.objects.get().prediction_id == second.pk
    claim_task(user=cast.biller1, task_id=task_id)
    predict("b")
    open_task(document.pk)
    assert LabelingTask.objects.get().prediction_id == second.pk
    edit = Edit(uuid.uuid4(), "total", {"value": "1.00", "cause": "typed"}, timezone.now())
    save_draft(user=cast.biller1, task_id=task_id, request=DraftRequest(0, (edit,)))
    LabelingTask.objects.update(assignee=None, lease_expires_at=None)
    open_task(document.pk)
    assert LabelingTask.objects.get().prediction_id == second.pk, "a draft refers to the pre-fill it was made on"
