"""Nothing typed is ever lost: network, reload, two windows, two people, lost leases, lost sessions."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from labeling.assignment.claims import claim_task
from labeling.models import Annotation, LabelingTask, TaskDraft

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.label.conftest import AtDesk, Make

EDITS = """() => new Promise((resolve) => {
  const open = indexedDB.open('countersign-biller1');
  open.onsuccess = () => {
    const all = open.result.transaction('edits').objectStore('edits').getAll();
    all.onsuccess = () => resolve(all.result.map((edit) => edit.cell.value));
  };
})"""


def kept_on_disk(page: Page) -> list[str]:
    """The values in the browser's outbox."""
    return list(page.evaluate(EDITS))


@pytest.mark.main_job
def test_the_network_is_cut_and_comes_back_without_loss(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task()
    screen = at_desk(cast.biller1)
    screen.cell("vendor.name").fill("Before")
    screen.saved()
    screen.page.context.set_offline(True)
    screen.cell("vendor.name").fill("Typed offline")
    screen.cell("invoice_number").fill("OFF-1")
    expect(screen.part("status")).to_have_text("Offline: 2 edits kept on this computer")
    assert sorted(kept_on_disk(screen.page)) == ["OFF-1", "Typed offline"]
    screen.page.context.set_offline(False)
    screen.saved()
    cells = TaskDraft.objects.get().cells
    assert cells["vendor.name"]["value"] == "Typed offline"
    assert cells["invoice_number"]["value"] == "OFF-1"
    assert kept_on_disk(screen.page) == []


def test_a_reload_in_the_middle_of_typing_loses_nothing(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task()
    screen = at_desk(cast.biller1)
    screen.page.route("**/draft/", lambda route: route.abort())
    screen.cell("invoice_number").fill("HALF-TYPED")
    screen.cell("p0.description").focus()
    screen.press("Insert")
    screen.page.keyboard.type("New row")
    rows = screen.page.locator(".grid__body .grid__row").count()
    screen.page.wait_for_function(f"async () => (await ({EDITS})()).includes('New row')")
    screen.page.unroute("**/draft/")
    screen.page.reload()
    screen.ready()
    expect(screen.cell("invoice_number")).to_have_value("HALF-TYPED")
    expect(screen.page.locator(".grid__body .grid__row")).to_have_count(rows)
    expect(screen.page.locator(".grid__body .grid__row").nth(1).locator("input").first).to_have_value("New row")
    screen.saved()
    assert TaskDraft.objects.get().cells["invoice_number"]["value"] == "HALF-TYPED"


def test_an_answer_that_is_lost_changes_nothing_twice(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task()
    screen = at_desk(cast.biller1)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    screen.page.route("**/draft/", lose_the_first)
    screen.cell("invoice_number").fill("ONCE")
    screen.saved()
    assert lost == [200]
    draft = TaskDraft.objects.get()
    assert draft.version == 1
    assert draft.edits.count() == 1


def test_submitted_offline_is_kept_and_sent_by_itself(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    first = make_task()
    second = make_task(number=1)
    screen = at_desk(cast.biller1)
    screen.page.wait_for_load_state("networkidle")
    screen.page.context.set_offline(True)
    screen.cell("invoice_number").fill("SENT-LATER")
    screen.press("Control+Enter")
    expect(screen.part("name")).to_have_text(second.task.document.name)
    assert not Annotation.objects.exists()
    screen.page.context.set_offline(False)
    expect(screen.part("counter")).to_contain_text("1 today", timeout=15_000)
    assert Annotation.objects.get(task=first.task).record["invoice_number"] == "SENT-LATER"


@pytest.mark.main_job
def test_two_people_never_have_the_same_document(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    tasks = [make_task(number=number) for number in range(3)]
    one, two = at_desk(cast.biller1), at_desk(cast.biller2)
    one.page.wait_for_load_state("networkidle")
    two.page.wait_for_load_state("networkidle")
    seen_by_one, seen_by_two = [one.part("name").text_content()], [two.part("name").text_content()]
    assert seen_by_one != seen_by_two
    one.press("Control+Enter")
    expect(one.part("name")).not_to_have_text(str(seen_by_one[0]))
    seen_by_one.append(one.part("name").text_content())
    assert not set(seen_by_one) & set(seen_by_two)
    held = LabelingTask.objects.filter(pk__in=[t.task.pk for t in tasks], state="open").values_list("assignee__username", flat=True)
    assert sorted(held) == ["biller1", "biller2"]
    refused = two.page.context.new_page()
    refused.goto(one.page.url)
    expect(refused.get_by_role("heading", name="Somebody else has this document")).to_be_visible()


def test_two_windows_of_one_person_are_compared_where_both_changed(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    task = make_task().task
    screen = at_desk(cast.biller1, task.pk)
    other = type(screen)(screen.page.context.new_page()).open(task.pk)
    other.cell("invoice_number").fill("OTHER")
    other.cell("vendor.name").fill("Other vendor")
    other.saved()
    screen.cell("invoice_number").fill("MINE")
    screen.cell("date").fill("2026-01-02")
    dialog = screen.part("compare")
    expect(dialog).to_be_visible()
    expect(dialog.locator("tbody tr")).to_have_count(1)
    expect(dialog).to_contain_text("MINE")
    expect(dialog).to_contain_text("OTHER")
    screen.press("t", "Enter")
    expect(dialog).not_to_be_visible()
    expect(screen.cell("invoice_number")).to_have_value("OTHER")
    expect(screen.cell("vendor.name")).to_have_value("Other vendor")
    screen.saved()
    cells = TaskDraft.objects.get().cells
    assert {key: cells[key]["value"] for key in ("invoice_number", "vendor.name", "date")} == {
        "invoice_number": "OTHER",
        "vendor.name": "Other vendor",
        "date": "2026-01-02",
    }


def test_a_lease_that_somebody_else_took_keeps_the_edits_and_says_so(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    task = make_task().task
    make_task(number=1)
    screen = at_desk(cast.biller1, task.pk)
    LabelingTask.objects.filter(pk=task.pk).update(lease_expires_at=timezone.now() - dt.timedelta(minutes=1))
    claim_task(user=cast.biller2, task_id=task.pk)
    screen.cell("invoice_number").fill("LATE")
    dialog = screen.part("compare")
    expect(dialog).to_contain_text("You no longer hold this document")
    assert TaskDraft.objects.get(author=cast.biller1).cells["invoice_number"]["value"] == "LATE"
    screen.press("Enter")
    expect(screen.page).not_to_have_url(re.compile(f"/label/{task.pk}/"))
    screen.ready()


def test_a_task_finished_in_another_window_is_compared_with_what_was_submitted(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    task = make_task().task
    screen = at_desk(cast.biller1, task.pk)
    other = type(screen)(screen.page.context.new_page()).open(task.pk)
    other.press("Control+Enter")
    expect(other.part("root")).to_have_attribute("data-state", "empty")
    screen.cell("invoice_number").fill("TOO-LATE")
    dialog = screen.part("compare")
    expect(dialog).to_contain_text("This document is finished")
    expect(dialog.locator("tbody tr")).to_have_count(1)
    expect(dialog).to_contain_text("TOO-LATE")
    assert TaskDraft.objects.get().cells["invoice_number"]["value"] == "TOO-LATE"


def test_an_expired_lease_is_simply_taken_again(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    task = make_task().task
    screen = at_desk(cast.biller1, task.pk)
    LabelingTask.objects.filter(pk=task.pk).update(lease_expires_at=timezone.now() - dt.timedelta(minutes=1))
    screen.cell("invoice_number").fill("STILL-MINE")
    screen.saved()
    task.refresh_from_db()
    assert task.lease_expires_at is not None
    assert task.lease_expires_at > timezone.now()


def test_signed_out_edits_stay_and_are_sent_after_signing_in_again(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    make_task()
    screen = at_desk(cast.biller1)
    Session.objects.all().delete()
    screen.cell("invoice_number").fill("SIGNED-OUT")
    expect(screen.part("status")).to_contain_text("Signed out: 1 edit kept on this computer")
    with screen.page.context.expect_page() as opened:
        screen.page.get_by_role("link", name="Sign in again").click()
    sign_in = opened.value
    sign_in.get_by_label("User name").fill("biller1")
    sign_in.get_by_label("Password", exact=True).fill("open sesame 417")
    sign_in.keyboard.press("Enter")
    expect(sign_in).to_have_url(re.compile("/label/"))
    sign_in.close()
    expect(screen.part("status")).to_have_attribute("data-state", "saved", timeout=15_000)
    assert TaskDraft.objects.get().cells["invoice_number"]["value"] == "SIGNED-OUT"
