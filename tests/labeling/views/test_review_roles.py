"""Who may open the screens and call the endpoints of reviewing: the fixed cast, one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from labeling.models import FieldVerification, GoldRecord, LabelingTask
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

SCREENS = [
    "/review/",
    "/review/?cause=low&field=total&vendor=1&sort=-waiting&cursor=x",
    "/verify/",
    "/verify/?field=nothing",
    "/thresholds/",
]
BILLERS, REVIEWERS = ["biller1", "biller2"], ["senior", "admin"]


def signed_in(cast: Cast, role: str) -> Client:
    client = Client()
    client.force_login(getattr(cast, role))
    return client


@pytest.mark.parametrize("address", SCREENS)
def test_reviewers_open_every_screen_and_billers_none(cast: Cast, make_task: Any, address: str) -> None:
    make_task()
    for role in REVIEWERS:
        answer = signed_in(cast, role).get(address)
        assert answer.status_code == 200, role
        assert "no-store" in answer["Cache-Control"]
    for role in BILLERS:
        assert signed_in(cast, role).get(address).status_code == 403, role
    for client in (Client(), signed_in(cast, "outsider")):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("address", SCREENS)
def test_screens_are_read_only(cast: Cast, address: str) -> None:
    assert signed_in(cast, "senior").post(address).status_code == 405


@pytest.mark.parametrize("role", [*BILLERS, "outsider"])
def test_who_does_not_review_verifies_nothing(cast: Cast, client_of: Any, make_task: Any, role: str) -> None:
    task = make_task()
    values = [{"document": task.document_id, "prediction": task.prediction_id, "verdict": "wrong"}]
    answer = client_of(getattr(cast, role)).post("/api/v1/verifications/", {"field": "total", "values": values}, format="json")
    assert answer.status_code == (401 if role == "outsider" else 403)
    assert client_of(getattr(cast, role)).get("/api/v1/thresholds/").status_code == answer.status_code
    assert not FieldVerification.objects.exists()
    assert LabelingTask.objects.get().kind == "label"


@pytest.mark.parametrize("role", REVIEWERS)
def test_who_reviews_verifies(cast: Cast, client_of: Any, make_task: Any, role: str) -> None:
    task = make_task()
    values = [{"document": task.document_id, "prediction": task.prediction_id, "verdict": "confirmed"}]
    answer = client_of(getattr(cast, role)).post("/api/v1/verifications/", {"field": "total", "values": values}, format="json")
    assert answer.json()["confirmed"] == 1
    assert FieldVerification.objects.get().by == getattr(cast, role)
    assert client_of(getattr(cast, role)).get("/api/v1/thresholds/").status_code == 200


def test_a_correction_is_shown_to_who_confirmed_and_to_seniors(cast: Cast, client_of: Any, make_task: Any, record: Any) -> None:
    task = make_task()
    api = client_of(cast.biller1)
    api.post("/api/v1/tasks/claim/", {}, format="json")
    api.post(f"/api/v1/tasks/{task.pk}/submit/", {"record": record, "version": 0}, format="json")
    gold = GoldRecord.objects.get().pk
    expected = {"biller1": 200, "biller2": 404, "senior": 200, "admin": 200}
    for role, status in expected.items():
        assert signed_in(cast, role).get(f"/corrections/{gold}/date_order/").status_code == status, role
        assert client_of(getattr(cast, role)).get(f"/api/v1/corrections/?gold={gold}").status_code == status, role
        posted = signed_in(cast, role).post(f"/corrections/{gold}/date_order/apply/", {"document": [str(task.document_id)]})
        assert posted.status_code == (302 if status == 200 else 404), role
    assert Client().get(f"/corrections/{gold}/date_order/").status_code == 302
    assert client_of(cast.outsider).get(f"/api/v1/corrections/?gold={gold}").status_code == 401
    assert signed_in(cast, "senior").post("/corrections/undo/1/").status_code == 404
