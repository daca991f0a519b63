"""Fix once: a corrected date is offered for the vendor's other open documents, applied with a diff, and undone in one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from invoices.models import Prediction
from labeling.models import LabelingTask
from mlcore.dataset.synthetic import vendor_catalogue

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.label.conftest import AtDesk, Make


OTHER_VENDOR = [maker.key for maker in vendor_catalogue() if maker.major][1]


def misread(task: LabelingTask) -> None:
    """The pre-fill took 03/04/2026 as month first."""
    prediction = task.prediction
    assert prediction is not None
    fields = [{**field, "value": "2026-03-04", "raw": "03/04/2026"} if field["path"] == "date" else field for field in prediction.fields]
    Prediction.objects.filter(pk=prediction.pk).update(record={**prediction.record, "date": "2026-03-04"}, fields=fields)


@pytest.mark.main_job
def test_a_date_is_corrected_everywhere_and_taken_back(
    cast: Cast, at_desk: AtDesk, make_task: Make, assert_accessible: Callable[[Page], None]
) -> None:
    first = make_task(number=0)
    for number in range(2):
        make_task(vendor=OTHER_VENDOR, number=number)  # what the person opens next, and what is held ready after it
    other = make_task(number=1)
    for prepared in (first, other):
        misread(prepared.task)
    screen = at_desk(cast.biller1, first.task.pk)
    screen.cell("date").fill("2026-04-03")
    screen.press("Control+Enter")
    if screen.part("again").is_visible():
        screen.press("Control+Enter")
    offer = screen.page.get_by_role("link", name="Correct them too")
    expect(offer).to_be_visible()
    with screen.page.context.expect_page() as opened:
        offer.click()
    page = opened.value
    expect(page.get_by_text("day first, not month first")).to_be_visible()
    row = page.locator(".correction__table tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("2026-03-04")
    expect(row).to_contain_text("2026-04-03")
    assert_accessible(page)
    page.get_by_role("checkbox", name=f"{other.paper.id}.pdf").uncheck()
    expect(page.get_by_role("button", name="Correct 0 documents")).to_be_disabled()
    page.get_by_role("checkbox", name="All documents").check()
    page.get_by_role("button", name="Correct 1 document").click()
    expect(page.get_by_text("Order of dates corrected on 1 document")).to_be_visible()
    task = LabelingTask.objects.select_related("prediction").get(pk=other.task.pk)
    assert task.prediction is not None
    assert task.prediction.record["date"] == "2026-04-03"
    page.get_by_role("button", name="Undo all 1").click()
    expect(page.get_by_text("Undone: the earlier pre-fill is back")).to_be_visible()
    task = LabelingTask.objects.select_related("prediction").get(pk=other.task.pk)
    assert task.prediction is not None
    assert task.prediction.record["date"] == "2026-03-04"
