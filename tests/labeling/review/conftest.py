"""Review tasks of documents whose pre-fill is doubted in known ways."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from invoices.models import Document, Prediction
from labeling.models import LabelingTask, TaskKind
from labeling.review.doubted import describe
from tests.labeling.conftest import RECORD, prediction_fields


@pytest.fixture
def make_review(make_document: Callable[..., Document]) -> Callable[..., LabelingTask]:
    """An open review. ``values`` are header values of the pre-fill, ``low`` maps paths to confidences, ``nowhere`` lists paths."""

    def make(
        *,
        values: dict[str, Any] | None = None,
        low: dict[str, float] | None = None,
        nowhere: tuple[str, ...] = (),
        checks: tuple[dict[str, Any], ...] = (),
        **document: Any,
    ) -> LabelingTask:
        made = make_document(prefill=False, **document)
        record = {**copy.deepcopy(RECORD), **(values or {})}
        fields = [{**field, "confidence": (low or {}).get(field["path"], 0.99)} for field in prediction_fields(record)]
        fields = [{**field, "evidence": []} if field["path"] in nowhere else field for field in fields]
        prediction = Prediction.objects.create(
            document=made, model_id="template:test", record=record, fields=fields, checks=list(checks), route="review"
        )
        task = LabelingTask.objects.create(document=made, kind=TaskKind.REVIEW, prediction=prediction)
        describe(task)
        task.refresh_from_db()
        return task

    return make


CONTRADICTION = {"code": "sums", "severity": "error", "message": "The lines sum to 90.00.", "paths": ["total"], "places": []}
