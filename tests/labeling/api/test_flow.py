"""From claim to gold through the HTTP interface."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from invoices.models import Document
from labeling.models import Annotation, FieldEdit, GoldRecord, LabelingTask

pytestmark = pytest.mark.django_db


def test_a_document_goes_from_claim_to_gold(cast: Any, client_of: Any, make_task: Any, edit: Any, record: Any) -> None:
    task = make_task()
    api = client_of(cast.biller1)
    claimed = api.post("/api/v1/tasks/claim/", {}, format="json").json()
    assert claimed["id"] == task.pk
    assert claimed["prediction"]["record"]["total"] == "90.00"
    (page,) = claimed["document"]["pages"]
    assert page.pop("image").startswith(f"/api/v1/documents/{task.document_id}/pages/1/image?v=")
    assert page == {"number": 1, "width": 1275, "height": 1650, "rotation": 0}
    assert claimed["draft"]["version"] == 0

    change = edit("p0.unit_price", "23.50", cause="click")
    saved = api.patch(f"/api/v1/tasks/{task.pk}/draft/", {"version": 0, "edits": [change], "active_ms": 900}, format="json")
    assert saved.status_code == 200
    assert saved.json()["version"] == 1
    assert saved.json()["acknowledged"] == [change["id"]]

    record["line_items"][0]["unit_price"] = "23.50"
    place = [{"page": 1, "box": [0.5, 0.5, 0.6, 0.52]}]
    request = {
        "record": record,
        "version": 1,
        "marks": {"line_items[1].ndc_code": "blank"},
        "unsure": ["vendor.address"],
        "evidence": {"line_items[0].unit_price": place},
        "active_seconds": 41.2,
        "keystrokes": 5,
    }
    done = api.post(f"/api/v1/tasks/{task.pk}/submit/", request, format="json")
    assert done.status_code == 200, done.json()
    assert done.json()["document_status"] == "gold"
    gold = GoldRecord.objects.get()
    assert done.json()["gold"] == gold.pk
    assert gold.provenance["line_items[0].unit_price"] == {"source": "corrected", "by": cast.biller1.pk, "model_id": "template:test"}
    assert gold.provenance["total"]["source"] == "confirmed"
    assert gold.evidence["line_items[0].unit_price"] == place
    assert gold.evidence["total"] == [{"page": 1, "box": [0.1, 0.1, 0.2, 0.12]}]
    annotation = Annotation.objects.get()
    assert annotation.active_ms == 41_200
    stored = FieldEdit.objects.get()
    assert (stored.annotation_id, stored.path, stored.before, stored.after, stored.cause) == (
        annotation.pk,
        "line_items[0].unit_price",
        "22.50",
        "23.50",
        "click",
    )
    assert Document.objects.get().status == "gold"
    assert LabelingTask.objects.get().state == "done"
    assert api.post("/api/v1/tasks/claim/", {}, format="json").status_code == 204

    again = api.post(f"/api/v1/tasks/{task.pk}/submit/", {**request, "active_seconds": 50}, format="json")
    assert (again.status_code, again.json()) == (200, done.json())
    assert Annotation.objects.count() == GoldRecord.objects.count() == 1
    other = api.post(f"/api/v1/tasks/{task.pk}/submit/", {**request, "record": {**record, "total": "91.00"}}, format="json")
    assert other.status_code == 409
    assert other.json()["code"] == "task_finished"
    assert other.json()["current"]["by_me"] is True


def test_an_edit_after_the_lease_was_lost_is_kept_in_the_own_draft(cast: Any, client_of: Any, make_task: Any, edit: Any) -> None:
    task = make_task()
    first, second = client_of(cast.biller1), client_of(cast.biller2)
    first.post("/api/v1/tasks/claim/", {}, format="json")
    LabelingTask.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert second.post("/api/v1/tasks/claim/", {}, format="json").json()["id"] == task.pk
    change = edit("total", "91.00")
    answer = first.patch(f"/api/v1/tasks/{task.pk}/draft/", {"version": 0, "edits": [change]}, format="json")
    assert answer.status_code == 410
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "lease_lost"
    assert answer.json()["draft"]["cells"]["total"]["value"] == "91.00"
    assert second.get(f"/api/v1/tasks/{task.pk}/").json()["draft"]["cells"] == {}


def test_a_lapsed_lease_that_nobody_took_is_taken_again(cast: Any, client_of: Any, make_task: Any, edit: Any) -> None:
    task = make_task()
    api = client_of(cast.biller1)
    api.post("/api/v1/tasks/claim/", {}, format="json")
    LabelingTask.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    answer = api.patch(f"/api/v1/tasks/{task.pk}/draft/", {"version": 0, "edits": [edit("total", "91.00")]}, format="json")
    assert answer.status_code == 200
    assert LabelingTask.objects.filter(lease_expires_at__gt=timezone.now()).exists()
