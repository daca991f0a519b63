"""Batch verification: what is kept of it, who never comes into it, and what a page costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invoices.models import Document, DocumentStatus
from labeling.assignment.claims import claim_task
from labeling.errors import RequestInvalid
from labeling.models import FieldDoubt, FieldVerification, LabelingTask, TaskKind, TaskPurpose, TaskState
from labeling.review.verification import MOST, Said, verifiable, verify
from labeling.selectors.verification_grid import PAGE_SIZE, GridFilter, verification_grid
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
Make = Callable[..., LabelingTask]


def shown(field: str = "total") -> set[int]:
    return {card.document.pk for card in verification_grid(GridFilter(field=field)).cards}


def said(task: LabelingTask, verdict: str = "confirmed", value: str | None = None) -> Said:
    return Said(task.document_id, task.prediction_id or 0, verdict, value)


def test_a_batch_is_kept_as_it_was_said(cast: Cast, make_task: Make) -> None:
    right, wrong, typed = make_task(), make_task(), make_task()
    done = verify(user=cast.senior, path="total", said=[said(right), said(wrong, "wrong"), said(typed, "corrected", "$1,095.00")])
    assert (done.confirmed, done.marked, done.corrected, dict(done.skipped)) == (1, 1, 1, {})
    stored = {one.document_id: (one.verdict, one.value, one.by) for one in FieldVerification.objects.all()}
    assert stored == {
        right.document_id: ("confirmed", "90.00", cast.senior),
        wrong.document_id: ("wrong", "90.00", cast.senior),
        typed.document_id: ("corrected", "1095.00", cast.senior),
    }
    assert shown() == set()
    assert shown("date") == {right.document_id, typed.document_id, wrong.document_id}


def test_a_mark_goes_to_a_review_with_the_field_in_doubt(cast: Cast, client_of: Any, make_task: Make) -> None:
    task = make_task(confidence=0.99)
    verify(user=cast.senior, path="total", said=[said(task, "wrong")])
    review = LabelingTask.objects.get(document=task.document_id, kind=TaskKind.REVIEW)
    assert ("total", "marked") in FieldDoubt.objects.filter(task=review).values_list("name", "cause")
    assert review.priority == 90
    assert review == task, "the label that nobody had touched becomes the review"
    claimed = client_of(cast.senior).post("/api/v1/tasks/claim/", {"kind": "review"}, format="json").json()
    assert [(doubt["path"], doubt["cause"]) for doubt in claimed["doubts"]] == [("total", "marked")]


def test_a_correction_on_a_document_that_nobody_would_see_is_reviewed(cast: Cast, make_task: Make) -> None:
    waiting, accepted = make_task(), make_task()
    LabelingTask.objects.filter(pk=accepted.pk).update(state=TaskState.WITHDRAWN)
    verify(user=cast.senior, path="total", said=[said(one, "corrected", "1095.00") for one in (waiting, accepted)])
    accepted.refresh_from_db()
    assert (accepted.kind, accepted.state) == ("review", "open")
    waiting.refresh_from_db()
    assert (waiting.kind, waiting.state) == ("label", "open"), "somebody is asked anyway, and is shown the correction"


def test_the_pairs_that_are_labeled_blind_never_come_into_a_batch(cast: Cast, make_task: Make) -> None:
    free, paired, withdrawn, drawn = (make_task() for _ in range(4))
    LabelingTask.objects.create(document=paired.document, kind=TaskKind.SECOND_LABEL)
    LabelingTask.objects.create(document=withdrawn.document, kind=TaskKind.SECOND_LABEL, state=TaskState.WITHDRAWN)
    LabelingTask.objects.filter(pk=drawn.pk).update(drawn_for="double")
    assert shown() == {free.document_id}
    everything = [said(task) for task in (free, paired, withdrawn, drawn)]
    done = verify(user=cast.senior, path="total", said=everything)
    assert set(done.skipped) == {paired.document_id, withdrawn.document_id, drawn.document_id}
    assert set(FieldVerification.objects.values_list("document", flat=True)) == {free.document_id}


def test_what_is_in_work_done_or_a_test_is_left_alone(cast: Cast, make_task: Make) -> None:
    held, done, test, seeded, gold, free = (make_task() for _ in range(6))
    claim_task(user=cast.biller1, task_id=held.pk)
    LabelingTask.objects.filter(pk=done.pk).update(state=TaskState.DONE)
    LabelingTask.objects.filter(pk=test.pk).update(purpose=TaskPurpose.GOLD_TEST)
    LabelingTask.objects.filter(pk=seeded.pk).update(seeded={"total": {"right": "90.00", "wrong": "9.00"}})
    Document.objects.filter(pk=gold.document_id).update(status=DocumentStatus.GOLD)
    assert set(verifiable("total").values_list("pk", flat=True)) == {free.document_id}


def test_another_pre_fill_meanwhile_is_skipped(cast: Cast, make_task: Make) -> None:
    task = make_task()
    done = verify(user=cast.senior, path="total", said=[Said(task.document_id, (task.prediction_id or 0) + 1, "confirmed")])
    assert dict(done.skipped) == {task.document_id: "filled in anew meanwhile"}
    assert not FieldVerification.objects.exists()
    assert verify(user=cast.senior, path="total", said=[said(task)]).confirmed == 1
    assert verify(user=cast.senior, path="total", said=[said(task)]).confirmed == 0


def test_a_typed_value_that_does_not_fit_refuses_the_whole_batch(cast: Cast, make_task: Make) -> None:
    one, other = make_task(), make_task()
    with pytest.raises(RequestInvalid) as caught:
        verify(user=cast.senior, path="total", said=[said(one), said(other, "corrected", "ninety")])
    assert caught.value.code == "value_invalid"
    assert not FieldVerification.objects.exists()
    for path, values in (("line_items[0].total", [said(one)]), ("total", []), ("total", [said(one)] * (MOST + 1))):
        with pytest.raises(RequestInvalid):
            verify(user=cast.senior, path=path, said=values)


def test_a_document_without_the_value_or_a_place_is_counted_not_shown(make_task: Make) -> None:
    make_task()
    make_task(prefill=False)
    grid = verification_grid(GridFilter(field="total"))
    assert (grid.count, grid.without) == (1, 1)
    assert verification_grid(GridFilter(field="tax")).count == 1


def test_a_page_of_the_grid_is_bounded(make_task: Make) -> None:
    make_task()
    with CaptureQueriesContext(connection) as few:
        verification_grid(GridFilter())
    for _ in range(PAGE_SIZE + 3):
        make_task()
    with CaptureQueriesContext(connection) as more:
        first = verification_grid(GridFilter())
    assert len(more) == len(few) <= 5
    assert first.count == PAGE_SIZE
    assert verification_grid(GridFilter(cursor=first.next)).count == 4


def test_a_batch_costs_a_bounded_number_of_statements(cast: Cast, make_task: Make) -> None:
    counts = []
    for size in (2, 20):
        tasks = [make_task() for _ in range(size)]
        with CaptureQueriesContext(connection) as statements:
            verify(user=cast.senior, path="total", said=[said(task) for task in tasks])
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


def test_marking_many_is_bounded_for_each(cast: Cast, make_task: Make) -> None:
    tasks = [make_task() for _ in range(4)]
    with CaptureQueriesContext(connection) as statements:
        verify(user=cast.senior, path="total", said=[said(task, "wrong") for task in tasks])
    assert len(statements) <= 14 + 7 * len(tasks)


def test_a_label_in_work_is_told_of_the_mark(cast: Cast, client_of: Any, make_task: Make) -> None:
    task = make_task()
    verify(user=cast.senior, path="total", said=[said(task, "wrong")])
    LabelingTask.objects.filter(pk=task.pk).update(kind=TaskKind.LABEL, drawn_for="")
    claimed = client_of(cast.biller1).post("/api/v1/tasks/claim/", {}, format="json").json()
    assert [(doubt["path"], doubt["cause"]) for doubt in claimed["doubts"]] == [("total", "marked")]
    assert claimed["verified"] == []
