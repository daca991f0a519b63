"""Documents, failures and queue in the browser: filters, order, pages, trying again, live rows, hostile text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from invoices.models import Document, Prediction, Vendor
from invoices.models import Page as DocumentPage
from labeling.models import LabelingTask

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn

CANARY = "<img src=x onerror=alert(1)>"
RECORD = {
    "vendor": {"name": f"Apex {CANARY}", "address": "1 Main St"},
    "invoice_number": "INV-7",
    "date": "2026-03-05",
    "line_items": [
        {
            "description": f"Saline {CANARY}",
            "quantity": "2",
            "unit_price": "5.00",
            "total": "10.00",
            "ndc_code": "0143-9745-10",
            "cpt_code": None,
            "type": "dme_rental",
        }
    ],
    "subtotal": "10.00",
    "tax": None,
    "total": "10.00",
}


def make(n: int, **values: object) -> Document:
    defaults = {"sha256": f"{n:064x}", "name": f"scan {n:02d}.pdf", "media_type": "application/pdf", "size": 900, "status": "prefilled"}
    return Document.objects.create(**(defaults | values))


@pytest.fixture
def documents(cast: Cast) -> list[Document]:
    vendor = Vendor.objects.create(name=f"Apex {CANARY}", status="confirmed")
    made = [make(n, page_count=n % 5, vendor=vendor if n % 2 else None, uploaded_by=cast.biller1) for n in range(40)]
    failed = {"status": "failed", "error_code": "encrypted", "error_message": f"This file is locked with a password {CANARY}."}
    made += [make(n, **failed) for n in range(40, 43)]
    made.append(make(43, status="failed", error_code="timeout", error_message="Reading this file took more than 15 s."))
    made.append(make(44, name=f"{CANARY}.pdf", near_duplicate_of=made[0], near_duplicate_reason=CANARY))
    field = {"path": "total", "value": "10.00", "confidence": 0.93, "note": CANARY, "evidence": [{"page": 1, "box": [0.7, 0.8, 0.9, 0.83]}]}
    check = {"code": "sum", "severity": "error", "message": f"Lines exceed total {CANARY}", "paths": []}
    prediction = Prediction.objects.create(document=made[0], model_id="zero", record=RECORD, fields=[field], checks=[check], route="review")
    DocumentPage.objects.create(
        document=made[0], number=1, width=612, height=792, source="ocr", rotation=90, skew=1.2,
        image_sha256="a" * 64, image_width=850, image_height=1100,
        words=[[CANARY, 0.1, 0.1, 0.2, 0.12, 0, 0.9]],
    )  # fmt: skip
    LabelingTask.objects.create(document=made[0], prediction=prediction)
    LabelingTask.objects.create(document=made[1], escalated=True)
    return made


def names(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("tbody .table__main:not(.documents__vendor)").all_text_contents()]


@pytest.mark.main_job
def test_filters_order_and_pages_are_in_the_address(signed_in: SignedIn, cast: Cast, documents: list[Document]) -> None:
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    page.get_by_role("link", name=re.compile("^Ready to label")).click()
    page.get_by_label("Search").fill("scan")
    page.get_by_label("Search").press("Enter")
    page.get_by_role("link", name="Document", exact=True).click()
    expect(page.get_by_role("columnheader", name="Document", exact=True)).to_have_attribute("aria-sort", "ascending")
    first = names(page)
    assert first == [f"scan {n:02d}.pdf" for n in range(30)]
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    assert names(page) == [f"scan {n:02d}.pdf" for n in range(30, 40)]
    shared = page.url
    page.get_by_role("link", name="Previous").click()
    page.wait_for_url(lambda url: url != shared)
    assert names(page) == first
    other = signed_in(cast.senior)
    other.goto(shared)
    assert names(other) == [f"scan {n:02d}.pdf" for n in range(30, 40)]
    other.get_by_label("Search").fill("no such name")
    other.get_by_label("Search").press("Enter")
    expect(other.get_by_role("heading", name="Nothing matches")).to_be_visible()


def test_selected_failures_are_tried_again(signed_in: SignedIn, cast: Cast, documents: list[Document]) -> None:
    page = signed_in(cast.biller1)
    page.goto("/documents/?status=failed")
    expect(page.locator("#bulk")).to_be_hidden()
    page.get_by_label("Select scan 40.pdf").check()
    page.get_by_label("Select scan 43.pdf").check()
    expect(page.locator("#bulk")).to_contain_text("2 selected")
    page.locator("#bulk").get_by_role("button", name="Try again").click()
    expect(page.get_by_text("2 documents will be read again.")).to_be_visible()
    assert list(Document.objects.filter(status="received").values_list("parse_revision", flat=True)) == [2, 2]


def test_all_failures_of_a_reason_are_tried_again(signed_in: SignedIn, cast: Cast, documents: list[Document]) -> None:
    page = signed_in(cast.biller2)
    page.goto("/failures/")
    page.get_by_role("link", name=re.compile("Locked with a password")).click()
    expect(page.get_by_text("Ask the sender for an unlocked copy").first).to_be_visible()
    page.get_by_role("button", name="Try all 3 again").click()
    expect(page.get_by_text("3 documents will be read again.")).to_be_visible()
    page.get_by_role("button", name="Try scan 43.pdf again").click()
    expect(page.get_by_role("heading", name="Nothing failed")).to_be_visible()
    assert Document.objects.filter(status="received").count() == 4


def test_rows_of_unfinished_documents_follow_by_themselves(signed_in: SignedIn, cast: Cast, documents: list[Document]) -> None:
    waiting = make(90, status="received", name="on its way.pdf")
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    row = page.get_by_role("row").filter(has_text="on its way.pdf")
    expect(row).to_contain_text("Received")
    Document.objects.filter(pk=waiting.pk).update(status="parsing")
    expect(row).to_contain_text("Reading")
    Document.objects.filter(pk=waiting.pk).update(status="failed", error_message="This file is damaged.", error_code="damaged")
    expect(row).to_contain_text("This file is damaged.")
    expect(row.get_by_role("checkbox")).to_be_visible()


def test_the_page_of_a_document_points_at_its_values(signed_in: SignedIn, cast: Cast, documents: list[Document]) -> None:
    page = signed_in(cast.biller1)
    page.goto(f"/documents/{documents[0].pk}/")
    expect(page.locator(".sheet__marks rect")).to_have_count(1)
    page.get_by_role("row").filter(has_text="93 %").focus()
    expect(page.locator(".mark--now")).to_have_count(1)
    expect(page.get_by_text("turned by 90°")).to_be_visible()
    expect(page.get_by_role("link", name="Label it")).to_be_visible()
    page.get_by_text("None", exact=True).click()
    expect(page.locator(".sheet__marks rect")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_lists_are_accessible_and_hostile_text_stays_text(
    signed_in: SignedIn, cast: Cast, documents: list[Document], scheme: str, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.senior, color_scheme=scheme)
    addresses = [
        "/documents/",
        "/documents/?q=zzz",
        f"/documents/{documents[0].pk}/",
        f"/documents/{documents[40].pk}/",
        "/failures/?code=encrypted",
        "/queue/",
        "/queue/?tab=mine",
    ]
    for address in addresses:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("img[src='x']")).to_have_count(0)
        assert_accessible(page)
