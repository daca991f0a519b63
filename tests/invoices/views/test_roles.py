"""Every screen and every role: who is not signed in goes to sign-in, who may not gets 403, nothing changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from invoices.models import Vendor, VendorAlias

if TYPE_CHECKING:
    from tests.conftest import Cast

pytestmark = pytest.mark.django_db

READ = ["/documents/", "/documents/rows/?ids=1", "/queue/", "/vendors/", "/vendors/proposed/", "/vendors/{vendor}/", "/failures/"]
SENIOR_READ = ["/vendors/{vendor}/merge/", "/vendors/{vendor}/merge/?into={other}&q=x"]
SENIOR_WRITE = [
    "/vendors/{vendor}/change/",
    "/vendors/{vendor}/confirm/",
    "/vendors/{vendor}/discard/",
    "/vendors/{vendor}/names/",
    "/vendors/{vendor}/names/{alias}/remove/",
    "/vendors/{vendor}/merge/do/",
    "/vendors/undo-merge/",
]


@pytest.fixture
def places() -> dict[str, int]:
    vendor, other = Vendor.objects.create(name="Apex"), Vendor.objects.create(name="Zenith")
    return {"vendor": vendor.pk, "other": other.pk, "alias": VendorAlias.objects.create(vendor=vendor, name="A", key="a").pk}


def snapshot() -> list[object]:
    return [*Vendor.objects.values_list("pk", "name", "status", "merged_into"), *VendorAlias.objects.values_list("pk", "vendor")]


@pytest.mark.parametrize("address", [*READ, *SENIOR_READ, *SENIOR_WRITE, "/documents/retry/"])
def test_a_stranger_is_sent_to_sign_in(client: Client, places: dict[str, int], address: str) -> None:
    before = snapshot()
    answer = (
        client.post(address.format(**places)) if address in [*SENIOR_WRITE, "/documents/retry/"] else client.get(address.format(**places))
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=")
    assert snapshot() == before


@pytest.mark.parametrize("address", READ)
@pytest.mark.parametrize("role", ["biller1", "senior", "admin"])
def test_everybody_reads(client: Client, cast: Cast, places: dict[str, int], address: str, role: str) -> None:
    client.force_login(getattr(cast, role))
    assert client.get(address.format(**places)).status_code == 200


@pytest.mark.parametrize("address", READ)
def test_no_cache_keeps_a_screen(client: Client, cast: Cast, places: dict[str, int], address: str) -> None:
    client.force_login(cast.biller1)
    assert "no-store" in client.get(address.format(**places))["Cache-Control"]


@pytest.mark.parametrize("address", [*SENIOR_READ, *SENIOR_WRITE])
def test_a_biller_changes_no_vendor(client: Client, cast: Cast, places: dict[str, int], address: str) -> None:
    client.force_login(cast.biller1)
    before = snapshot()
    method = client.post if address in SENIOR_WRITE else client.get
    answer = method(address.format(**places), {"name": "x", "into": str(places["other"])})
    assert answer.status_code == 403
    assert "senior biller" in answer.content.decode()
    assert snapshot() == before


@pytest.mark.parametrize("address", SENIOR_WRITE)
@pytest.mark.parametrize("role", ["senior", "admin"])
def test_seniors_change_vendors_by_post_only(client: Client, cast: Cast, places: dict[str, int], address: str, role: str) -> None:
    client.force_login(getattr(cast, role))
    assert client.get(address.format(**places)).status_code == 405
    answer = client.post(address.format(**places), {"name": "New name", "into": places["other"]})
    assert answer.status_code == 302


@pytest.mark.parametrize("address", SENIOR_WRITE)
def test_changes_need_the_token_of_the_page(cast: Cast, places: dict[str, int], address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.senior)
    before = snapshot()
    answer = client.post(address.format(**places), {"name": "x"})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()
    assert snapshot() == before


def test_a_biller_is_shown_no_form_of_a_vendor(client: Client, cast: Cast, places: dict[str, int]) -> None:
    client.force_login(cast.biller1)
    body = client.get(f"/vendors/{places['vendor']}/").content.decode()
    assert "/change/" not in body
    assert "/merge/" not in body


@pytest.mark.parametrize("next_address", ["https://example.org/", "//example.org/", "javascript:alert(1)", "http:example.org"])
def test_forms_lead_to_this_host_only(client: Client, cast: Cast, places: dict[str, int], next_address: str) -> None:
    client.force_login(cast.senior)
    answer = client.post(f"/vendors/{places['vendor']}/confirm/", {"next": next_address})
    assert answer["Location"] == f"/vendors/{places['vendor']}/"
