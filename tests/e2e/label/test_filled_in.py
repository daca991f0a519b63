"""The screen says who filled the record in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from invoices.model_reading import store_reading, wanted_reading
from invoices.prefill import prefill_document
from labeling.sampling import open_task
from mlcore.templates.extractor import TemplateExtractor

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.label.conftest import AtDesk, Make

MODEL = "adapter-0123456789abcdef"


def test_the_bar_says_who_filled_the_record_in_and_the_document_page_too(cast: Cast, make_task: Make, at_desk: AtDesk) -> None:
    task = make_task(prefill=False).task
    prefill_document(task.document_id)
    open_task(task.document_id)
    screen = at_desk(cast.biller1, task.pk, viewport={"width": 1366, "height": 768})
    expect(screen.part("filledIn")).to_have_text("No template")
    expect(screen.part("filledIn")).to_have_attribute("title", "Filled in without a template")
    for part in ("vendor", "filledIn"):
        assert screen.part(part).evaluate("element => element.scrollWidth <= element.clientWidth"), f"nothing of {part} is cut off"
    screen.page.locator("[data-action-id=release]").click()
    screen.page.wait_for_url("**/queue/")

    reading = wanted_reading(task.document_id, MODEL)
    assert reading is not None
    store_reading(reading, MODEL, TemplateExtractor().extract([reading.text])[0])
    open_task(task.document_id)
    screen.open(task.pk)
    expect(screen.part("filledIn")).to_have_text("By the model")
    screen.page.goto(f"/documents/{task.document_id}/")
    expect(screen.page.locator(f'dd[title^="{MODEL}"]')).to_have_text("by the model")
