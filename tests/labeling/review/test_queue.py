"""The review queue: order, filters, counters, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.models import Document, Prediction
from labeling.models import Annotation, FieldDoubt, LabelingTask, TaskKind, TaskState
from labeling.review.doubted import describe_open
from labeling.review.hours import FLOOR
from labeling.selectors.review_queue import PAGE_SIZE, ReviewFilter, review_list
from tests.conftest import Cast
from tests.labeling.review.conftest import CONTRADICTION

pytestmark = pytest.mark.django_db
Make = Callable[..., LabelingTask]


def listed(cast: Cast, **wanted: Any) -> list[LabelingTask]:
    return [row.task for row in review_list(cast.senior, ReviewFilter(**wanted)).rows]


def test_worst_and_most_valuable_come_first(cast: Cast, make_review: Make) -> None:
    little = make_review(low={"total": 0.5})
    valuable = make_review(values={"total": "9000.00", "subtotal": "9000.00"}, low={"total": 0.5})
    worst = make_review(values={"total": "9000.00", "subtotal": "9000.00"}, checks=(CONTRADICTION,))
    assert listed(cast) == [worst, valuable, little]
    assert [worst.priority, valuable.priority, little.priority] == [9000, 4500, 45]


def test_filters_by_field_cause_and_vendor(cast: Cast, make_review: Make) -> None:
    low = make_review(low={"date": 0.5})
    nowhere = make_review(nowhere=("line_items[1].total",), vendor="Zenith")
    wrong = make_review(checks=(CONTRADICTION,))
    assert listed(cast, field="date") == [low]
    assert listed(cast, cause="contradiction") == [wrong]
    assert listed(cast, field="line_items.total", cause="place") == [nowhere]
    assert listed(cast, vendor=nowhere.document.vendor_id) == [nowhere]
    assert listed(cast, field="date", cause="place") == []
    page = review_list(cast.senior, ReviewFilter())
    assert page.counts == {"": 3, "contradiction": 1, "check": 0, "low": 1, "place": 1, "marked": 0}


def test_hours_come_from_measured_reviews_or_not_at_all(cast: Cast, make_review: Make) -> None:
    for _ in range(3):
        make_review(low={"total": 0.5})
    assert review_list(cast.senior, ReviewFilter()).hours("") is None
    for number in range(FLOOR):
        task = make_review(low={"total": 0.5})
        Annotation.objects.create(
            task=task, document=task.document, author=cast.senior, record={}, active_ms=30_000 + 1_000 * (number % 3), request_hash=""
        )
        LabelingTask.objects.filter(pk=task.pk).update(state=TaskState.DONE)
    page = review_list(cast.senior, ReviewFilter())
    assert page.pace.seconds == 31.0
    assert page.hours("") == pytest.approx(3 * 31 / 3600)


def test_a_review_that_nobody_described_is_found_and_described(cast: Cast, make_document: Any) -> None:
    document = make_document(confidence=0.4)
    task = LabelingTask.objects.create(document=document, kind=TaskKind.REVIEW, prediction=document.predictions.get())
    assert describe_open() == 1
    client = Client()
    client.force_login(cast.senior)
    assert "Low confidence" in client.get("/review/").content.decode()
    task.refresh_from_db()
    assert task.priority == 54  # 90.00 at a confidence of 0.4
    assert describe_open() == 0


def test_a_page_costs_the_same_statements_at_many_documents(cast: Cast, make_review: Make) -> None:
    make_review(low={"total": 0.5})
    with CaptureQueriesContext(connection) as few:
        review_list(cast.senior, ReviewFilter(field="total", cause="low"))
    many(500)
    with CaptureQueriesContext(connection) as more:
        page = review_list(cast.senior, ReviewFilter(field="total", cause="low"))
    assert len(more) == len(few) <= 7
    assert len(page.rows) == PAGE_SIZE
    assert page.next


def test_pages_walk_the_index_and_sort_nothing(cast: Cast) -> None:
    many(200)
    run: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, is_many: bool, context: Any) -> Any:
        if f"LIMIT {PAGE_SIZE + 1}" in sql:
            run.append((sql, params))
        return execute(sql, params, is_many, context)

    seen: list[int] = []
    cursor = ""
    with connection.execute_wrapper(note):
        for _ in range(3):
            page = review_list(cast.senior, ReviewFilter(cursor=cursor))
            seen += [row.task.pk for row in page.rows]
            cursor = page.next
    assert len(seen) == len(set(seen)) == 3 * PAGE_SIZE
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL sorts small tables whatever their indexes")
    for sql, params in run:
        with connection.cursor() as explained:
            explained.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = str(explained.fetchall())
        assert "TEMP B-TREE" not in plan, plan


def many(count: int) -> None:
    """Described reviews without pages, quickly."""
    start = Document.objects.count()
    documents = Document.objects.bulk_create(
        Document(sha256=f"{start + n:064x}", name=f"d{n}.pdf", media_type="application/pdf", size=1) for n in range(count)
    )
    predictions = Prediction.objects.bulk_create(
        Prediction(document=document, model_id="m", record={}, fields=[], route="review") for document in documents
    )
    tasks = LabelingTask.objects.bulk_create(
        LabelingTask(document=document, prediction=prediction, kind=TaskKind.REVIEW, priority=document.pk % 7)
        for document, prediction in zip(documents, predictions, strict=True)
    )
    rows = list(product(("total", "*"), ("low", "*")))
    FieldDoubt.objects.bulk_create(FieldDoubt(task=task, name=name, cause=cause) for task in tasks for name, cause in rows)
