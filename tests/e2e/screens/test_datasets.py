"""Data sets: put together, looked at, compared; sides of vendors; a document removed. By an admin, in a browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from labeling.models import SuspectGold
from modelops.datasets.collecting import collect
from modelops.datasets.freezing import freeze
from modelops.models import DatasetVersion, DocumentRemoval, VendorSide
from tests.conftest import Cast
from tests.e2e.conftest import SignedIn
from tests.modelops.datasets.gold_makers import companies, company, confirm

SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Path:
    """Where this test's data sets are."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def gold(cast: Cast, data_dir: Path) -> list[Any]:
    """Ten companies; one label was confirmed too fast, one record is in dispute."""
    found = list(companies(cast.biller1, [6, 2, 3, 2, 2, 3, 2, 2, 3, 2]))
    confirm(company(0, 1, first=40)[0], found[0][0], cast.biller1, active_ms=700)
    disputed = confirm(company(0, 1, first=41)[0], found[0][0], cast.biller1)
    SuspectGold.objects.create(gold=disputed, state="open", score=900, looked_at=disputed.created_at)
    return found


def shoot(page: Page, name: str) -> None:
    if not SHOTS:
        return
    page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=f"{SHOTS}/{name}-dark.png", full_page=True)
    page.emulate_media(color_scheme="light")


@pytest.mark.main_job
def test_an_admin_puts_a_data_set_together_and_sees_it_frozen(
    cast: Cast, gold: list[Any], signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin)
    page.goto("/data-sets/")
    expect(page.get_by_role("heading", name="No data set yet")).to_be_visible()
    assert_accessible(page)
    shoot(page, "datasets-empty")
    page.get_by_label("Note").fill("First set")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Being put together")).to_be_visible()
    freeze(DatasetVersion.objects.get().pk)
    expect(page.get_by_role("heading", name="Where it comes from")).to_be_visible()
    expect(page.locator(".dset__side")).to_have_count(3)
    expect(page.get_by_role("row", name="The record is in dispute 1")).to_be_visible()
    expect(page.get_by_text("Confirmed without a change")).to_be_visible()
    assert_accessible(page)
    shoot(page, "dataset")
    page.get_by_role("navigation", name="Side").get_by_role("link", name="Held out").click()
    expect(page.locator("#lineage tbody tr")).to_have_count(DatasetVersion.objects.get().test_documents)
    page.locator("#lineage tbody a").first.click()
    expect(page.get_by_role("heading", name="Record")).to_be_visible()


def test_the_second_one_is_compared_with_the_first(
    cast: Cast, gold: list[Any], signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    freeze(collect(by=cast.admin, note="First set").pk)
    confirm(company(0, 1, first=50)[0], gold[0][0], cast.biller1)
    freeze(collect(by=cast.admin, note="With October").pk)
    asked = collect(by=cast.admin)
    freeze(asked.pk)
    page = signed_in(cast.admin)
    page.goto("/data-sets/")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_text("Same as before")).to_be_visible()
    assert_accessible(page)
    shoot(page, "datasets")
    page.get_by_role("link", name="2 open the data set").click()
    page.get_by_role("link", name="Compare with 1").click()
    expect(page.get_by_role("link", name="Added 1")).to_have_attribute("aria-current", "true")
    expect(page.locator("table").last.locator("tbody tr")).to_have_count(1)
    assert_accessible(page)
    shoot(page, "dataset-difference")
    page.get_by_role("link", name="Not in it any more").click()
    expect(page.get_by_role("heading", name="Nothing of this kind")).to_be_visible()


def test_what_is_refused_keeps_what_was_typed(cast: Cast, gold: list[Any], signed_in: SignedIn) -> None:
    collect(by=cast.admin)
    page = signed_in(cast.admin)
    page.goto("/data-sets/")
    page.get_by_label("Note").fill("Too early")
    page.get_by_role("button", name="Put together").click()
    expect(page.get_by_role("alert")).to_contain_text("Data set 1 is being put together")
    expect(page.get_by_label("Note")).to_have_value("Too early")
    assert DatasetVersion.objects.count() == 1


def test_a_new_vendor_is_held_out_by_hand(
    cast: Cast, gold: list[Any], signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin)
    page.goto("/vendor-sides/")
    expect(page.get_by_role("heading", name="No vendor on this side")).to_be_visible()
    page.get_by_role("link", name="Vendors without a side").click()
    name = gold[3][0].name
    row = page.get_by_role("row").filter(has_text=name)
    row.get_by_text("Move").click()
    row.get_by_label("Side of").select_option("test")
    row.get_by_label("Why").fill("The most careful customer")
    assert_accessible(page)
    shoot(page, "vendor-sides-none")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Held out: this vendor, and all that belong together with it")).to_be_visible()
    assert VendorSide.objects.get(vendor=gold[3][0]).side == "test"
    freeze(collect(by=cast.admin).pk)
    page.goto("/vendor-sides/")
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("The most careful customer")
    expect(row).to_contain_text("final")
    shoot(page, "vendor-sides")


def test_a_document_is_removed_and_what_used_it_says_so(
    cast: Cast, gold: list[Any], signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    version = freeze(collect(by=cast.admin).pk)
    document = version.items.filter(side="train").order_by("gold")[0].gold.document
    page = signed_in(cast.admin)
    page.goto(f"/documents/{document.pk}/")
    page.get_by_role("link", name="Remove…").click()
    expect(page.get_by_role("link", name="Data set 1")).to_be_visible()
    assert_accessible(page)
    shoot(page, "removal")
    page.get_by_label("The patient asked for it").check()
    page.get_by_role("textbox", name="Reason").fill("Request of 12 November")
    page.get_by_label("to confirm").fill("7777")
    page.get_by_role("button", name="Remove for good").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was removed")
    expect(page.get_by_role("textbox", name="Reason")).to_have_value("Request of 12 November")
    assert not DocumentRemoval.objects.exists()
    page.get_by_label("to confirm").fill(str(document.pk))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="was removed")).to_be_visible()
    assert_accessible(page)
    shoot(page, "removed")
    page.goto("/data-sets/1/")
    expect(page.get_by_text("1 document had to go since it was frozen.")).to_be_visible()
    page.goto(f"/documents/{document.pk}/")
    expect(page.get_by_role("heading", name="Removed", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Original")).to_have_count(0)


def test_a_senior_sees_neither(cast: Cast, gold: list[Any], signed_in: SignedIn) -> None:
    page = signed_in(cast.senior)
    for path in ("/data-sets/", "/vendor-sides/", f"/documents/{gold[0][1][0].document_id}/remove/"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 403
    page.goto(f"/documents/{gold[0][1][0].document_id}/")
    expect(page.get_by_role("link", name="Remove…")).to_have_count(0)
