"""From claim to submit to the next document without the mouse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from labeling.models import Annotation, GoldRecord, LabelingTask

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn
    from tests.e2e.label.conftest import AtDesk, Make


@pytest.mark.main_job
def test_a_document_goes_from_prefill_to_gold_by_keyboard_and_the_next_opens(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    first = make_task(doubts={"date": 0.6, "line_items[1].quantity": 0.4})
    second = make_task(number=1, doubts={"total": 0.5})
    screen = at_desk(cast.biller1)

    expect(screen.part("left")).to_have_text("2 left")
    assert screen.focused == "date"
    screen.press("Enter")
    assert screen.focused == "p1.quantity"
    expect(screen.part("left")).to_have_text("1 left")
    screen.press("Enter")
    expect(screen.part("left")).to_have_text("All checked")
    expect(screen.part("submit")).to_be_focused()
    screen.press("Enter")

    expect(screen.part("name")).to_have_text(second.task.document.name)
    assert screen.focused == "total"
    assert screen.page.url.endswith(f"/label/{second.task.pk}/")
    annotation = Annotation.objects.get(task=first.task)
    assert annotation.record == first.record
    assert annotation.keystrokes > 0
    assert GoldRecord.objects.get(document=first.task.document).record == first.record
    expect(screen.part("counter")).to_have_text("1 today · 1 left")


@pytest.mark.main_job
def test_format_errors_come_first_and_stay_in_hand_until_they_are_right(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    task = make_task(doubts={"vendor.name": 0.5, "invoice_number": 0.5})
    screen = at_desk(cast.biller1)
    screen.cell("date").fill("2026-02-31")
    screen.cell("invoice_number").focus()
    screen.press("Enter")
    assert screen.focused == "date"
    expect(screen.cell("date")).to_have_attribute("data-state", "invalid")
    screen.press("Enter")
    assert screen.focused == "date"
    expect(screen.part("note")).to_contain_text("is not a date")
    screen.page.keyboard.type("February 3, 2024")
    screen.press("Enter")
    expect(screen.cell("date")).to_have_value("2024-02-03")
    assert screen.focused == "vendor.name"
    screen.press("Control+Enter")
    expect(screen.part("again")).to_be_visible()
    assert LabelingTask.objects.get(pk=task.task.pk).state == "open"
    screen.press("Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")
    assert Annotation.objects.get().record["date"] == "2024-02-03"


@pytest.mark.main_job
def test_submit_jumps_to_what_the_server_would_refuse(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task()
    screen = at_desk(cast.biller1)
    screen.cell("total").fill("12x")
    screen.cell("vendor.name").focus()
    screen.press("Control+Enter")
    assert screen.focused == "total"
    expect(screen.part("note")).to_contain_text("is not a number")
    assert not Annotation.objects.exists()


def test_marks_unsure_and_absent_values_stay_distinct(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task(doubts={"vendor.address": 0.5, "date": 0.5, "invoice_number": 0.5})
    screen = at_desk(cast.biller1)
    screen.cell("vendor.address").focus()
    screen.press("Alt+g")
    expect(screen.cell("vendor.address")).to_have_attribute("placeholder", "illegible")
    assert screen.focused == "invoice_number"
    screen.press("Alt+u", "Enter")
    screen.press("Delete", "Enter")
    expect(screen.cell("date")).to_have_attribute("title", re.compile("Absent"))
    screen.press("Control+Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")
    annotation = Annotation.objects.get(task=prepared.task)
    assert annotation.marks == {"vendor.address": "illegible"}
    assert annotation.unsure == ["invoice_number"]
    assert annotation.record["date"] is None
    assert annotation.record["vendor"]["address"] is None


def test_undo_and_redo_step_through_changes_and_escape_takes_back_typing(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    prepared = make_task()
    screen = at_desk(cast.biller1)
    number = prepared.record["invoice_number"]
    cell = screen.cell("invoice_number")
    cell.focus()
    screen.page.keyboard.type("ABC")
    screen.press("Escape")
    expect(cell).to_have_value(number)
    screen.page.keyboard.type("X1")
    screen.press("Enter")
    screen.press("Control+z", "Control+z")
    expect(cell).to_have_value(number)
    screen.press("Control+y")
    expect(cell).to_have_value("X1")
    screen.press("Alt+o")
    expect(cell).to_have_value(number)


def test_help_lists_what_is_active_and_keys_can_be_changed(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task(doubts={"date": 0.4})
    screen = at_desk(cast.biller1)
    screen.press("Shift+?")
    dialog = screen.part("help")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Confirm and go to the next field")
    expect(dialog).not_to_contain_text("Same as in the row above")
    screen.page.get_by_role("button", name="Change keys").click()
    screen.page.get_by_role("button", name="Change the keys of: Unsure").click()
    screen.press("Control+d")
    expect(screen.page.locator("[data-note]")).to_contain_text("belongs to the browser")
    screen.press("Alt+b")
    expect(screen.page.locator("[data-note]")).to_contain_text("Give that one another key first")
    screen.press("Alt+y")
    expect(screen.page.locator("[data-note]")).to_contain_text("is now")
    expect(screen.page.get_by_role("button", name="Change the keys of: Unsure")).to_be_focused()
    screen.press("Escape")
    screen.cell("date").focus()
    screen.press("Alt+y")
    expect(screen.cell("date")).to_have_attribute("title", re.compile("unsure"))
    cast.biller1.refresh_from_db()
    assert cast.biller1.preferences["keymap"] == {"unsure": "Alt+Y"}
    screen.page.reload()
    screen.ready().cell("date").focus()
    screen.press("Alt+y")
    expect(screen.cell("date")).not_to_have_attribute("title", re.compile("unsure"))


def test_skip_with_a_reason_and_postpone(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    first, second = make_task(), make_task(number=1)
    screen = at_desk(cast.biller1)
    expect(screen.part("name")).to_have_text(first.task.document.name)
    screen.press("Alt+s", "4", "Enter")
    expect(screen.part("name")).to_have_text(second.task.document.name)
    assert first.task.skips.get().reason == "needs_senior"
    screen.press("Alt+p", "2", "Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")
    second.task.refresh_from_db()
    assert second.task.postponed_until is not None


def test_empty_queue_says_what_to_do_next(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.biller1)
    page.goto("/")
    expect(page.get_by_role("heading", name="All caught up")).to_be_visible()
    expect(page.get_by_role("link", name="Add documents")).to_be_focused()
