"""What a medical biller is warned of while typing, what is odd on the page itself, and whether each value is saved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Route, expect

from labeling.models import Annotation
from mlcore.documents import Box, Check, Evidence, Severity

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.label.conftest import AtDesk, Make

NPI = Check("npi_check_digit", Severity.WARNING, "NPI 1234567890 has a wrong check digit.", (), (Evidence(1, Box(0.1, 0.9, 0.2, 0.92)),))


def test_codes_are_warned_of_as_they_are_typed_and_stay_as_typed(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task()
    screen = at_desk(cast.biller1)
    code = screen.cell("p0.cpt_code")
    code.fill("E0601-NU-RR")
    expect(screen.part("note")).to_contain_text("NU (new) and RR (rented) exclude each other")
    expect(code).to_have_attribute("data-state", "confirmed")
    code.fill("99213 25")
    expect(screen.part("note")).to_contain_text("99213")
    expect(screen.part("note")).not_to_contain_text("exclude")
    screen.press("Control+Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")
    assert Annotation.objects.get().record["line_items"][0]["cpt_code"] == "99213 25"
    assert Annotation.objects.get().record["line_items"][1:] == prepared.record["line_items"][1:]


def test_a_service_period_is_held_against_the_invoice_date_and_submit_asks_once(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task()
    year = int(prepared.record["date"][:4])
    screen = at_desk(cast.biller1)
    text = f"Rental 06/01/{year + 2}-06/30/{year + 2}"
    screen.cell("p0.description").fill(text)
    expect(screen.part("note")).to_contain_text(f"begins more than 31 days after the invoice date {prepared.record['date']}")
    screen.press("Control+Enter")
    expect(screen.part("againList")).to_contain_text("Row 1, Description: The service")
    screen.press("Control+Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")
    assert Annotation.objects.get().record["line_items"][0]["description"] == text


def test_a_prefilled_period_that_ends_before_it_begins_is_a_stop_on_the_way(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task(faults={"line_items[1].description": "Rental 10/17/25-09/15/25"})
    screen = at_desk(cast.biller1)
    assert screen.focused == "p1.description"
    expect(screen.cell("p1.description")).to_have_attribute("data-state", "confirm")


def test_the_same_service_twice_is_told_at_its_code(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    same = {"description": "Office visit", "ndc_code": None, "cpt_code": "99213"}
    make_task(faults={f"line_items[{row}].{name}": value for row in (0, 1) for name, value in same.items()})
    screen = at_desk(cast.biller1)
    assert screen.focused == "p1.cpt_code"
    expect(screen.part("note")).to_contain_text("99213 stands in row 1 too, with the same description")
    screen.cell("p1.cpt_code").fill("99213-76")
    expect(screen.cell("p1.cpt_code")).to_have_attribute("data-state", "confirmed")


def test_what_is_odd_on_the_page_is_told_and_shown_and_then_no_longer_asked_about(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task(checks=[NPI])
    screen = at_desk(cast.biller1)
    strip = screen.part("pageChecks")
    expect(strip).to_contain_text("Page 1: NPI 1234567890 has a wrong check digit.")
    expect(strip).to_have_attribute("data-state", "confirm")
    screen.press("Control+Enter")
    expect(screen.part("againList")).to_contain_text("NPI 1234567890")
    screen.press("Alt+c")
    expect(strip).to_have_attribute("data-state", "seen")
    mark = screen.page.locator(".mark--field")
    expect(mark).to_have_attribute("style", "left: 10%; top: 90%; width: 10%; height: 2%;")
    expect(mark).to_be_in_viewport()
    expect(screen.part("again")).to_be_hidden()
    screen.press("Control+Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")


def test_a_document_without_such_a_check_has_no_line_for_it(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task(checks=[Check("npi_check_digit", Severity.OK, "Every NPI on the pages has a right check digit.")])
    screen = at_desk(cast.biller1)
    expect(screen.part("balance")).to_be_visible()
    expect(screen.part("pageChecks")).to_be_hidden()


def test_every_cell_says_whether_it_is_saved(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task()
    screen = at_desk(cast.biller1)
    held: list[Route] = []
    screen.page.route("**/draft/", lambda route: held.append(route))
    cell = screen.cell("p0.quantity")
    frame = screen.page.locator(".grid__cell", has=cell)
    cell.fill("77")
    expect(frame).to_have_attribute("data-saved", "pending")
    expect(screen.part("note").locator(".note__saved")).to_have_text("Not saved yet; kept on this computer")
    expect(cell).to_have_attribute("aria-description", re.compile("Not saved yet"))
    screen.page.unroute("**/draft/")
    while held:
        held.pop().continue_()
    screen.saved()
    expect(frame).to_have_attribute("data-saved", "saved")
    expect(screen.part("note").locator(".note__saved")).to_have_text("Saved")
    expect(cell).to_have_attribute("aria-description", re.compile(r"\. Saved$"))
    untouched = screen.page.locator(".grid__cell", has=screen.cell("p0.total"))
    expect(untouched).to_have_attribute("data-saved", "")
    screen.open(prepared.task.pk)
    expect(frame).to_have_attribute("data-saved", "saved")
