"""``models/`` and the gate over HTTP."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from modelops.folders import artifact_folder, artifacts_folder
from modelops.gate.judging import judge
from modelops.models import Deployment, EvaluationAsk, GatePolicyVersion, GateResult, ModelVersion
from tests.conftest import Cast
from tests.modelops.gate.conftest import Contest, base_folder, calibrated, contest, packed, run_folder, station
from tests.modelops.held_out import frozen_dataset
from workers.models import Job

__all__ = ["base_folder", "calibrated", "contest", "packed", "run_folder", "station"]

pytestmark = pytest.mark.django_db

API = "/api/v1"


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(f"{API}/{address}", body, content_type="application/json")


def test_the_list_says_how_each_stands(admin: Client, contest: Contest, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    judge(contest.candidate, contest.dataset)
    ModelVersion.objects.filter(pk=contest.champion.pk).update(origin="shipped")
    Deployment.objects.create(kind="first", model=contest.champion)
    with django_assert_max_num_queries(14):
        told = admin.get(f"{API}/models/").json()
    assert [row["number"] for row in told["results"]] == [2, 1]
    candidate, champion = told["results"]
    assert candidate["verdict"]["code"] == "passed"
    assert candidate["accuracy"]["measure"] == "field_accuracy"
    assert 0.98 < candidate["accuracy"]["low"] <= candidate["accuracy"]["value"] < 1
    assert (candidate["straight_through"], candidate["straight_through_right"]) == (0.5, 59 / 60)
    assert champion["served"]["until"] is None
    assert (champion["verdict"]["code"], champion["state"]) == ("unasked", "champion")
    assert [row["number"] for row in admin.get(f"{API}/models/?state=champion").json()["results"]] == [1]


def test_the_list_is_paged(admin: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    ModelVersion.objects.bulk_create(
        ModelVersion(number=n, model_id=f"adapter-{n}", origin="imported", folder=f"m{n}") for n in range(1, 61)
    )
    with django_assert_max_num_queries(14):
        first = admin.get(f"{API}/models/").json()
    second = admin.get(f"{API}/models/?cursor={first['next']}").json()
    assert [first["count"], len(first["results"]), second["results"][0]["number"]] == [60, 25, 35]


def test_an_artifact_of_the_station_is_registered(admin: Client, contest: Contest) -> None:
    shutil.copytree(artifact_folder(contest.candidate), artifacts_folder() / "copy")
    answer = post(admin, "models/", {"folder": "copy"})
    assert (answer.status_code, answer.json()["number"]) == (201, 2)
    (artifacts_folder() / "copy" / "README.md").write_text("x")
    refused = post(admin, "models/", {"folder": "copy"})
    assert (refused.status_code, refused.json()["code"]) == (409, "artifact_refused")
    assert post(admin, "models/", {"folder": "../../etc"}).json()["code"] == "folder_invalid"
    assert post(admin, "models/", {"folder": "nothing"}).status_code == 404
    assert post(admin, "models/", {}).status_code == 400
    assert post(admin, "models/", {"folder": ["a"]}).status_code == 400


def test_a_model_tells_everything_and_is_verified_now(admin: Client, contest: Contest) -> None:
    judge(contest.candidate, contest.dataset)
    told = admin.get(f"{API}/models/2/").json()
    assert (told["verified"], told["permitted"], told["reasons"]) == (True, True, [])
    assert told["evaluations"][0]["documents"] == 120
    assert {field["name"] for field in told["evidence"]["fields"]} >= {"total", "line_items.quantity"}
    assert told["trained_vendors"] == ["901", "902"]
    (artifact_folder(contest.candidate) / "README.md").write_text("x")
    told = admin.get(f"{API}/models/2/").json()
    assert (told["verified"], told["permitted"]) == (False, False)
    assert "damaged" in told["problem"]
    assert admin.get(f"{API}/models/3/").json()["code"] == "model_not_found"


def test_an_evaluation_is_asked_for_once(admin: Client, contest: Contest) -> None:
    frozen_dataset(2, documents=0)
    answer = post(admin, "models/2/evaluate/", {})
    assert (answer.status_code, answer.json()["state"], answer.json()["data_set"]) == (202, "waiting", 1)
    assert post(admin, "models/2/evaluate/", {"data_set": 1}).json()["id"] == answer.json()["id"]
    assert Job.objects.filter(kind="evaluate_model").count() == 1
    assert post(admin, "models/2/evaluate/", {"data_set": 2}).json()["code"] == "nothing_held_out"
    assert post(admin, "models/2/evaluate/", {"data_set": 9}).json()["code"] == "dataset_not_found"
    assert post(admin, "models/2/evaluate/", {"data_set": "x"}).status_code == 400
    assert EvaluationAsk.objects.count() == 1


def test_verdicts_and_an_override(admin: Client, cast: Cast, contest: Contest) -> None:
    post(admin, "gate-policy/", {"values": {"accuracy": 0.9999}, "note": "Strict"})
    judge(contest.candidate, contest.dataset)
    told = admin.get(f"{API}/models/2/gate/").json()
    assert (told["permitted"], told["results"][0]["passed"]) == (False, False)
    result = GateResult.objects.get()
    address = f"gate-results/{result.pk}/override/"
    assert post(admin, address, {"reason": "because"}).json()["code"] == "reason_invalid"
    assert post(admin, address, {"reason": 7}).json()["code"] == "reason_invalid"
    made = post(admin, address, {"reason": "A pilot of one vendor; a senior looks at every document."})
    assert (made.status_code, made.json()["by"]) == (201, "admin")
    assert post(admin, address, {"reason": "A pilot of one vendor; a senior looks at every document."}).status_code == 409
    assert post(admin, "gate-results/99/override/", {"reason": "x" * 40}).status_code == 404
    told = admin.get(f"{API}/models/2/gate/").json()
    assert told["permitted"]
    assert told["results"][0]["override"]["reason"].startswith("A pilot")
    assert admin.get(f"{API}/models/").json()["results"][0]["verdict"]["code"] == "overridden"


def test_the_policy_over_http(admin: Client) -> None:
    told = admin.get(f"{API}/gate-policy/").json()
    assert (told["current"]["id"], told["current"]["values"]["accuracy"]) == (None, 0.98)
    assert post(admin, "gate-policy/", {"values": {"accuracy": 2}}).json()["problems"][0]["path"] == "accuracy"
    assert post(admin, "gate-policy/", {"values": [1]}).json()["code"] == "gate_policy_invalid"
    assert post(admin, "gate-policy/", [1]).status_code == 200, "nothing to change"
    strange = b'{"values": {"\\ud800": 1, "accuracy": 1e999}, "note": "\\ud800"}'
    answer = admin.post(f"{API}/gate-policy/", strange, content_type="application/json")
    assert answer.status_code == 400, answer.content
    told = post(admin, "gate-policy/", {"values": {"accuracy": 0.9}, "note": "Pil\0ot"}).json()
    assert told["history"][0]["changed"] == {"accuracy": [0.98, 0.9]}
    assert GatePolicyVersion.objects.order_by("-pk")[0].note == "Pilot"


def test_two_models_compared(admin: Client, contest: Contest, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(12):
        told = admin.get(f"{API}/models/compare/?first=1&second=2").json()
    assert (told["data_set"], told["changed_documents"], told["paired"]["second_only"]) == (1, 2, 2)
    assert [document["id"] for document in told["documents"]] == ["d003", "d004"]
    assert told["documents"][0]["values"] == [
        {"path": "total", "right": "10.00", "first": "99.00", "second": "10.00", "first_right": False, "second_right": True}
    ]
    assert admin.get(f"{API}/models/compare/?first=templates&second=2&page=999").json()["page"] == 2
    for query, status in (("first=1", 400), ("first=1&second=x", 400), ("first=1&second=9", 404), ("first=1&second=2&data_set=5", 404)):
        assert admin.get(f"{API}/models/compare/?{query}").status_code == status, query


def test_a_model_is_put_away_and_taken_back(admin: Client, contest: Contest) -> None:
    def patch(number: int, state: str) -> Any:
        return admin.patch(f"{API}/models/{number}/", {"state": state}, content_type="application/json")

    assert patch(2, "retired").json()["state"] == "retired"
    assert patch(2, "candidate").json()["state"] == "candidate"
    assert patch(2, "champion").status_code == 400
    assert patch(1, "retired").json()["code"] == "model_serves"
