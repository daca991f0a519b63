"""The API of data sets, sides and removals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from invoices.audit.entries import AuditEntry
from invoices.models import User
from mlcore.dataset.directory import Split, read_split
from modelops.datasets.freezing import freeze
from modelops.folders import dataset_folder
from modelops.models import DatasetVersion, VendorSide
from tests.conftest import Cast
from tests.modelops.datasets.conftest import Station, data_dir, gold
from tests.modelops.datasets.gold_makers import company, confirm

pytestmark = pytest.mark.django_db

assert data_dir, gold
V1 = "/api/v1/"
NOT_FILLED_UP = {"validation": 0, "test": 0}
"""No synthetic documents: a version is put together several times as fast."""


def client(user: User) -> APIClient:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return api


@pytest.fixture
def admin(cast: Cast) -> APIClient:
    return client(cast.admin)


def ask(api: APIClient, **body: Any) -> dict[str, Any]:
    answer = api.post(f"{V1}dataset-versions/", {"synthetic": NOT_FILLED_UP, **body}, format="json")
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    freeze(DatasetVersion.objects.get(number=found["number"]).pk)
    return found


def test_a_version_is_asked_for_and_told_of(gold: Station, admin: APIClient) -> None:
    asked = ask(admin, note=" for  the first run ")
    assert (asked["state"], asked["number"], asked["note"], asked["created_by"]) == ("collecting", 1, "for the first run", "admin")
    listed = admin.get(f"{V1}dataset-versions/").json()["results"]
    assert [(one["number"], one["state"]) for one in listed] == [(1, "frozen")]
    told = admin.get(f"{V1}dataset-versions/1/").json()
    assert told["counts"]["sides"]["train"]["gold"] == told["documents"] > 0
    assert told["data_hash"] == DatasetVersion.objects.get().data_hash
    lineage = admin.get(f"{V1}dataset-versions/1/lineage/?side=test").json()["results"]
    assert len(lineage) == told["test_documents"]
    assert {row["side"] for row in lineage} == {"test"}


def test_a_difference_is_told_by_kind(gold: Station, cast: Cast, admin: APIClient) -> None:
    ask(admin)
    new = confirm(company(0, 1, first=30)[0], gold[0][0], cast.biller1)
    ask(admin)
    told = admin.get(f"{V1}dataset-versions/2/diff/").json()
    assert (told["against"], told["kind"]) == (1, "added")
    assert told["counts"] == {"added": 1, "changed": 0, "weighed": 0, "gone": 0}
    assert [row["gold"] for row in told["results"]] == [new.pk]
    back = admin.get(f"{V1}dataset-versions/1/diff/?against=2&kind=gone").json()
    assert [row["gold"] for row in back["results"]] == [new.pk]
    assert admin.get(f"{V1}dataset-versions/1/diff/").status_code == 404, "there is none before the first"


def test_everything_can_be_exported_and_is_recorded(gold: Station, admin: APIClient) -> None:
    ask(admin)
    version = DatasetVersion.objects.get()
    lines = b"".join(admin.get(f"{V1}dataset-versions/1/export/?part=train")).splitlines()
    assert len(lines) == version.documents
    assert lines == (dataset_folder(version) / "train.jsonl").read_bytes().splitlines()
    rows = b"".join(admin.get(f"{V1}dataset-versions/1/export/")).decode().splitlines()
    assert rows[0].startswith("gold,document,sha256,vendor")
    assert len(rows) == 1 + version.items.count()
    assert b"data_hash" in b"".join(admin.get(f"{V1}dataset-versions/1/export/?part=dataset"))
    assert AuditEntry.objects.filter(action="dataset.exported").count() == 3


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("get", "dataset-versions/7/", None, 404, "dataset_not_found"),
        ("get", "dataset-versions/1/diff/?against=nine", None, 400, "against_invalid"),
        ("get", "dataset-versions/1/diff/?against=77", None, 404, "dataset_not_found"),
        ("get", "dataset-versions/1/diff/?kind=no&against=1", None, 400, "kind_unknown"),
        ("get", "dataset-versions/1/lineage/?side=both", None, 400, "side_unknown"),
        ("get", "dataset-versions/1/export/?part=../../etc", None, 400, "part_unknown"),
        ("post", "dataset-versions/", {"last_days": 0}, 400, "days_invalid"),
        ("post", "dataset-versions/", {"last_days": 9, "since": "2026-01-01"}, 400, "since_twice"),
        ("post", "dataset-versions/", {"since": "2999-01-01"}, 400, "since_invalid"),
        ("post", "dataset-versions/", {"parent": 99}, 404, "dataset_not_found"),
        ("post", "dataset-versions/", {"synthetic": {"train": 10**9}}, 400, "synthetic_invalid"),
        ("post", "dataset-versions/", {"synthetic": {"other": 1}}, 400, "synthetic_invalid"),
        ("post", "vendor-sides/", {"vendor": 10**9, "side": "test", "reason": "x"}, 404, "vendor_not_found"),
        ("post", "vendor-sides/", {"vendor": 1, "side": "left", "reason": "x"}, 400, "side_unknown"),
        ("post", "vendor-sides/", {"vendor": 1, "side": "test", "reason": " "}, 400, "reason_missing"),
        ("post", "documents/999999/removal/", {"ground": "patient", "reason": "x"}, 404, "document_not_found"),
    ],
)
def test_what_is_refused(gold: Station, admin: APIClient, method: str, path: str, body: Any, status: int, code: str) -> None:
    ask(admin)
    answer = admin.get(V1 + path) if method == "get" else admin.post(V1 + path, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert DatasetVersion.objects.count() == 1


def test_two_at_once_are_refused(gold: Station, admin: APIClient) -> None:
    assert admin.post(f"{V1}dataset-versions/", {}, format="json").status_code == 201
    answer = admin.post(f"{V1}dataset-versions/", {}, format="json")
    assert (answer.status_code, answer.json()["code"], answer.json()["number"]) == (409, "dataset_underway", 1)


def test_sides_are_listed_and_assigned_until_something_is_frozen(gold: Station, admin: APIClient) -> None:
    waiting = admin.get(f"{V1}vendor-sides/?side=none").json()
    assert waiting["counts"] == {"test": 0, "validation": 0, "train": 0, "none": 10}
    assert len(waiting["results"]) == 10
    chosen = gold[4][0]
    answer = admin.post(f"{V1}vendor-sides/", {"vendor": chosen.pk, "side": "test", "reason": "Their layout is new"}, format="json")
    assert answer.status_code == 200
    assert (answer.json()["side"], answer.json()["fixed"], answer.json()["assigned_by"]) == ("test", False, "admin")
    ask(admin)
    held = admin.get(f"{V1}vendor-sides/").json()
    assert chosen.pk in [row["vendor"] for row in held["results"]]
    assert all(row["fixed"] for row in held["results"])
    again = admin.post(f"{V1}vendor-sides/", {"vendor": chosen.pk, "side": "train", "reason": "More data"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "side_fixed")
    assert VendorSide.objects.get(vendor=chosen).side == "test"
    found = admin.get(f"{V1}vendor-sides/", {"side": "test", "q": chosen.name[:6].upper()}).json()
    assert chosen.pk in [row["vendor"] for row in found["results"]]


@pytest.mark.parametrize("name", ["biller1", "senior"])
def test_data_sets_are_the_admins(gold: Station, cast: Cast, name: str) -> None:
    api = client(getattr(cast, name))
    assert api.post(f"{V1}dataset-versions/", {}, format="json").status_code == 403
    assert api.get(f"{V1}vendor-sides/").status_code == 403
    assert api.post(f"{V1}documents/{gold[0][1][0].document_id}/removal/", {"ground": "patient", "reason": "x"}).status_code == 403
    assert not DatasetVersion.objects.exists()


def test_lists_cost_the_same_however_long_they_are(gold: Station, admin: APIClient) -> None:
    ask(admin)

    def statements(path: str) -> int:
        admin.get(V1 + path)
        with CaptureQueriesContext(connection) as caught:
            assert admin.get(V1 + path).status_code == 200
        return len(caught)

    paths = (
        "dataset-versions/",
        "dataset-versions/1/",
        "dataset-versions/1/lineage/",
        "vendor-sides/",
        "dataset-versions/1/diff/?against=1",
    )
    before: dict[str, Callable[[], int] | int] = {path: statements(path) for path in paths}
    for number in range(2, 25):
        DatasetVersion.objects.create(number=number, state="failed", error="x")
    assert {path: statements(path) for path in paths} == before
    assert max(statements(path) for path in paths) <= 12
    assert [entry.id for entry in read_split(dataset_folder(DatasetVersion.objects.get(number=1)), Split.TEST)]
