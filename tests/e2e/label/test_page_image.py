"""The page beside the record: words by click and lasso, following the field, zoom and turning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from labeling.models import Annotation, TaskDraft

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.label.conftest import AtDesk, Make


def box_of(prepared: Any, path: str) -> tuple[int, list[float]]:
    """Page and box of the first printed line of a value."""
    place = prepared.paper.evidence[path][0].to_json()
    return place["page"], place["box"]


def spot(page: Page, number: int, x: float, y: float) -> tuple[float, float]:
    """The point of the window at fractions of a page, scrolled into view."""
    sheet = page.locator(f".sheet[data-page='{number}']")
    page.evaluate(
        """([number, y]) => {
          const view = document.querySelector('[data-part=viewport]');
          const sheet = view.querySelector(`.sheet[data-page='${number}']`);
          view.scrollTo(0, sheet.offsetTop + sheet.offsetHeight * y - view.clientHeight / 2);
        }""",
        [number, y],
    )
    frame = sheet.bounding_box()
    assert frame is not None
    return frame["x"] + frame["width"] * x, frame["y"] + frame["height"] * y


def click_value(page: Page, prepared: Any, path: str, modifier: str | None = None) -> None:
    """Click the middle of a printed value."""
    number, (x0, y0, x1, y1) = box_of(prepared, path)
    x, y = spot(page, number, (x0 + x1) / 2, (y0 + y1) / 2)
    if modifier:
        page.keyboard.down(modifier)
    page.mouse.click(x, y)
    if modifier:
        page.keyboard.up(modifier)


def lasso(page: Page, number: int, box: list[float], modifier: str | None = None) -> None:
    """Drag a lasso around a box."""
    left, top = spot(page, number, box[0] - 0.004, box[1] - 0.003)
    right, bottom = left, top
    frame = page.locator(f".sheet[data-page='{number}']").bounding_box()
    assert frame is not None
    right = frame["x"] + frame["width"] * (box[2] + 0.004)
    bottom = frame["y"] + frame["height"] * (box[3] + 0.003)
    if modifier:
        page.keyboard.down(modifier)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, bottom)
    page.mouse.move(right, bottom)
    page.mouse.up()
    if modifier:
        page.keyboard.up(modifier)


def wait_for_words(page: Page) -> None:
    """The words come after the page image."""
    page.wait_for_load_state("networkidle")


@pytest.mark.main_job
def test_a_click_fills_the_field_in_hand_and_goes_on(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(faults={"invoice_number": "WRONG"}, doubts={"invoice_number": 0.3, "total": 0.4})
    screen = at_desk(cast.biller1)
    wait_for_words(screen.page)
    assert screen.focused == "invoice_number"
    click_value(screen.page, prepared, "invoice_number")
    expect(screen.cell("invoice_number")).to_have_value(prepared.record["invoice_number"])
    assert screen.focused == "total"
    screen.saved()
    cell = TaskDraft.objects.get().cells["invoice_number"]
    assert cell["cause"] == "click"
    assert cell["evidence"][0]["page"] == 1


def test_ctrl_click_appends_and_a_lasso_fills_in_reading_order(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(faults={"vendor.name": "?", "vendor.address": "?"}, doubts={"vendor.name": 0.3, "vendor.address": 0.3})
    screen = at_desk(cast.biller1)
    wait_for_words(screen.page)
    number, (x0, y0, x1, y1) = box_of(prepared, "vendor.name")
    words = [
        w
        for w in prepared.paper.text.pages[number - 1].words
        if y0 - 0.002 <= w.box.center[1] <= y1 + 0.002 and x0 <= w.box.center[0] <= x1
    ]
    screen.cell("vendor.name").focus()
    for index, word in enumerate(words[:2]):
        if index:
            screen.page.keyboard.down("Control")
        screen.page.mouse.click(*spot(screen.page, number, *word.box.center))
        screen.page.keyboard.up("Control")
    expect(screen.cell("vendor.name")).to_have_value(" ".join(word.text for word in words[:2]))

    screen.cell("vendor.address").focus()
    boxes = [place.to_json()["box"] for place in prepared.paper.evidence["vendor.address"]]
    around = [min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)]
    lasso(screen.page, number, around)
    filled = screen.cell("vendor.address").input_value()
    assert "".join(filter(str.isalnum, filled)) == "".join(filter(str.isalnum, prepared.record["vendor"]["address"]))
    screen.saved()
    assert TaskDraft.objects.get().cells["vendor.address"]["cause"] == "lasso"


def test_a_double_click_holds_the_page_still_and_changes_no_value(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(doubts={"date": 0.3})
    screen = at_desk(cast.biller1)
    wait_for_words(screen.page)
    before = screen.cell("date").input_value()
    number, (x0, y0, x1, y1) = box_of(prepared, "invoice_number")
    screen.page.mouse.dblclick(*spot(screen.page, number, (x0 + x1) / 2, (y0 + y1) / 2))
    expect(screen.part("frozen")).to_have_attribute("aria-pressed", "true")
    expect(screen.cell("date")).to_have_value(before)
    screen.press("Alt+l")
    expect(screen.part("frozen")).to_have_attribute("aria-pressed", "false")


def test_the_page_follows_the_field_and_every_value_has_its_snippet(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task()
    screen = at_desk(cast.biller1)
    screen.press("Alt+=", "Alt+=")
    screen.cell("total").focus()
    inside = """() => {
      const view = document.querySelector('[data-part=viewport]').getBoundingClientRect();
      const mark = document.querySelector('.mark--field').getBoundingClientRect();
      return mark.left >= view.left && mark.right <= view.right && mark.top >= view.top && mark.bottom <= view.bottom;
    }"""
    screen.page.wait_for_function(inside)
    screen.cell("vendor.name").focus()
    screen.page.wait_for_function(inside)
    image = screen.page.locator("[data-name='invoice_number'] .snippet").evaluate("element => element.style.backgroundImage")
    assert "/pages/1/image" in image
    screen.press("Alt+r")
    assert "rotate(90deg)" in (screen.page.locator(".sheet__turn").first.get_attribute("style") or "")
    screen.page.wait_for_function(inside)


def test_a_lasso_over_printed_lines_becomes_rows(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(missing_rows=1)
    screen = at_desk(cast.biller1)
    wait_for_words(screen.page)
    last = len(prepared.record["line_items"]) - 1
    screen.cell(f"p{last - 1}.total").focus()
    places = [e.to_json() for path, es in prepared.paper.evidence.items() if path.startswith(f"line_items[{last}].") for e in es[:1]]
    boxes = [place["box"] for place in places]
    box = [min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)]
    lasso(screen.page, places[0]["page"], box, "Control")
    rows = screen.page.locator(".grid__body .grid__row")
    expect(rows).to_have_count(last + 1)
    expect(rows.nth(last).locator("input[data-key$='.total']")).to_have_value(f"{float(prepared.record['line_items'][last]['total']):,.2f}")
    expect(screen.part("balance")).to_have_attribute("data-state", "confirmed")


def test_places_are_submitted_with_the_record(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(doubts={"total": 0.4})
    screen = at_desk(cast.biller1)
    wait_for_words(screen.page)
    click_value(screen.page, prepared, "total")
    expect(screen.part("submit")).to_be_focused()
    screen.press("Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")
    evidence = Annotation.objects.get().evidence
    assert evidence["total"][0]["page"] == 1
    assert json.dumps(evidence["invoice_number"]) == json.dumps([e.to_json() for e in prepared.paper.evidence["invoice_number"]])


def test_several_pages_have_a_strip_and_the_view_goes_to_the_page_of_the_field(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(vendor="cedar_ridge")
    screen = at_desk(cast.biller1)
    last = len(prepared.record["line_items"]) - 1
    assert box_of(prepared, f"line_items[{last}].total")[0] == 2
    strip = screen.page.locator(".strip__page")
    expect(strip).to_have_count(2)
    expect(strip.nth(0)).to_have_attribute("aria-current", "page")
    screen.cell(f"p{last}.total").focus()
    expect(screen.page.locator(".sheet[data-page='2'] .mark--field")).to_be_in_viewport()
    screen.press("Alt+PageUp")
    expect(screen.part("place")).to_have_text("Page 1 of 2")
    strip.nth(1).click()
    expect(strip.nth(1)).to_have_attribute("aria-current", "page")


def test_a_modifier_click_appends_to_what_was_filled_last_only_until_the_person_moves_on(
    cast: Cast, make_task: Make, at_desk: AtDesk
) -> None:
    prepared = make_task(doubts={"invoice_number": 0.3, "total": 0.4})
    screen = at_desk(cast.biller1)
    wait_for_words(screen.page)
    click_value(screen.page, prepared, "invoice_number")
    assert screen.focused == "total"
    click_value(screen.page, prepared, "invoice_number", "Shift")
    number = prepared.record["invoice_number"]
    expect(screen.cell("invoice_number")).to_have_value(number + number)
    screen.cell("vendor.address").focus()
    click_value(screen.page, prepared, "invoice_number", "Shift")
    expect(screen.cell("vendor.address")).to_have_value(f"{prepared.record['vendor']['address']} {number}")
