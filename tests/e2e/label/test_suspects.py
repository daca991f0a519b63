"""Suspect gold on the screen: the evidence, saying that a record is right, sending one to review and submitting that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from labeling.gold_writing import write_gold
from labeling.models import GoldRecord, LabelingTask, SuspectGold
from labeling.suspects.finding import look_over
from tests.labeling.blind_pairs import submit_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn
    from tests.e2e.label.conftest import Prepared


def confirmed(prepared: Prepared, cast: Cast, **changes: str) -> GoldRecord:
    """The document has a gold record by one person, with places."""
    document = prepared.task.document
    LabelingTask.objects.filter(document=document).delete()
    record = {**prepared.record, **changes}
    fields = document.predictions.get().fields
    return write_gold(
        submit_label(document, cast.biller1, record),
        document_id=document.pk,
        record=record,
        vendor_id=document.vendor_id,
        evidence={field["path"]: field["evidence"] for field in fields},
        provenance={},
        supersedes=None,
    )


def test_a_senior_sees_the_evidence_and_decides(
    make_task: Callable[..., Prepared], cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    right, wrong = (confirmed(make_task(number=number), cast, total=total) for number, total in enumerate(("999999.00", "123456.00")))
    confirmed(make_task(number=2), cast)
    look_over()
    assert SuspectGold.objects.filter(state="open").count() == 2
    page = signed_in(cast.senior)
    page.goto("/suspects/")
    expect(page.locator(".suspect")).to_have_count(2)
    card = page.locator(f"#gold-{right.pk}")
    expect(card).to_contain_text("999,999.00")
    crop = card.locator(".suspect__crop").first
    expect(crop).to_be_visible()
    assert crop.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert_accessible(page)
    card.get_by_role("button", name="It is right").click()
    expect(page.locator(".suspect")).to_have_count(2)  # without a reason the browser sends nothing
    card.get_by_role("textbox").fill("It is printed so")
    card.get_by_role("textbox").press("Enter")
    expect(page.locator(".suspect")).to_have_count(1)
    page.locator(f"#gold-{wrong.pk}").get_by_role("button", name="Send to review").press("Enter")
    expect(page.get_by_role("heading", name="Nothing speaks against a record")).to_be_visible()
    page.get_by_role("link", name="In review 1").click()
    page.get_by_role("link", name="Open the review").click()
    expect(page.locator('[data-part="doubts"]')).to_contain_text("Total")
    assert GoldRecord.objects.get(pk=wrong.pk).is_current
    page.goto("/suspects/?tab=right")
    expect(page.locator(".suspect")).to_contain_text("It is printed so")
