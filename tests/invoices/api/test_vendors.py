"""The vendor master through the API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from invoices.models import Document, Vendor, VendorAlias
from invoices.people import User
from tests.conftest import Cast

URL = "/api/v1/vendors/"


@pytest.fixture
def api(api_of: Callable[[User], APIClient], cast: Cast) -> APIClient:
    return api_of(cast.senior)


def test_renaming_keeps_the_old_name_as_an_alias_and_confirming_is_a_status(api: APIClient) -> None:
    vendor = Vendor.objects.create(name="Apex", address="12 Elm St")
    body = api.patch(f"{URL}{vendor.pk}/", {"name": "Apex Infusion", "status": "confirmed"}, format="json").json()
    assert (body["name"], body["address"], body["status"]) == ("Apex Infusion", "12 Elm St", "confirmed")
    assert [alias["name"] for alias in body["aliases"]] == ["Apex"]


def test_merging_moves_documents_and_names(api: APIClient) -> None:
    old, new = Vendor.objects.create(name="Apex"), Vendor.objects.create(name="Apex Infusion")
    Document.objects.create(sha256="a" * 64, name="a", media_type="application/pdf", size=1, vendor=old)
    body = api.post(f"{URL}{old.pk}/merge/", {"into": new.pk}, format="json").json()
    assert (body["documents_moved"], body["vendor"]["id"], body["vendor"]["document_count"]) == (1, new.pk, 1)
    again = api.post(f"{URL}{old.pk}/merge/", {"into": new.pk}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "vendor_merged")
    itself = api.post(f"{URL}{new.pk}/merge/", {"into": new.pk}, format="json")
    assert itself.json()["code"] == "merge_with_itself"
    assert [row["id"] for row in api.get(URL, {"merged": "false"}).json()["results"]] == [new.pk]


def test_a_name_belongs_to_one_vendor(api: APIClient) -> None:
    first, second = Vendor.objects.create(name="A Clinic"), Vendor.objects.create(name="B Clinic")
    made = api.post(f"{URL}{first.pk}/aliases/", {"name": "The Clinic"}, format="json")
    assert made.status_code == 201
    taken = api.post(f"{URL}{second.pk}/aliases/", {"name": "the clinic"}, format="json")
    assert (taken.status_code, taken.json()["code"]) == (409, "alias_taken")
    assert api.delete(f"{URL}{first.pk}/aliases/{made.json()['id']}/").status_code == 204
    assert not VendorAlias.objects.exists()


def test_search_finds_other_names_and_a_list_costs_few_statements(api: APIClient) -> None:
    for number in range(40):
        vendor = Vendor.objects.create(name=f"Vendor {number:02}")
        VendorAlias.objects.create(vendor=vendor, name=f"Other {number:02}", key=f"other {number:02}")
    assert [row["name"] for row in api.get(URL, {"search": "other 07"}).json()["results"]] == ["Vendor 07"]
    with CaptureQueriesContext(connection) as asked:
        assert len(api.get(URL, {"page_size": 30}).json()["results"]) == 30
    assert len(asked) <= 8


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": "x" * 301}, {"status": "proposed"}, {"identifiers": "x"}, {"identifiers": ["x" * 61]}, [1]]
)
def test_wrong_changes_are_400_with_the_field(api: APIClient, body: object) -> None:
    vendor = Vendor.objects.create(name="Apex")
    answer = api.patch(f"{URL}{vendor.pk}/", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["problems"]
    vendor.refresh_from_db()
    assert vendor.name == "Apex"
