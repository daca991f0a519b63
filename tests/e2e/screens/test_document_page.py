"""The page of one document fits the smallest screen that is worked on, amounts with their separators included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from invoices.models import Document, Prediction

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn

ITEM = {
    "description": "Succinylcholine 200 mg/10 mL vial, multi-dose, 25 x 10 mL",
    "quantity": "11",
    "unit_price": "1190.32",
    "total": "13093.52",
    "ndc_code": "00409-6629-02",
    "cpt_code": "J0330",
    "type": "standard_medication",
}
RECORD = {
    "vendor": {"name": "Bluestone", "address": None},
    "invoice_number": "B-1",
    "date": "2024-04-20",
    "line_items": [ITEM],
    "subtotal": None,
    "tax": None,
    "total": "13093.52",
}


def test_amounts_have_separators_and_no_column_is_cut_off(signed_in: SignedIn, cast: Cast) -> None:
    document = Document.objects.create(
        sha256="1" * 64, name="a.pdf", media_type="application/pdf", size=900, status="prefilled", page_count=1
    )
    Prediction.objects.create(document=document, model_id="zero", record=RECORD, fields=[], checks=[], route="review")
    page = signed_in(cast.biller1)
    page.goto(f"/documents/{document.pk}/")
    items = page.get_by_role("group", name="Table of line items")
    expect(items).to_contain_text("1,190.32")
    expect(page.get_by_role("row").filter(has_text="Subtotal")).to_contain_text("not found")
    assert items.evaluate("frame => frame.scrollWidth <= frame.clientWidth")
