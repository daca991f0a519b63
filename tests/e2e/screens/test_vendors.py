"""The vendor master in the browser: other names, merging with preview and undo, proposals, roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from invoices.models import Document, Vendor, VendorStatus
from invoices.vendor_master.editing import add_alias

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn

CANARY = "<img src=x onerror=1>"


@pytest.fixture
def vendors(cast: Cast) -> dict[str, Vendor]:
    apex = Vendor.objects.create(name="Apex Infusion Services", address="1 Main St, Erie, PA", status=VendorStatus.CONFIRMED)
    twin = Vendor.objects.create(name=f"Apex Infusion Svcs {CANARY}", address="PO Box 7")
    Vendor.objects.create(name="Zenith Medical Supply", status=VendorStatus.CONFIRMED)
    for n in range(2):
        Document.objects.create(
            sha256=f"{n:064x}", name=f"twin {n}.pdf", media_type="application/pdf", size=1, vendor=twin, status="failed"
        )
    return {"apex": apex, "twin": twin}


@pytest.mark.main_job
def test_a_senior_merges_a_proposed_vendor_and_takes_it_back(signed_in: SignedIn, cast: Cast, vendors: dict[str, Vendor]) -> None:
    page = signed_in(cast.senior)
    page.goto("/vendors/")
    page.get_by_role("link", name="Review 1 proposed").click()
    expect(page.get_by_role("heading", name=vendors["twin"].name)).to_be_visible()
    page.get_by_role("link", name="It is this one: Apex Infusion Services").click()
    expect(page.get_by_text("2 documents move to Apex Infusion Services.")).to_be_visible()
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_role("heading", name="Apex Infusion Services")).to_be_visible()
    expect(page.get_by_text("2 documents moved")).to_be_visible()
    expect(page.get_by_role("link", name="All 2")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=vendors["twin"].name)).to_be_visible()
    assert Document.objects.filter(vendor=vendors["apex"]).count() == 2
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("is a vendor of its own again")).to_be_visible()
    assert Document.objects.filter(vendor=vendors["twin"]).count() == 2
    assert list(vendors["apex"].aliases.all()) == []


def test_the_target_is_found_by_another_name(signed_in: SignedIn, cast: Cast, vendors: dict[str, Vendor]) -> None:
    add_alias(vendor_id=vendors["apex"].pk, name="Allegheny Drip")
    page = signed_in(cast.senior)
    page.goto(f"/vendors/{vendors['twin'].pk}/merge/")
    page.get_by_role("searchbox").fill("allegheny")
    page.keyboard.press("Enter")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Choose Apex Infusion Services").click()
    expect(page.get_by_role("heading", name="What will happen")).to_be_visible()


def test_names_are_added_and_taken_away_and_a_taken_one_is_explained(signed_in: SignedIn, cast: Cast, vendors: dict[str, Vendor]) -> None:
    add_alias(vendor_id=vendors["twin"].pk, name="Apex Inf.")
    page = signed_in(cast.senior)
    page.goto(f"/vendors/{vendors['apex'].pk}/")
    page.get_by_label("Another name").fill("APEX INF")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Take it away there first, or merge both vendors.")).to_be_visible()
    page.get_by_label("Another name").fill(f"Apex Home {CANARY}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="Apex Home")).to_be_visible()
    page.get_by_role("button", name="Take away the name Apex Home").click()
    expect(page.get_by_text("The name was taken away.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Apex Home")).to_have_count(0)


def test_master_data_is_changed_and_confirmed(signed_in: SignedIn, cast: Cast, vendors: dict[str, Vendor]) -> None:
    page = signed_in(cast.admin)
    page.goto(f"/vendors/{vendors['twin'].pk}/")
    page.get_by_label("Name", exact=True).fill("Apex Infusion South")
    page.get_by_label("Phone and tax numbers").fill("(555) 010-1000\n12-3456789")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Apex Infusion South")).to_be_visible()
    page.get_by_role("button", name="Confirm this vendor").click()
    expect(page.get_by_text("Confirmed.")).to_be_visible()
    vendors["twin"].refresh_from_db()
    assert (vendors["twin"].status, vendors["twin"].identifiers) == ("confirmed", ["(555) 010-1000", "12-3456789"])


def test_a_biller_reads_and_changes_nothing(signed_in: SignedIn, cast: Cast, vendors: dict[str, Vendor]) -> None:
    page = signed_in(cast.biller1)
    page.goto(f"/vendors/{vendors['apex'].pk}/")
    expect(page.get_by_role("heading", name="Apex Infusion Services")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("link", name="Merge into another")).to_have_count(0)
    answer = page.goto(f"/vendors/{vendors['apex'].pk}/merge/")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_text("This needs the role senior biller. Yours is biller.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_vendor_screens_are_accessible(
    signed_in: SignedIn, cast: Cast, vendors: dict[str, Vendor], scheme: str, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.senior, color_scheme=scheme)
    apex, twin = vendors["apex"].pk, vendors["twin"].pk
    for address in (
        "/vendors/",
        "/vendors/?q=nothing",
        "/vendors/proposed/",
        f"/vendors/{twin}/",
        f"/vendors/{twin}/merge/",
        f"/vendors/{twin}/merge/?into={apex}",
    ):
        page.goto(address)
        assert_accessible(page)
