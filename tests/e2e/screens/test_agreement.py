"""The screens of agreement in a real browser: numbers, drill-down, keyboard, dark mode, a reload, many people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from invoices.models import Vendor
from invoices.people import Role, User
from labeling.agreement.counting import count_pairs
from labeling.models import Agreement
from mlcore.agreement.statistics import agreement_of
from mlcore.agreement.tally import Tally
from tests.labeling.agreement.frozen_pairs import Wanted, direct, freeze, key_of, some

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn


@pytest.fixture
def rows(cast: Cast) -> list[Agreement]:
    """120 counted pairs of three people and two vendors over three months."""
    vendors = [Vendor.objects.create(name=name, status="confirmed") for name in ("Apex Infusion", "Zenith Pharmacy")]
    made = freeze(some([cast.biller1, cast.biller2, cast.senior], 120, vendors=vendors))
    count_pairs(len(made))
    return made


@pytest.mark.main_job
def test_the_numbers_are_those_of_the_pairs(
    cast: Cast, rows: list[Agreement], signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.senior)
    page.goto("/agreement/")
    exact = agreement_of(Tally.of(direct(rows))).to_json()["exact"]
    headline = page.get_by_role("table", name="Agreement against the target of 97 %")
    row = headline.get_by_role("row").filter(has_text="Documents exact")
    expect(row).to_contain_text(f"{exact['value'] * 100:.1f} %")
    expect(row).to_contain_text(f"{exact['low'] * 100:.1f}–{exact['high'] * 100:.1f}")
    expect(row).to_contain_text("Below the target")
    expect(row.get_by_role("link", name="120")).to_be_visible()
    assert_accessible(page)
    page.get_by_text("The numbers behind the chart").click()
    trend = page.get_by_role("table", name="Agreement by month")
    expect(trend.get_by_role("row")).to_have_count(4)
    trend.get_by_role("link", name="2026-10").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Agreement: October 2026")
    expect(page.locator("#since")).to_have_value("2026-10")
    page.get_by_role("link", name="Show everything").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Agreement")


def test_from_a_number_to_the_documents_behind_it_by_keyboard(cast: Cast, rows: list[Agreement], signed_in: SignedIn) -> None:
    differing = [row for row in rows if any(difference["name"] == "total" for difference in row.outcome["differences"])]
    page = signed_in(cast.senior)
    page.goto("/agreement/")
    page.get_by_role("table", name="Agreement by field").get_by_role("link", name="Total", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Documents labeled twice")
    expect(page.locator("#field")).to_have_value("total")
    table = page.get_by_role("table", name="Documents labeled twice")
    expect(table.get_by_role("row")).to_have_count(1 + len(differing))
    page.locator("#vendor").focus()
    page.keyboard.type("Zenith")
    page.locator("#vendor").press("Enter")
    page.get_by_role("button", name="Filter").focus()
    page.keyboard.press("Enter")
    expect(table.get_by_role("row")).to_have_count(
        1 + sum(row.vendor is not None and row.vendor.name.startswith("Zenith") for row in differing)
    )
    page.reload()
    expect(page.locator("#vendor")).not_to_have_value("")
    first = table.get_by_role("row").nth(1).get_by_role("link").first
    name = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_pages_of_documents_go_on_and_back(cast: Cast, rows: list[Agreement], signed_in: SignedIn) -> None:
    page = signed_in(cast.senior)
    page.goto("/agreement/documents/")
    table = page.get_by_role("table", name="Documents labeled twice")
    first = table.get_by_role("row").nth(1).inner_text()
    for _ in range(3):
        page.get_by_role("link", name="Next").click()
    expect(table.get_by_role("row")).to_have_count(31)
    assert page.get_by_role("link", name="Next").count() == 0
    for _ in range(3):
        page.get_by_role("link", name="Previous").click()
    assert table.get_by_role("row").nth(1).inner_text() == first


def test_two_people_in_the_dark(cast: Cast, rows: list[Agreement], signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.admin, color_scheme="dark")
    page.goto("/agreement/labelers/")
    assert_accessible(page)
    cell = page.locator(f'.heat a[href*="pair={key_of(cast.biller1, cast.biller2)}"]').first
    cell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agreement: biller1 and biller2")
    expect(page.get_by_text("Cohen’s kappa stands for them")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Vendors", exact=True).last.click()
    expect(page.get_by_role("table", name="Agreement by vendor, the worst first").get_by_role("row")).to_have_count(3)
    assert_accessible(page)


def test_a_map_of_forty_people_scrolls_in_its_frame_and_keeps_the_names(cast: Cast, signed_in: SignedIn) -> None:
    people = [User.objects.create_user(f"person{n:02d}", role=Role.BILLER) for n in range(40)]
    freeze(Wanted(one, other) for n, one in enumerate(people) for other in people[n + 1 :])
    count_pairs(1_000)
    page = signed_in(cast.senior, viewport={"width": 1024, "height": 768})
    page.goto("/agreement/labelers/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page itself does not scroll sideways"
    page.get_by_role("region", name="Map of labelers").focus()
    page.keyboard.press("End")
    frame = page.locator(".table-scroll")
    frame.evaluate("frame => { frame.scrollLeft = frame.scrollWidth }")
    name = page.locator(".heat tbody th").first
    box, outer = name.bounding_box(), frame.bounding_box()
    assert box is not None
    assert outer is not None
    assert abs(box["x"] - outer["x"]) < 24, "the name stays at the left edge"


def test_an_export_is_a_file(cast: Cast, rows: list[Agreement], signed_in: SignedIn) -> None:
    page = signed_in(cast.senior)
    page.goto("/agreement/documents/?differing=1")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV of this table").click()
    assert waiting.value.suggested_filename == "agreement-documents.csv"
    lines = waiting.value.path().read_text().splitlines()
    assert len(lines) == 1 + sum(not row.exact for row in rows)
