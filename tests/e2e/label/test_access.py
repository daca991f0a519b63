"""Everybody can use the labeling screen: axe-core, both themes, small screens, light cold load."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.label.conftest import AtDesk, Make

OVERFLOW = """() => {
  const root = document.documentElement;
  const record = document.querySelector('[data-part=record]');
  const words = [...record.querySelectorAll('.button, .field-row__label, .state')];
  const cut = words.filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.textContent);
  return [root.scrollHeight - innerHeight, root.scrollWidth - innerWidth, record.scrollWidth - record.clientWidth, cut];
}"""
UNNAMED = """() => [...document.querySelectorAll('input.cell')]
  .filter((input) => !input.getAttribute('aria-label') || !input.getAttribute('aria-description')).length"""
DOUBTS = {"date": 0.5, "line_items[0].ndc_code": 0.5}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_with_findings_of_every_kind(
    cast: Cast, make_task: Make, at_desk: AtDesk, assert_accessible: Callable[[Page], None], scheme: str
) -> None:
    make_task(doubts=DOUBTS, faults={"invoice_number": None, "subtotal": "1.00"})
    screen = at_desk(cast.biller1, color_scheme=scheme)
    screen.cell("total").fill("nonsense")
    screen.cell("p0.description").focus()
    screen.saved()
    expect(screen.cell("total")).to_have_attribute("aria-invalid", "true")
    assert_accessible(screen.page)
    screen.press("F1")
    assert_accessible(screen.page)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1366, 640), (1920, 1080)])
def test_nothing_scrolls_but_page_and_rows(cast: Cast, make_task: Make, at_desk: AtDesk, width: int, height: int) -> None:
    make_task(doubts=DOUBTS, missing_rows=1)
    screen = at_desk(cast.biller1, viewport={"width": width, "height": height})
    overflow = screen.page.evaluate(OVERFLOW)
    assert overflow == [0, 0, 0, []]
    expect(screen.part("submit")).to_be_in_viewport(ratio=1)
    expect(screen.cell("total")).to_be_in_viewport(ratio=1)
    share = screen.page.evaluate("document.querySelector('.station__page').offsetWidth / innerWidth")
    assert share > 0.5


def test_the_bar_between_page_and_record_moves_by_keys_and_is_remembered(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task()
    screen = at_desk(cast.biller1)
    width = "document.querySelector('.station__page').offsetWidth"
    before = screen.page.evaluate(width)
    screen.part("split").focus()
    screen.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    narrower = screen.page.evaluate(width)
    assert narrower < before
    screen.page.reload()
    screen.ready()
    assert screen.page.evaluate(width) == narrower


def test_every_field_has_a_name_and_a_state_in_words(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task(doubts=DOUBTS)
    screen = at_desk(cast.biller1)
    assert screen.page.evaluate(UNNAMED) == 0
    expect(screen.page.get_by_role("textbox", name="Row 1, NDC")).to_have_attribute(
        "aria-description", "Check 50 %. Read with 50 % confidence; check it against the page."
    )
