"""A labeler's own page and the seniors' pages of people's quality: read, followed by keyboard, in the dark, with and without data."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from labeling.quality.counting import count_all
from tests.labeling.conftest import RECORD
from tests.labeling.settled_pairs import Bench, pair_policy, unfiled_document

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn


@pytest.fixture
def make_settled(cast: Cast) -> Callable[[], None]:
    """Twenty-four documents that both billers labeled; the first biller had another total in twelve."""

    def make() -> None:
        pair_policy()
        bench = Bench(lambda: unfiled_document(RECORD), cast.senior, RECORD)
        for number in range(24):
            bench.pair({cast.biller1: {"total": "95.00"} if number % 2 else {}, cast.biller2: {}})
        count_all()

    return make


def test_a_labelers_own_page(
    cast: Cast,
    signed_in: SignedIn,
    make_settled: Callable[[], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    make_settled()
    page = signed_in(cast.biller1, color_scheme="dark")
    page.goto("/quality/")
    expect(page.get_by_role("link", name="Quality", exact=True)).to_have_attribute("aria-current", "page")
    row = page.get_by_role("row", name="Documents right in every critical field").first
    expect(row).to_contain_text("50.0 %")
    expect(row).to_contain_text("24")
    expect(page.get_by_text("Worth a second look: Total.")).to_be_visible()
    expect(page.get_by_role("link", name="People")).to_have_count(0)
    assert_accessible(page)
    page.get_by_text("Wrong suggestions let stand").scroll_into_view_if_needed()
    page.get_by_role("link", name="Total", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(page.url.split("/quality/")[0] + "/quality/mistakes/?field=total")
    mistakes = page.locator(".mistake")
    expect(mistakes).to_have_count(10)
    expect(mistakes.first).to_contain_text("95.00")
    expect(mistakes.first).to_contain_text("90.00")
    expect(mistakes.first).to_contain_text("As printed")
    assert_accessible(page)
    page.get_by_role("link", name="Next").click()
    expect(mistakes).to_have_count(2)
    page.reload()
    expect(mistakes).to_have_count(2)
    page.get_by_role("combobox", name="Field").select_option("date")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Nothing was wrong in this field")).to_be_visible()


def test_the_seniors_see_everybody_and_rank_nobody(
    cast: Cast,
    signed_in: SignedIn,
    make_settled: Callable[[], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    make_settled()
    page = signed_in(cast.senior)
    page.goto("/quality/people/")
    names = page.locator("tbody th a")
    expect(names).to_have_text(["biller1", "biller2", "senior"])
    expect(page.locator("thead a")).to_have_count(0)
    expect(page.locator("tbody tr").nth(2)).to_contain_text("not enough data (0 of 20)")
    assert_accessible(page)
    names.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="biller1", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="Gold test")).to_contain_text("not enough data (0 of 20)")
    assert_accessible(page)
    page.get_by_role("link", name="Anchoring").click()
    expect(page.get_by_role("heading", name="No wrong suggestion in a settled document yet")).to_be_visible()
    assert_accessible(page)


def test_without_labels_it_says_what_to_do(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.biller2)
    page.goto("/quality/?window=all")
    expect(page.get_by_role("heading", name="Nothing to show yet")).to_be_visible()
    expect(page.get_by_role("link", name="Label the next one")).to_be_visible()
