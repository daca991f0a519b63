"""What labeling writes into the trail: one entry for each step, none for a save, and no value of a record anywhere in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from invoices.audit.entries import AuditEntry
from labeling.models import Annotation, GoldRecord, LabelingTask, TaskState

pytestmark = pytest.mark.django_db


def trail() -> list[tuple[str, str, str, int | None]]:
    """Action, kind, id and document of every entry, without those of tokens."""
    entries = AuditEntry.objects.exclude(action="token.used").order_by("pk")
    return list(entries.values_list("action", "object_kind", "object_id", "document_id"))


def test_the_way_of_a_task(cast: Any, client_of: Any, make_task: Any, edit: Any, record: Any) -> None:
    task = make_task()
    api = client_of(cast.biller1)
    api.post("/api/v1/tasks/claim/", {}, format="json")
    api.patch(f"/api/v1/tasks/{task.pk}/draft/", {"version": 0, "edits": [edit("total", "91.00")]}, format="json")
    for _ in range(2):
        assert api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 1}, format="json").status_code == 200
    annotation = Annotation.objects.get()
    assert trail() == [
        ("task.claimed", "task", str(task.pk), task.document_id),
        ("label.submitted", "annotation", str(annotation.pk), task.document_id),
    ]
    submitted = AuditEntry.objects.get(action="label.submitted")
    assert submitted.person_id == cast.biller1.pk
    assert submitted.after == {
        "task": task.pk,
        "kind": "label",
        "gold": GoldRecord.objects.get().pk,
        "submission": annotation.request_hash,
        "values": {"confirmed": 20},
    }


def test_no_value_of_a_record_is_in_the_trail(cast: Any, client_of: Any, make_task: Any, record: Any) -> None:
    task = make_task()
    api = client_of(cast.biller1)
    api.post("/api/v1/tasks/claim/", {}, format="json")
    api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0}, format="json")
    said = str(list(AuditEntry.objects.values_list("before", "after", "object_id", "once")))
    assert "label" in said
    for value in ("Apex", "INV-1001", "Ondansetron", "22.50", "J2405"):
        assert value not in said


def test_leaving_a_task_is_recorded_once_and_without_the_comment(cast: Any, client_of: Any, make_task: Any) -> None:
    api = client_of(cast.biller1)
    ways = {"release": {}, "postpone": {"minutes": 60}, "skip": {"reason": "other", "comment": "Mrs. Miller's second page"}}
    for way, sent in ways.items():
        task = make_task()
        api.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json")
        for _ in range(2):
            assert api.post(f"/api/v1/tasks/{task.pk}/{way}/", sent, format="json").status_code == 204
    entries = AuditEntry.objects.exclude(action__in=["token.used", "task.claimed"]).order_by("pk")
    left = list(entries.values_list("action", "after"))
    assert left == [("task.released", None), ("task.postponed", {"minutes": 60}), ("task.skipped", {"reason": "other"})]


def test_what_is_refused_is_not_recorded(cast: Any, client_of: Any, make_task: Any, record: Any) -> None:
    task = make_task()
    LabelingTask.objects.update(state=TaskState.WITHDRAWN)
    api = client_of(cast.biller1)
    api.post("/api/v1/tasks/claim/", {"task": task.pk}, format="json")
    api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0}, format="json")
    api.post(f"/api/v1/tasks/{task.pk}/release/")
    assert trail() == []


def test_opening_a_document_is_recorded_once_an_hour(cast: Any, client: Client, client_of: Any, make_document: Any) -> None:
    document = make_document()
    client.force_login(cast.biller1)
    api = client_of(cast.biller1)
    for _ in range(2):
        assert client.get(f"/documents/{document.pk}/").status_code == 200
        assert api.get(f"/api/v1/documents/{document.pk}/words/").status_code == 200
        assert api.get(f"/api/v1/documents/{document.pk}/prediction/").status_code == 200
    opened = ("document.opened", "document.text_read", "document.record_read")
    expected = [(action, "document", str(document.pk), document.pk) for action in opened]
    assert [row for row in trail() if row[0] != "sign_in.done"] == expected


def test_exports_say_how_many_records(cast: Any, client_of: Any) -> None:
    answer = client_of(cast.senior).get("/api/v1/gold/export/?format=csv")
    answer.getvalue()
    assert AuditEntry.objects.get(action="gold.exported").after == {"format": "csv", "records": 0}
