"""What must not move, and what must follow: columns while documents are read, rows while they are selected, counts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from invoices.models import Document, Prediction, Vendor
from labeling.models import LabelingTask

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn

LONG = "A very long name that somebody wrote to say everything about it " * 3
RECORD: dict[str, object] = {
    "vendor": {"name": LONG, "address": None},
    "invoice_number": "INV-2026-0000-0000-0000-0000-4711",
    "date": "2026-03-05",
    "line_items": [],
    "subtotal": None,
    "tax": None,
    "total": "1234567.89",
}


def make(n: int, **values: object) -> Document:
    defaults = {"sha256": f"{n:064x}", "name": f"scan {n:02d}.pdf", "media_type": "application/pdf", "size": 900 + n, "status": "received"}
    return Document.objects.create(**(defaults | values))


def edges(page: Page) -> list[float]:
    """Where the columns of the table begin."""
    return [place["x"] for place in (head.bounding_box() for head in page.locator("thead th").all()) if place]


def top(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"]


def test_columns_stay_while_a_document_is_read_and_fit_the_screen(signed_in: SignedIn, cast: Cast) -> None:
    waiting = make(1)
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    before = edges(page)
    Prediction.objects.create(document=waiting, model_id="zero", record=RECORD, fields=[], checks=[], route="review")
    vendor = Vendor.objects.create(name=LONG[:290])
    Document.objects.filter(pk=waiting.pk).update(status="prefilled", vendor=vendor, name=LONG[:200], page_count=12)
    expect(page.locator("#document-rows")).to_contain_text("1,234,567.89")
    assert edges(page) == before
    frame = page.locator(".table-frame")
    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth")


def test_counts_follow_what_comes_in(signed_in: SignedIn, cast: Cast) -> None:
    waiting = make(1)
    page = signed_in(cast.biller1)
    page.goto("/documents/")
    tabs = page.get_by_role("navigation", name="Status")
    expect(tabs).to_contain_text("Received 1")
    Document.objects.filter(pk=waiting.pk).update(status="failed", error_code="damaged", error_message="This file is damaged.")
    expect(tabs).to_contain_text("Failed 1")
    expect(tabs).to_contain_text("Received 0")
    expect(page.locator(".nav__count")).to_have_text("1")


def test_selecting_moves_no_row(signed_in: SignedIn, cast: Cast) -> None:
    for n in range(40):
        make(n, status="failed", error_code="damaged", error_message="This file is damaged.")
    page = signed_in(cast.biller1)
    for address in ("/documents/?status=failed", "/failures/"):
        page.goto(address)
        box = page.locator("tbody input[type=checkbox]").nth(3)
        before = top(box)
        box.check()
        expect(page.locator("#bulk")).to_be_in_viewport()
        assert top(box) == before


def test_failures_are_sorted_by_name_and_size(signed_in: SignedIn, cast: Cast) -> None:
    for n, name in enumerate(("b.pdf", "c.pdf", "a.pdf")):
        make(n, name=name, status="failed", error_code="damaged", error_message="This file is damaged.")
    page = signed_in(cast.biller1)
    page.goto("/failures/")
    names = page.locator("tbody .table__main")
    expect(names).to_have_text(["a.pdf", "c.pdf", "b.pdf"])
    page.get_by_role("link", name="Document", exact=True).click()
    expect(names).to_have_text(["a.pdf", "b.pdf", "c.pdf"])
    page.get_by_role("link", name="Size", exact=True).click()
    expect(page.get_by_role("columnheader", name="Size")).to_have_attribute("aria-sort", "descending")
    expect(names).to_have_text(["a.pdf", "c.pdf", "b.pdf"])


def test_a_document_that_somebody_has_open_says_who(signed_in: SignedIn, cast: Cast) -> None:
    document = make(1, status="prefilled")
    soon = timezone.now() + dt.timedelta(minutes=9)
    LabelingTask.objects.create(document=document, assignee=cast.biller2, lease_expires_at=soon)
    page = signed_in(cast.biller1)
    page.goto(f"/documents/{document.pk}/")
    expect(page.locator(".page__actions")).to_contain_text(f"Held by {cast.biller2.get_full_name() or cast.biller2.username} until")
    expect(page.get_by_role("link", name="Label it")).to_have_count(0)
    own = signed_in(cast.biller2)
    own.goto(f"/documents/{document.pk}/")
    expect(own.get_by_role("link", name="Label it")).to_be_visible()
