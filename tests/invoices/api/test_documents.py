"""The documents API as a client sees it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.test import APIClient

from invoices.models import Document, Vendor
from invoices.people import User
from invoices.prefill import prefill_document
from tests.conftest import Cast
from tests.invoices.paper import LINES, invoice_pdf, locked_pdf

URL = "/api/v1/documents/"
LIST_STATEMENTS = 8
ClientOf = Callable[[User], APIClient]


@pytest.fixture
def api(api_of: ClientOf, cast: Cast) -> APIClient:
    return api_of(cast.biller1)


def upload(api: APIClient, data: bytes, name: str = "march.pdf", **more: str) -> tuple[int, dict[str, object]]:
    response = api.post(URL, {"file": SimpleUploadedFile(name, data, "application/pdf"), **more}, format="multipart")
    return response.status_code, response.json()


def test_a_file_is_created_once(api: APIClient) -> None:
    status, body = upload(api, invoice_pdf())
    assert status == 201
    assert body == {"id": body["id"], "status": "received", "sha256": body["sha256"], "duplicate_of": None}
    again, known = upload(api, invoice_pdf(), "other name.pdf")
    assert (again, known["id"], known["duplicate_of"]) == (200, body["id"], body["id"])


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [(b"", 400, "empty_file"), (b"<html>", 415, "file_type_unknown"), (b"%PDF-1.7" + b"0" * 5000, 413, "file_too_large")],
    ids=["empty", "html", "too large"],
)
def test_refusals_are_problem_details(api: APIClient, settings: Settings, data: bytes, status: int, code: str) -> None:
    settings.MAX_UPLOAD_BYTES = 4000
    response = api.post(URL, {"file": SimpleUploadedFile("a.pdf", data)}, format="multipart")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    assert not Document.objects.exists()


def test_no_file_and_no_form(api: APIClient) -> None:
    missing = api.post(URL, {"vendor": "x"}, format="multipart")
    assert (missing.status_code, missing.json()["code"]) == (400, "invalid")
    assert missing.json()["problems"][0]["path"] == "file"
    assert api.post(URL, {"url": "http://127.0.0.1/secret"}, format="json").status_code == 415, (
        "documents are never fetched from an address"
    )
    broken = api.generic("POST", URL, "nonsense", content_type="multipart/form-data; boundary=x")
    assert broken.status_code == 400


def test_names_cannot_be_paths_or_markup(api: APIClient) -> None:
    upload(api, invoice_pdf(), "..\\..\\<script>alert(1)</script>.pdf")
    [row] = api.get(URL).json()["results"]
    assert row["name"] == "script›.pdf" or "<" not in row["name"]
    assert "/" not in row["name"]


def test_one_document_with_pages_words_picture_and_file(api: APIClient, read: Callable[..., Document]) -> None:
    document = read(invoice_pdf(pages=2), name="Ä “1”.pdf")
    detail = api.get(f"{URL}{document.pk}/").json()
    assert [page["number"] for page in detail["pages"]] == [1, 2]
    assert (detail["status"], detail["error"], detail["vendor"]) == ("parsing", None, None)
    words = api.get(f"{URL}{document.pk}/words/").json()
    text, *box, line, confidence = words["pages"][0]["words"][0]
    assert (text, line, confidence) == ("Apex", 0, 1.0)
    assert all(0 <= side <= 1 for side in box)
    picture = api.get(detail["pages"][0]["image"])
    assert (picture["Content-Type"], picture.content[8:12]) == ("image/webp", b"WEBP")
    assert picture["Cache-Control"] == "private, max-age=31536000, immutable"
    file = api.get(f"{URL}{document.pk}/file")
    assert file.getvalue() == invoice_pdf(pages=2)
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"


def test_pictures_are_revalidated_by_their_hash(api: APIClient, read: Callable[..., Document]) -> None:
    document = read(invoice_pdf())
    address = f"{URL}{document.pk}/pages/1/image"
    first = api.get(address)
    assert first["Cache-Control"] == "private, no-cache"
    again = api.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert api.get(address, HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_the_prediction_is_the_newest_one(api: APIClient, read: Callable[..., Document]) -> None:
    document = read(invoice_pdf())
    address = f"{URL}{document.pk}/prediction/"
    missing = api.get(address)
    assert (missing.status_code, missing.json()["code"]) == (404, "no_prediction")
    prefill_document(document.pk)
    body = api.get(address).json()
    assert set(body) >= {"model_id", "record", "fields", "route", "checks"}
    assert body["record"]["invoice_number"] == "INV-204881"
    total = next(field for field in body["fields"] if field["path"] == "total")
    assert total["evidence"][0]["page"] == 1
    assert len(total["evidence"][0]["box"]) == 4


def test_failed_documents_are_listed_with_the_reason_and_tried_again(api: APIClient, read: Callable[..., Document]) -> None:
    failed, good = read(locked_pdf()), read(invoice_pdf())
    [row] = api.get(URL, {"status": "failed"}).json()["results"]
    assert row["error"]["code"] == "encrypted"
    retried = api.post(f"{URL}{failed.pk}/retry/")
    assert (retried.status_code, retried.json()["status"]) == (202, "received")
    assert api.post(f"{URL}{failed.pk}/retry/").json()["code"] == "not_failed"
    assert api.post(f"{URL}{good.pk}/retry/").status_code == 409
    assert api.post(f"{URL}999999/retry/").status_code == 404


def test_bulk_retry_takes_ids_or_a_reason(api: APIClient) -> None:
    for mark in "abc":
        failed = {"status": "failed", "error_code": "timeout" if mark < "c" else "damaged"}
        Document.objects.create(sha256=mark * 64, name=mark, media_type="application/pdf", size=1, **failed)
    address = f"{URL}bulk-retry/"
    assert api.post(address, {"error_code": "timeout"}, format="json").json() == {"retried": 2}
    assert api.post(address, {"ids": list(Document.objects.values_list("pk", flat=True))}, format="json").json() == {"retried": 1}
    for wrong in ({}, {"ids": [1], "error_code": "x"}, {"ids": ["x"]}, {"ids": [2**80]}, {"ids": "all"}):
        assert api.post(address, wrong, format="json").status_code == 400


@pytest.fixture
def thirty(db: None, cast: Cast) -> Vendor:
    vendor = Vendor.objects.create(name="Apex Infusion")
    for number in range(35):
        Document.objects.create(
            sha256=f"{number:064x}",
            name=f"invoice {number:02}.pdf",
            media_type="application/pdf",
            size=100 + number,
            uploaded_by=cast.biller1,
            vendor=vendor if number % 2 else None,
            text_signature=[1] * 64,
        )
    return vendor


def test_a_list_costs_few_statements_however_long(api: APIClient, thirty: Vendor) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        api.get(URL, {"page_size": 3})
    with CaptureQueriesContext(connection) as many:
        body = api.get(URL, {"page_size": 30}).json()
    assert len(body["results"]) == 30
    assert len(many) == len(few) <= LIST_STATEMENTS


def test_filters_search_order_and_pages(api: APIClient, thirty: Vendor) -> None:
    def names(**asked: str | int) -> list[str]:
        return [row["name"] for row in api.get(URL, asked).json()["results"]]

    assert names()[0] == "invoice 34.pdf"
    assert names(ordering="name", page_size=2) == ["invoice 00.pdf", "invoice 01.pdf"]
    assert names(search="E 07") == ["invoice 07.pdf"]
    assert names(search=f"{7:064X}") == ["invoice 07.pdf"]
    assert len(names(vendor=thirty.pk, page_size=100)) == 17
    assert len(names(search="apex", page_size=100)) == 17
    assert names(status="failed") == []
    seen, address = [], f"{URL}?page_size=10&ordering=name"
    while address:
        page = api.get(address).json()
        seen += [row["name"] for row in page["results"]]
        address = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == 35


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "'; DROP TABLE"},
        {"vendor": "x"},
        {"vendor": str(2**90)},
        {"vendor": "1.5"},
        {"search": "a\x00b"},
        {"search": "x" * 101},
        {"cursor": "made up"},
    ],
    ids=lambda asked: next(iter(asked.items()))[0],
)
def test_odd_questions_never_break(api: APIClient, thirty: Vendor, asked: dict[str, str]) -> None:
    response = api.get(URL, asked)
    assert response.status_code in (400, 404)
    assert response["Content-Type"] == "application/problem+json"


POSITIONS = ["abc", "a\x00b", "ü", "1e400", str(2**70), str(-(2**70)), "", "NaN", "1.5", "2026-99-99", "2026-11-22 10:00:00", "+0001-01-01"]


@pytest.mark.parametrize("ordering", ["id", "-id", "name", "-name", "received_at", "-received_at", "size", "-size"])
def test_hand_made_cursors_are_answered(api: APIClient, thirty: Vendor, ordering: str) -> None:
    for position in POSITIONS:
        for more in ({}, {"r": "1"}, {"o": "5"}):
            cursor = base64.b64encode(urlencode({"p": position, **more}).encode()).decode()
            response = api.get(URL, {"ordering": ordering, "cursor": cursor})
            expected = (200, 404) if ordering.endswith("name") else (404,)
            assert response.status_code in expected, (position, more)
            if ordering in ("id", "name"):
                assert api.get("/api/v1/vendors/", {"ordering": ordering, "cursor": cursor}).status_code in expected


def test_filters_cannot_reach_through_relations(api: APIClient, thirty: Vendor) -> None:
    """Unknown names are ignored, so nobody can ask for somebody's password piece by piece."""
    asked = {"uploaded_by__password__startswith": "md5", "ordering": "uploaded_by__password", "page_size": "100"}
    assert len(api.get(URL, asked).json()["results"]) == 35


def test_an_address_of_an_invoice_says_nothing_about_its_words(api: APIClient, read: Callable[..., Document]) -> None:
    document = read(invoice_pdf())
    assert LINES[0].split()[0] not in str(api.get(f"{URL}{document.pk}/").json())
