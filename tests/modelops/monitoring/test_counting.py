"""A day's numbers: what they are counted from, what changes them, and that counting again changes nothing."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from labeling.annotation import submit
from labeling.assignment.claims import claim_task
from labeling.models import LabelingTask
from labeling.submission import read_submission
from modelops.models import DailyMetric
from modelops.monitoring.counting import count_newer
from tests.conftest import Cast
from tests.labeling.conftest import RECORD

pytestmark = pytest.mark.django_db


def label(cast: Cast, task: LabelingTask, **changes: Any) -> None:
    record = copy.deepcopy(RECORD) | changes
    claim_task(user=cast.biller1, task_id=task.pk)
    submission = read_submission(record=record, version=0, marks={}, unsure=[], evidence={})
    submit(user=cast.biller1, task_id=task.pk, submission=submission)


def test_a_day_says_how_right_its_settled_documents_were_read(cast: Cast, make_task: Any) -> None:
    right, wrong = make_task(confidence=0.95), make_task(confidence=0.8)
    label(cast, right)
    label(cast, wrong, total="95.00", invoice_number="INV-2")
    count_newer()
    row = DailyMetric.objects.get(vendor=None)
    print({f.name: getattr(row, f.name) for f in row._meta.concrete_fields})
    assert (row.judged_documents, row.right_documents, row.settled) == (2, 1, 2)


def test_series(cast: Cast, make_task: Any) -> None:
    from modelops.selectors.metrics import by_vendor, series

    right, wrong = make_task(confidence=0.95), make_task(confidence=0.8)
    label(cast, right)
    label(cast, wrong, total="95.00", invoice_number="INV-2")
    count_newer()
    today = dt.datetime.now(dt.UTC).date()
    print(series(today - dt.timedelta(days=1), today)[-1].to_json(), by_vendor(today, today))
