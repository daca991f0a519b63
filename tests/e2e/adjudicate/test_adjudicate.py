"""Adjudication by keyboard: one document to its gold record, a group ruled and taken back, and what a labeler sees of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from labeling.models import Adjudication, Difference, GoldRecord, Guideline, GuidelineRead, Ruling
from tests.conftest import Cast
from tests.e2e.adjudicate.conftest import MakePair
from tests.e2e.conftest import SignedIn
from tests.e2e.label.conftest import DEFAULT_VENDOR, papers, prepare

LONG = "Northgate Pharmacy LLC"


def card(page: Page) -> Locator:
    return page.locator(".card--open")


def opened(page: Page, label: str) -> None:
    """Wait until the difference of that name is in hand."""
    expect(card(page).get_by_role("heading")).to_have_text(label)


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def said(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-part=note]")).to_have_text(text)


def eventually(page: Page, condition: Callable[[], bool]) -> None:
    """Wait until what the page has sent has arrived."""
    for _ in range(300):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come about in 30 seconds")


@pytest.mark.main_job
def test_a_document_is_adjudicated_by_keyboard(
    signed_in: SignedIn, cast: Cast, make_pair: MakePair, assert_accessible: Callable[[Page], None]
) -> None:
    changes = {"invoice_number": "99-1", "total": "1812.40", "line_items[0].quantity": "12"}
    pair = make_pair(changes, missing_row=1, a_is_first=False, total="misread")
    truth = pair.adjudication.agreement.first.record
    page = signed_in(cast.senior)
    page.goto("/adjudicate/")
    opened(page, "Invoice number")
    assert page.url.endswith(f"/adjudicate/{pair.adjudication.pk}/")
    expect(page.locator("[data-part=authors]")).to_have_text("Authors hidden until resolved")
    expect(page.locator("body")).not_to_contain_text(re.compile("biller[12]"))
    expect(card(page).locator("[data-choice=b] .value")).to_have_text(truth["invoice_number"])
    expect(page.locator(".mark--field")).to_have_count(1)
    assert_accessible(page)
    keys(page, "r")
    page.keyboard.type("Not the order number")
    keys(page, "Enter", "b")
    opened(page, "Total")
    expect(page.locator(".card").first).to_contain_text(truth["invoice_number"])
    keys(page, "u")
    opened(page, "Invoice number")
    keys(page, "b")
    opened(page, "Total")
    keys(page, "n")
    said(page, "3 differences are left.")
    keys(page, "o")
    page.keyboard.type("lots")
    keys(page, "Enter")
    expect(page.locator(".toast")).to_contain_text("is not a number")
    page.locator(".toast button").click()
    page.locator(".other input").fill("$1,000.50")
    keys(page, "Enter")
    opened(page, "Row 1, Qty")
    keys(page, "c")
    page.locator("[data-cause]").select_option("place")
    said(page, "Cause: Wrong place")
    keys(page, "m")
    opened(page, "Row 2")
    expect(card(page).locator("[data-choice=a] .value")).to_have_text("no such row")
    keys(page, "w")
    expect(page.get_by_role("table")).to_contain_text("Row 2")
    keys(page, "w", "Shift+?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Label A is right")
    keys(page, "Escape", "x")
    expect(page.locator("[data-part=left]")).to_have_text("All settled")
    expect(page.locator("[data-part=resolve]")).to_be_focused()
    keys(page, "Enter")
    expect(page.locator("[data-part=root]")).to_have_attribute("data-state", "empty")
    assert_accessible(page)
    gold = GoldRecord.objects.get()
    rows = [truth["line_items"][0], *truth["line_items"][2:]]
    assert gold.record == {**truth, "total": "1000.50", "line_items": rows}
    assert gold.provenance["total"]["choice"] == "other"
    assert Difference.objects.get(name="line_items.quantity").cause == "place"
    page.goto(f"/adjudicate/{pair.adjudication.pk}/")
    expect(page.locator("[data-part=authors]")).to_have_text("A: biller2 · B: biller1 · settled by senior")
    page.goto("/adjudications/?state=resolved")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert_accessible(page)


def test_a_group_is_ruled_and_taken_back(
    signed_in: SignedIn, cast: Cast, make_pair: MakePair, assert_accessible: Callable[[Page], None]
) -> None:
    hand = make_pair({"vendor.name": LONG, "total": "1.00"}, vendor__name="alias")
    others = [make_pair({"vendor.name": LONG}, number=n, vendor__name="alias", a_is_first=n % 2 == 0) for n in (1, 2, 3)]
    page = signed_in(cast.senior)
    page.goto(f"/adjudicate/{hand.adjudication.pk}/")
    opened(page, "Vendor")
    expect(card(page).get_by_role("button", name=re.compile("3 more like this"))).to_be_visible()
    keys(page, "r")
    page.keyboard.type("The parent company bills")
    keys(page, "Enter", "b")
    opened(page, "Total")
    said(page, re.compile("G rules 3 more"))
    keys(page, "g")
    dialog = page.get_by_role("dialog", name="Rule alike ones together")
    expect(dialog.locator(".group__item")).to_have_count(3)
    expect(dialog.locator(".group__written").first).to_contain_text(LONG)
    assert_accessible(page)
    dialog.get_by_role("checkbox").first.uncheck()
    dialog.get_by_role("button", name="Rule all 3").focus()
    keys(page, "Enter")
    expect(dialog).to_contain_text("3 settled. 2 resolved.")
    assert Adjudication.objects.filter(state="resolved").count() == 2
    assert GoldRecord.objects.filter(record__vendor__name=LONG, is_current=True).count() == 2
    keys(page, "u")
    expect(dialog).to_contain_text("Taken back everywhere.")
    assert not Adjudication.objects.filter(state="resolved").exists()
    assert not GoldRecord.objects.filter(is_current=True).exists()
    assert not Ruling.objects.filter(undone_at=None).exists()
    keys(page, "Escape")
    opened(page, "Vendor")
    keys(page, "b")
    opened(page, "Total")
    keys(page, "g")
    expect(dialog.get_by_role("button", name="Rule all 4")).to_be_focused()
    keys(page, "Enter")
    expect(dialog).to_contain_text("4 settled. 3 resolved.")
    keys(page, "Enter")
    opened(page, "Total")
    said(page, "4 settled together. U takes all of them back.")
    keys(page, "u")
    said(page, re.compile("^Taken back in 4"))
    opened(page, "Vendor")
    assert {pair.difference("vendor.name").choice for pair in (hand, *others)} == {""}


def test_a_ruling_goes_into_the_guideline_and_labelers_see_both(
    signed_in: SignedIn, cast: Cast, make_pair: MakePair, assert_accessible: Callable[[Page], None]
) -> None:
    pair = make_pair({"vendor.name": LONG}, vendor__name="alias")
    page = signed_in(cast.senior)
    page.goto(f"/adjudicate/{pair.adjudication.pk}/")
    opened(page, "Vendor")
    keys(page, "r")
    page.keyboard.type("The parent company bills")
    keys(page, "Enter", "b")
    link = card(page).get_by_role("link", name="Put this ruling into the guideline")
    page.goto(str(link.get_attribute("href")))
    expect(page.get_by_label("Text")).to_have_value(re.compile(f"`{LONG}`. The parent company bills"))
    assert_accessible(page)
    page.get_by_role("button", name="Save as version 1").click()
    expect(page.locator(".notice--confirmed")).to_contain_text("version 1")
    assert Ruling.objects.get().guideline == Guideline.objects.get()
    prepare(papers(DEFAULT_VENDOR, 6)[5])
    biller = signed_in(cast.biller1)
    biller.goto("/label/")
    field = biller.locator('input[data-key="vendor.name"]')
    field.focus()
    expect(biller.locator("[data-part=guidance]")).to_contain_text(f"“{LONG}”. The parent company bills")
    expect(biller.locator("[data-part=news]")).to_contain_text("One guideline is new since you last looked: Vendor")
    keys(biller, "Alt+h")
    dialog = biller.locator("[data-part=guidanceDialog]")
    expect(dialog).to_contain_text("Ruled before")
    assert_accessible(biller)
    keys(biller, "Escape")
    biller.get_by_role("button", name="Got it").click()  # and away at once: it is kept nevertheless
    expect(biller.locator("[data-part=news]")).to_be_hidden()
    biller.goto("/")
    eventually(biller, lambda: GuidelineRead.objects.filter(user=cast.biller1, last=Guideline.objects.get()).exists())
    biller.goto("/guidelines/")
    expect(biller.get_by_role("heading", name="Vendor")).to_be_visible()
    expect(biller.get_by_text("New since you last looked")).to_have_count(0)
    assert_accessible(biller)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_waits(signed_in: SignedIn, cast: Cast, assert_accessible: Any, scheme: Any) -> None:
    page = signed_in(cast.senior, color_scheme=scheme)
    page.goto("/adjudicate/")
    expect(page.get_by_role("heading", name="No disagreement waits for you")).to_be_visible()
    assert_accessible(page)
    page.goto("/adjudications/")
    expect(page.get_by_role("heading", name="No disagreement is open")).to_be_visible()
    assert_accessible(page)
    page.goto("/guidelines/")
    expect(page.get_by_role("heading", name="No guideline yet")).to_be_visible()
    assert_accessible(page)
    biller = signed_in(cast.biller1)
    answer = biller.goto("/adjudicate/")
    assert answer is not None
    assert answer.status == 403
