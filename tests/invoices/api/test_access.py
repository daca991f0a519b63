"""Every address of this API for every role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from invoices.api.urls import urlpatterns
from invoices.models import Document, Vendor
from invoices.people import User
from tests.conftest import Cast
from tests.invoices.paper import invoice_pdf

READS = [
    "documents/",
    "documents/{d}/",
    "documents/{d}/words/",
    "documents/{d}/file",
    "documents/{d}/pages/1/image",
    "vendors/",
    "vendors/{v}/",
]
SENIOR = [
    ("patch", "vendors/{v}/", {"name": "New name"}),
    ("post", "vendors/{v}/aliases/", {"name": "Another name"}),
    ("delete", "vendors/{v}/aliases/1/", None),
    ("post", "vendors/{v}/merge/", {"into": 999}),
]


@pytest.fixture
def places(read: Callable[..., Document]) -> Callable[[str], str]:
    """Fills in the ids of a document and a vendor that exist."""
    document, vendor = read(invoice_pdf()), Vendor.objects.create(name="Apex")
    return lambda path: "/api/v1/" + path.format(d=document.pk, v=vendor.pk)


@pytest.mark.parametrize("path", [*READS, "documents/{d}/prediction/"])
def test_nobody_reads_without_signing_in(places: Callable[[str], str], path: str) -> None:
    answer = APIClient().get(places(path))
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"] == "Token"


def test_a_closed_account_and_a_made_up_token_are_nobody(
    places: Callable[[str], str], api_of: Callable[[User], APIClient], cast: Cast
) -> None:
    assert api_of(cast.outsider).get(places("documents/")).status_code == 401
    forged = APIClient()
    forged.credentials(HTTP_AUTHORIZATION="Token " + "0" * 40)
    assert forged.get(places("documents/{d}/pages/1/image")).status_code == 401


@pytest.mark.parametrize("path", READS)
def test_every_role_reads(places: Callable[[str], str], api_of: Callable[[User], APIClient], cast: Cast, path: str) -> None:
    for user in (cast.biller1, cast.senior, cast.admin):
        answer = api_of(user).get(places(path))
        assert answer.status_code == 200
        assert answer.getvalue(), "a stream is closed when it has been read"


@pytest.mark.parametrize(("method", "path", "body"), SENIOR)
def test_the_vendor_master_is_changed_by_seniors(
    places: Callable[[str], str], api_of: Callable[[User], APIClient], cast: Cast, method: str, path: str, body: dict[str, object] | None
) -> None:
    refused = getattr(api_of(cast.biller1), method)(places(path), body, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert getattr(api_of(cast.senior), method)(places(path), body, format="json").status_code in (200, 201, 204, 404)


def test_a_session_needs_the_csrf_token(db: None, cast: Cast) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(cast.biller1)
    assert browser.post("/api/v1/documents/bulk-retry/", {"ids": []}, format="json").status_code == 403


def test_ids_that_do_not_exist_are_404(api_of: Callable[[User], APIClient], cast: Cast) -> None:
    api = api_of(cast.biller1)
    for path in [*READS[1:5], "documents/{d}/prediction/", READS[6]]:
        for number in (0, 10**9, 10**18 - 1):
            answer = api.get("/api/v1/" + path.format(d=number, v=number))
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (path, number)
        assert api.get("/api/v1/" + path.format(d=10**30, v=10**30)).status_code == 404, "longer than any database holds"


def test_every_address_is_covered_here_or_in_the_document_tests() -> None:
    assert len(urlpatterns) == 15, "a new address needs a line in READS or SENIOR, or a test of its own"
