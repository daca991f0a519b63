"""Due dates: who sets them, what they are for a pair, and that what is due is handed out first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry
from labeling.assignment import lease_sql
from labeling.assignment.claims import claim_next
from labeling.assignment.strategies import Step
from labeling.due import end_of, set_due, standing
from labeling.errors import RequestInvalid, RoleNeeded, TaskNotFound
from labeling.models import LabelingPolicy, LabelingTask, TaskState
from labeling.review.opening import open_reviews
from labeling.sampling import open_task
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def policy(**values: Any) -> None:
    nothing = {"double_share": 0, "new_vendor_share": 0, "new_biller_share": 0, "audit_share": 0, "hidden_share": 0}
    LabelingPolicy.objects.create(**{**nothing, **values})


def today(days: int = 0) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_the_policy_sets_the_end_of_a_day_after_it_came_in(cast: Cast, make_document: Any) -> None:
    policy(due_days=3)
    document = make_document()
    task = LabelingTask.objects.get(pk=open_task(document.pk))
    assert task.due_at == end_of(timezone.localtime(document.received_at).date() + dt.timedelta(days=3))
    assert timezone.localtime(task.due_at).time() == dt.time(23, 59, 59)


def test_without_a_setting_nothing_is_due(cast: Cast, make_document: Any) -> None:
    policy()
    assert LabelingTask.objects.get(pk=open_task(make_document().pk)).due_at is None


def test_both_labels_of_a_pair_and_what_follows_are_due_alike(cast: Cast, make_document: Any) -> None:
    policy(double_share=1, due_days=2)
    document = make_document()
    open_task(document.pk)
    assert LabelingTask.objects.filter(document=document).count() == 2
    assert LabelingTask.objects.values_list("due_at", flat=True).distinct().count() == 1
    due = set_due(user=cast.admin, document_id=document.pk, due_on=today(9))
    assert set(LabelingTask.objects.values_list("due_at", flat=True)) == {due} == {end_of(today(9))}
    open_reviews([document.pk], drawn_for="marked")
    assert LabelingTask.objects.get(kind="review").due_at == due


def test_what_is_due_within_a_day_comes_first_and_the_most_urgent_of_it(cast: Cast, make_task: Any) -> None:
    urgent_by_priority, far, soon, late = (make_task() for _ in range(4))
    LabelingTask.objects.filter(pk=urgent_by_priority.pk).update(priority=900)
    set_due(user=cast.senior, document_id=far.document_id, due_on=today(30))
    set_due(user=cast.senior, document_id=soon.document_id, due_on=today())
    LabelingTask.objects.filter(pk=late.pk).update(due_at=timezone.now() - dt.timedelta(days=2))
    got = []
    for _ in range(4):
        view = claim_next(user=cast.biller1)
        assert view is not None
        got.append(view.task.pk)
        LabelingTask.objects.filter(pk=view.task.pk).update(state=TaskState.DONE)
    assert got == [late.pk, soon.pk, urgent_by_priority.pk, far.pk]


def test_what_is_due_comes_off_its_index(cast: Cast, make_task: Any) -> None:
    statement = lease_sql.find_statement((Step.DUE,), "label", connection.vendor, 900)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            ("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + statement, {"user": 1, "pairs": 1, "other": 0}
        )
        plan = str(cursor.fetchall())
    assert "task_due" in plan, plan


def test_what_cannot_be_set_is_refused(cast: Cast, make_task: Any) -> None:
    task = make_task()
    with pytest.raises(RoleNeeded):
        set_due(user=cast.biller1, document_id=task.document_id, due_on=today())
    for day in (today(-1), today(3651)):
        with pytest.raises(RequestInvalid, match=str(day)):
            set_due(user=cast.senior, document_id=task.document_id, due_on=day)
    LabelingTask.objects.update(state=TaskState.DONE)
    for document_id in (task.document_id, 999_999):
        with pytest.raises(TaskNotFound):
            set_due(user=cast.senior, document_id=document_id, due_on=today())
    task.refresh_from_db()
    assert task.due_at is None


def test_it_is_in_the_trail_and_over_http(cast: Cast, make_task: Any, client_of: Any, client: Client) -> None:
    task = make_task()
    address = f"/api/v1/documents/{task.document_id}/due/"
    assert client_of(cast.biller1).post(address, {"due_on": str(today())}, format="json").status_code == 403
    assert client_of(cast.senior).post(address, {"due_on": "soon"}, format="json").status_code == 400
    answer = client_of(cast.senior).post(address, {"due_on": str(today(1))}, format="json")
    assert dt.datetime.fromisoformat(answer.json()["due_at"]) == end_of(today(1))
    assert client_of(cast.senior).post("/api/v1/tasks/claim/", {}, format="json").json()["due_at"] == answer.json()["due_at"]
    entry = AuditEntry.objects.get(action=Action.DUE_SET)
    assert (entry.person_id, entry.before, entry.document_id) == (cast.senior.pk, {"due": None}, task.document_id)
    client.force_login(cast.senior)
    page = f"/documents/{task.document_id}/"
    assert str(today(1)) in client.get(page).content.decode()
    answered = client.post(f"{page}due/", {"due_on": ""}, follow=True)
    assert "Not due at any time." in answered.content.decode()
    assert "is no day" in client.post(f"{page}due/", {"due_on": "31.12."}, follow=True).content.decode()
    task.refresh_from_db()
    assert task.due_at is None


def test_the_queue_lists_what_is_due(cast: Cast, make_task: Any, client: Client) -> None:
    late, far = make_task(), make_task()
    LabelingTask.objects.filter(pk=late.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))
    LabelingTask.objects.filter(pk=far.pk).update(due_at=timezone.now() + dt.timedelta(days=9))
    late.refresh_from_db()
    assert standing(late, timezone.now()) == "over"
    client.force_login(cast.biller1)
    page = client.get("/queue/?tab=due").content.decode()
    assert "Overdue" in page
    assert f"/label/{late.pk}/" in page
    assert f"/label/{far.pk}/" not in page
