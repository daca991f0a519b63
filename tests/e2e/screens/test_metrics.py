"""The metrics screen in a real browser: numbers with their tables, days and vendors, documents behind a day, dark mode, keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from invoices.models import Vendor
from modelops.monitoring.counting import count_newer
from tests.modelops.monitoring.days import come_in, label_and_settle, passes, read

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn


@pytest.fixture
def counted(cast: Cast) -> list[Vendor]:
    """Thirty-two documents of two vendors, settled yesterday; every eighth was read wrongly. One more went through unchecked."""
    vendors = [Vendor.objects.create(name=name, status="confirmed") for name in ("Apex Infusion", "Zenith Pharmacy")]
    yesterday = timezone.now() - timedelta(days=1)
    for number in range(32):
        document = come_in(yesterday, vendors[number % 2])
        read(document, yesterday, sure=0.96, total="91.00" if number % 8 == 0 else "90.00")
        label_and_settle(document, yesterday, cast.biller1, seconds=45)
    count_newer()
    return vendors


@pytest.mark.main_job
def test_the_numbers_and_what_stands_behind_them(
    cast: Cast, counted: list[Vendor], signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin)
    page.goto("/monitoring/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Metrics")
    expect(page.locator(".tiles")).to_contain_text("87.5 %")
    expect(page.locator(".tiles")).to_contain_text("99.4 %")
    assert_accessible(page)
    page.locator("#chart-accuracy").get_by_text("Table").click()
    table = page.locator("#chart-accuracy table").first
    expect(table).to_contain_text("87.5 %")
    page.get_by_role("link", name="Apex Infusion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Metrics: Apex Infusion")
    expect(page.locator("#vendor")).to_have_value(str(counted[0].pk))
    expect(page.locator(".tiles")).to_contain_text("75.0 %")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Metrics: Apex Infusion")


def test_from_a_day_to_its_documents_by_keyboard(cast: Cast, counted: list[Vendor], signed_in: SignedIn) -> None:
    page = signed_in(cast.admin)
    page.goto("/monitoring/")
    days = page.get_by_role("table", name="Day by day, newest first")
    days.get_by_role("row").nth(2).get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Settled, newest first").get_by_role("row")).to_have_count(31)
    page.get_by_role("link", name="Next", exact=True).press("Enter")
    expect(page.get_by_role("table", name="Settled, newest first").get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="Read wrongly").press("Enter")
    wrong = page.get_by_role("table", name="Read wrongly, newest first")
    expect(wrong.get_by_role("row")).to_have_count(5)
    expect(wrong.get_by_role("row").nth(1)).to_contain_text("19 of 20")
    expect(wrong.get_by_role("row").nth(1)).to_contain_text("Total")
    page.get_by_role("link", name="Day after").press("Enter")
    expect(page.get_by_role("heading", name="None")).to_be_visible()


def test_the_days_are_chosen_in_the_form_and_a_file_is_saved(cast: Cast, counted: list[Vendor], signed_in: SignedIn) -> None:
    page = signed_in(cast.admin)
    page.goto("/monitoring/")
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
    page.locator("#from").fill(yesterday)
    page.locator("#to").fill(yesterday)
    page.get_by_role("button", name="Show").click()
    days = page.get_by_role("table", name="Day by day, newest first")
    expect(days.get_by_role("row")).to_have_count(2)
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV of these days").click()
    assert saved.value.suggested_filename == f"metrics-{yesterday}-{yesterday}.csv"
    page.goto("/monitoring/?from=2026-02-30")
    expect(page.get_by_text("is no day; the last 30 days are shown")).to_be_visible()
    page.goto("/monitoring/?from=2001-01-01&to=2001-01-05")
    expect(page.get_by_role("heading", name="Nothing is known of these days")).to_be_visible()


def test_what_nobody_checked_is_said_not_to_be_known(cast: Cast, counted: list[Vendor], signed_in: SignedIn) -> None:
    document = come_in(timezone.now(), counted[0])
    read(document, timezone.now(), route="accepted")
    passes(document, timezone.now(), drawn=False)
    count_newer()
    page = signed_in(cast.admin)
    page.goto("/monitoring/")
    notice = page.locator(".notice").filter(has_text="How right everything is, is not known.")
    expect(notice).to_contain_text("none of them was checked")
    expect(notice).to_contain_text("87.5 %")
    expect(page.locator(".tiles")).to_contain_text("not known")


def test_before_anything_was_counted_it_says_what_to_do(cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.admin)
    page.goto("/monitoring/")
    expect(page.get_by_role("heading", name="No day has been counted yet")).to_be_visible()
    page.get_by_role("link", name="See whether they run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Health")
    expect(page.get_by_text("not counted yet")).to_be_visible()


def test_dark_it_is_as_readable(cast: Cast, counted: list[Vendor], signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.admin)
    page.emulate_media(color_scheme="dark")
    page.goto("/monitoring/")
    expect(page.locator(".tiles")).to_contain_text("87.5 %")
    assert_accessible(page)
    page.set_viewport_size({"width": 700, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    yesterday = (timezone.now() - timedelta(days=1)).date().isoformat()
    page.goto(f"/monitoring/{yesterday}/")
    assert_accessible(page)
