"""What thresholds are simulated with: the first reading before the first label, held to the current gold."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import Prediction
from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.models import GoldRecord, LabelingTask, MeasuredReading, TaskKind, TaskState
from labeling.readings import measure, samples
from labeling.selectors.thresholds import threshold_curve
from labeling.submission import read_submission
from mlcore.templates.extractor import TemplateExtractor
from tests.conftest import Cast
from tests.labeling.conftest import RECORD, prediction_fields

pytestmark = pytest.mark.django_db


def label(cast: Cast, task: LabelingTask, **changes: Any) -> None:
    record = copy.deepcopy(RECORD) | changes
    claim_task(user=cast.biller1, task_id=task.pk)
    submission = read_submission(record=record, version=0, marks={}, unsure=[], evidence={})
    submit(user=cast.biller1, task_id=task.pk, submission=submission)


def test_right_and_wrong_documents_are_measured_once(cast: Cast, make_task: Any) -> None:
    right, wrong = make_task(confidence=0.95), make_task(confidence=0.8)
    label(cast, right)
    label(cast, wrong, total="95.00", invoice_number="INV-2")
    assert measure() == 2
    assert measure() == 0
    found = {one.document_id: (one.score, one.right, one.wrong, str(one.amount)) for one in MeasuredReading.objects.all()}
    assert found == {right.document_id: (0.95, True, 0, "90.0000"), wrong.document_id: (0.8, False, 2, "95.0000")}


def test_the_first_reading_counts_and_not_one_after_the_label(cast: Cast, make_task: Any) -> None:
    task = make_task(confidence=0.6)
    later = copy.deepcopy(RECORD)
    Prediction.objects.create(
        document=task.document, model_id="template:learned", record=later, fields=prediction_fields(later), route="review"
    )
    label(cast, task)
    Prediction.objects.create(document=task.document, model_id="template:again", record=later, fields=[], route="review")
    measure()
    assert MeasuredReading.objects.get().score == 0.6


def test_the_first_reading_by_a_model_goes_before_a_templates(cast: Cast, make_task: Any) -> None:
    task = make_task(confidence=0.6)
    Prediction.objects.filter(document=task.document).update(model_id=TemplateExtractor(None).model_id)
    for name, confidence in (("model-1", 0.85), ("model-2", 0.99)):
        fields = [{**field, "confidence": confidence} for field in prediction_fields(RECORD)]
        Prediction.objects.create(document=task.document, model_id=name, record=RECORD, fields=fields, route="review")
    label(cast, task)
    measure()
    assert MeasuredReading.objects.get().prediction.model_id == "model-1"


def test_a_contradicting_reading_has_the_score_nought(cast: Cast, make_task: Any) -> None:
    task = make_task(confidence=0.99)
    check = {"code": "sums", "severity": "error", "message": "No.", "paths": ["total"], "places": []}
    Prediction.objects.filter(document=task.document).update(checks=[check])
    label(cast, task)
    measure()
    assert MeasuredReading.objects.get().score == 0.0


def test_a_superseding_truth_measures_the_document_again(cast: Cast, make_task: Any) -> None:
    task = make_task()
    label(cast, task)
    measure()
    old = GoldRecord.objects.get()
    GoldRecord.objects.update(is_current=False)
    record = copy.deepcopy(RECORD) | {"total": "91.00"}
    GoldRecord.objects.create(document=task.document, annotation=old.annotation, record=record, supersedes=old)
    assert measure() == 1
    (one,) = samples()
    assert (one.right, one.wrong, str(one.amount)) == (False, 1, "91.0000")


def test_audits_are_told_apart(cast: Cast, make_task: Any) -> None:
    task = make_task()
    label(cast, task)
    LabelingTask.objects.create(document=task.document, kind=TaskKind.AUDIT, state=TaskState.DONE)
    measure()
    assert [one.audited for one in samples()] == [True]


def test_the_curve_costs_the_same_statements_for_many_documents(cast: Cast, make_task: Any) -> None:
    for _ in range(2):
        label(cast, make_task())
    assert measure() == 2
    with CaptureQueriesContext(connection) as few:
        threshold_curve()
    for _ in range(10):
        label(cast, make_task())
    assert threshold_curve().waiting == 10, "a page measures nothing itself"
    with CaptureQueriesContext(connection) as measuring:
        assert measure() == 10
    with CaptureQueriesContext(connection) as more:
        curve = threshold_curve()
    assert len(more) == len(few) <= 7
    assert len(measuring) <= 8
    assert curve.simulation["count"] == 12
    assert curve.waiting == 0


def test_a_record_that_was_written_late_is_measured_too(cast: Cast, make_task: Any) -> None:
    """Two labels at once: the one with the smaller id may be there only after the other was measured."""
    early, late = make_task(), make_task()
    label(cast, early)
    label(cast, late)
    hidden = GoldRecord.objects.get(document=early.document)
    GoldRecord.objects.filter(pk=hidden.pk).update(is_current=False)
    assert measure() == 1
    GoldRecord.objects.filter(pk=hidden.pk).update(is_current=True)
    assert measure() == 1
    assert len(samples()) == 2


def test_a_record_that_was_taken_back_counts_no_more(cast: Cast, make_task: Any) -> None:
    label(cast, make_task())
    measure()
    GoldRecord.objects.update(is_current=False)
    assert samples() == []
    assert measure() == 0
    assert threshold_curve().simulation["count"] == 0


def test_a_biller_gets_no_curve(cast: Cast, client_of: Any) -> None:
    assert client_of(cast.biller1).get("/api/v1/thresholds/").status_code == 403
    assert client_of(cast.senior).get("/api/v1/thresholds/").json()["count"] == 0
