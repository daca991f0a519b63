"""The review queue and a review on the labeling screen, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from labeling.models import GoldRecord, LabelingTask, TaskKind
from labeling.review.doubted import describe
from mlcore.documents import Check, Severity

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn
    from tests.e2e.label.conftest import AtDesk, Make, Prepared, Screen

WRONG_TOTAL = Check("lines_sum_to_subtotal", Severity.ERROR, "The lines do not sum to the total.", ("total",))


def review_of(prepared: Prepared) -> LabelingTask:
    """The label task as the review that routing makes of it."""
    LabelingTask.objects.filter(pk=prepared.task.pk).update(kind=TaskKind.REVIEW)
    task = LabelingTask.objects.select_related("prediction").get(pk=prepared.task.pk)
    describe(task)
    return task


def waiting(page: Page) -> list[str]:
    return page.locator(".review__table tbody tr td:first-child a").all_inner_texts()


def test_the_queue_filters_and_opens_the_worst_first(
    cast: Cast, signed_in: SignedIn, make_task: Make, assert_accessible: Callable[[Page], None]
) -> None:
    low = make_task(number=0, doubts={"date": 0.5})
    wrong = make_task(number=1, checks=[WRONG_TOTAL])
    for prepared in (low, wrong):
        review_of(prepared)
    page = signed_in(cast.senior)
    page.goto("/review/")
    expect(page.get_by_text("hours: not enough data")).to_be_visible()
    assert waiting(page) == [f"{wrong.paper.id}.pdf", f"{low.paper.id}.pdf"]
    assert_accessible(page)
    page.get_by_role("link", name="Low confidence 1").click()
    assert waiting(page) == [f"{low.paper.id}.pdf"]
    page.get_by_label("Field in doubt").select_option("date")
    page.get_by_role("button", name="Filter").click()
    assert waiting(page) == [f"{low.paper.id}.pdf"]
    page.get_by_label("Field in doubt").select_option("total")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.get_by_role("link", name="Show all").last.click()
    page.get_by_role("link", name="Review the next one").click()
    expect(page.locator("[data-part=name]")).to_have_text(f"{wrong.paper.id}.pdf")


@pytest.mark.main_job
def test_doubts_come_first_and_one_key_confirms_the_rest(
    cast: Cast, at_desk: AtDesk, make_task: Make, assert_accessible: Callable[[Page], None]
) -> None:
    prepared = make_task(doubts={"date": 0.5, "invoice_number": 0.6})
    task = review_of(prepared)
    screen: Screen = at_desk(cast.senior, task.pk)
    panel = screen.part("doubts")
    expect(panel.get_by_text("2 in doubt, 2 to decide")).to_be_visible()
    expect(panel.locator(".doubts__why").first).to_have_text("Read with 60 % confidence.")
    assert screen.focused == "invoice_number"
    expect(screen.cell("vendor.name")).to_be_hidden()
    expect(screen.cell("date")).to_be_visible()
    expect(screen.part("gridHead")).to_be_hidden()  # no line item is doubted
    assert_accessible(screen.page)
    screen.press("Enter")
    assert screen.focused == "date"
    screen.press("Enter")
    expect(panel.get_by_text("2 in doubt, all decided")).to_be_visible()
    screen.press("Alt+Enter")
    expect(screen.part("note")).to_contain_text("Confirmed")
    expect(screen.part("note")).to_contain_text("Vendor, Vendor address")
    expect(screen.cell("vendor.name")).to_be_visible()
    expect(screen.part("gridHead")).to_be_visible()
    expect(panel.get_by_role("button", name="Nothing else to confirm")).to_be_disabled()
    screen.press("Control+Enter")
    expect(screen.part("root")).to_have_attribute("data-state", "empty")
    gold = GoldRecord.objects.get(document=task.document_id)
    assert {entry["source"] for entry in gold.provenance.values()} == {"reviewed"}
    assert gold.record == prepared.record


def test_every_field_is_a_key_away_and_a_label_is_as_ever(cast: Cast, at_desk: AtDesk, make_task: Make) -> None:
    review = review_of(make_task(number=0, doubts={"date": 0.5}))
    screen = at_desk(cast.senior, review.pk)
    expect(screen.cell("vendor.name")).to_be_hidden()
    screen.press("Alt+v")
    expect(screen.cell("vendor.name")).to_be_visible()
    screen.press("Alt+v")
    expect(screen.cell("vendor.name")).to_be_hidden()
    label = make_task(number=1)
    screen = at_desk(cast.biller1, label.task.pk)
    expect(screen.part("doubts")).to_be_hidden()
    expect(screen.cell("vendor.name")).to_be_visible()


def test_a_value_verified_in_a_batch_is_green(cast: Cast, at_desk: AtDesk, make_task: Make) -> None:
    from labeling.review.verification import Said, verify

    prepared = make_task(doubts={"total": 0.5})
    prediction: Any = prepared.task.prediction_id
    verify(user=cast.senior, path="total", said=[Said(prepared.task.document_id, prediction, "confirmed")])
    screen = at_desk(cast.biller1, prepared.task.pk)
    expect(screen.cell("total")).to_have_attribute("data-state", "confirmed")
    expect(screen.page.locator('.field-row[data-name="total"] .state')).to_have_text("Verified")
    screen.cell("total").focus()
    expect(screen.part("note")).to_contain_text("Verified in batch by senior")
