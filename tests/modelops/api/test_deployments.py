"""What serves, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from invoices.people import User
from modelops.deployment.promoting import promote
from modelops.models import Deployment
from tests.conftest import Cast
from tests.modelops.deployment.conftest import Make, base_folder, calibrated, crown, judge, make_model, run_folder, station

__all__ = ["base_folder", "calibrated", "make_model", "run_folder", "station"]

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/deployments/"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def test_promote_look_and_roll_back(cast: Cast, make_model: Make) -> None:
    client = as_(cast.admin)
    first, second = make_model(), make_model()
    assert client.get(ADDRESS).json()["now"] | {"setting": ""} == {
        "version": 0, "champion": None, "canary": None, "setting": "", "returns_to": None, "waiting_documents": 0,
    }  # fmt: skip
    made = post(client, f"/api/v1/models/{first.number}/promote/", {"expected": 0, "reason": "the first"})
    assert made.status_code == 201
    judge(second, passed=True)
    version = client.get(ADDRESS).json()["now"]["version"]
    assert version == made.json()["id"]
    canary = post(client, f"/api/v1/models/{second.number}/promote/", {"expected": version, "share": 10})
    assert (canary.status_code, canary.json()["slot"], canary.json()["share"]) == (201, "canary", 10)
    now = client.get(ADDRESS).json()["now"]
    assert (now["champion"]["model"]["number"], now["canary"]["model"]["number"]) == (first.number, second.number)
    assert now["returns_to"]["id"] == version
    back = post(client, f"{ADDRESS}rollback/", {"expected": now["version"], "reason": "dates"})
    assert (back.status_code, back.json()["kind"]) == (201, "rollback")
    history = client.get(ADDRESS).json()["history"]
    assert [row["kind"] for row in history] == ["rollback", "canary", "promotion"]
    assert [row["by"] for row in history] == ["admin"] * 3


def test_who_comes_second_is_told_what_serves_now(cast: Cast, make_model: Make) -> None:
    first, second = make_model(), make_model()
    promote(first, by=cast.admin)
    said = post(as_(cast.admin), f"/api/v1/models/{second.number}/promote/", {"expected": 0})
    assert (said.status_code, said.json()["code"]) == (409, "deployment_changed")
    assert said.json()["now"]["champion"]["model"]["number"] == first.number


def test_without_a_pass_the_reasons_are_told(cast: Cast, make_model: Make) -> None:
    model = make_model(passed=None)
    said = post(as_(cast.admin), f"/api/v1/models/{model.number}/promote/", {"expected": 0})
    assert (said.status_code, said.json()["code"]) == (409, "not_permitted")
    assert said.json()["reasons"]
    assert not Deployment.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "expected_missing"),
        ({"expected": "0"}, "expected_missing"),
        ({"expected": True}, "expected_missing"),
        ({"expected": 0, "share": 0}, "share_invalid"),
        ({"expected": 0, "share": "all"}, "share_invalid"),
        ({"expected": 0, "share": None}, "share_invalid"),
        ({"expected": 0, "reason": 5}, "reason_invalid"),
        ({"expected": 0, "reason": "x" * 501}, "reason_invalid"),
        ({"expected": 0, "reason": "a\0b"}, "reason_invalid"),
        ([], "body_invalid"),
        ('"promote"', "body_invalid"),
    ],
)
def test_what_is_sent_wrong_is_told(cast: Cast, make_model: Make, body: Any, code: str) -> None:
    model = make_model()
    said = post(as_(cast.admin), f"/api/v1/models/{model.number}/promote/", body)
    assert (said.status_code, said.json()["code"]) == (400, code)


def test_templates_alone_need_a_reason(cast: Cast) -> None:
    client = as_(cast.admin)
    assert post(client, ADDRESS, {"expected": 0}).json()["code"] == "reason_missing"
    made = post(client, ADDRESS, {"expected": 0, "reason": "No model yet"})
    assert (made.status_code, made.json()["model"]) == (201, None)


def test_an_unknown_model_and_an_unknown_page(cast: Cast) -> None:
    client = as_(cast.admin)
    assert post(client, "/api/v1/models/77/promote/", {"expected": 0}).status_code == 404
    assert client.get(f"{ADDRESS}?before=abc").json()["code"] == "before_invalid"
    assert client.get("/api/v1/shadow-runs/77/").status_code == 404


def test_the_history_comes_in_pages_with_as_many_statements(cast: Cast, make_model: Make, django_assert_max_num_queries: Any) -> None:
    first, second = make_model(), make_model()
    for number in range(23):
        crown([first, second][number % 2], by=cast.admin) if number % 2 == 0 else None
        Deployment.objects.filter(ended_at=None).update(ended_at="2026-01-01T00:00:00Z")
        Deployment.objects.create(kind="first", reason=str(number))
        second.refresh_from_db()
        type(first).objects.update(state="candidate")
        first.refresh_from_db()
    client = as_(cast.admin)
    with django_assert_max_num_queries(16):
        page = client.get(ADDRESS).json()
    assert len(page["history"]) == 20
    rest = client.get(f"{ADDRESS}?before={page['older']}").json()
    ids = [row["id"] for row in (*page["history"], *rest["history"])]
    assert ids == sorted(set(ids), reverse=True)
    assert ids[0] - ids[-1] >= 22
