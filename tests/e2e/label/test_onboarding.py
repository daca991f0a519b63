"""The onboarding as the person sees it: said on the screen, and what was wrong shown after each document. And a queue that is paused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from invoices.models import VendorAlias
from invoices.vendor_master.editing import alias_key
from labeling.gold_writing import write_gold
from labeling.models import KnownDocument, LabelingTask
from labeling.pausing.pausing import pause_queue
from labeling.trials.handing_out import prepare_tests
from labeling.trials.onboarding import welcome_new
from tests.labeling.blind_pairs import submit_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn
    from tests.e2e.label.conftest import Prepared


def settled(prepared: Prepared, cast: Cast) -> None:
    """The document's truth is known, and it is a step of the onboarding."""
    document = prepared.task.document
    LabelingTask.objects.filter(document=document).delete()
    if document.vendor is not None:
        name = document.predictions.get().record["vendor"]["name"]
        VendorAlias.objects.get_or_create(key=alias_key(name), defaults={"vendor": document.vendor, "name": name})
    label = submit_label(document, cast.senior, prepared.record)
    write_gold(
        label,
        document_id=document.pk,
        record={**prepared.record, "invoice_number": "TRUE-1"},
        vendor_id=document.vendor_id,
        evidence={},
        provenance={},
        supersedes=None,
    )
    KnownDocument.objects.create(document=document, purpose="onboarding", position=document.pk, by=cast.senior)


@pytest.mark.main_job
def test_a_new_person_starts_with_the_onboarding_and_sees_how_it_went(
    make_task: Callable[..., Prepared], cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    for number in range(2):
        settled(make_task(number=number), cast)
    assert welcome_new() == 2
    prepare_tests()
    page = signed_in(cast.biller1)
    page.goto("/label/")
    expect(page.locator('[data-part="kind"]')).to_have_text("Onboarding 1 of 2")
    page.get_by_role("button", name="Submit").click()
    if page.locator('[data-part="again"]').is_visible():
        page.get_by_role("button", name="Submit").click()
    link = page.get_by_role("link", name="See how it went")
    expect(link).to_be_visible()
    expect(page.locator('[data-part="kind"]')).to_have_text("Onboarding 2 of 2")
    page.goto("/onboarding/")
    expect(page.get_by_text("1 of 2 done")).to_be_visible()
    row = page.get_by_role("row", name="Invoice number")
    expect(row).to_contain_text("TRUE-1")
    assert_accessible(page)
    senior = signed_in(cast.senior)
    senior.goto("/onboarding/")
    expect(senior.get_by_role("row", name="biller1")).to_contain_text("1 of 2")
    assert_accessible(senior)
    senior.goto("/gold-tests/")
    expect(senior.get_by_role("heading", name="No test was judged yet")).to_be_visible()
    assert_accessible(senior)


def test_a_paused_person_reads_why_and_goes_on_when_a_senior_says_so(
    make_task: Callable[..., Prepared], cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    make_task()
    page = signed_in(cast.biller1)
    senior = signed_in(cast.senior)
    senior.goto("/pauses/")
    expect(senior.get_by_role("row", name="biller1")).to_contain_text("not enough data")
    senior.get_by_label("Why the queue of biller1 is paused").fill("Let us look at dates together")
    senior.get_by_role("button", name="Pause the queue of biller1").click()
    expect(senior.get_by_role("row", name="biller1")).to_contain_text("Paused")
    assert_accessible(senior)
    page.goto("/label/")
    expect(page.get_by_role("heading", name="Your queue is paused")).to_be_visible()
    expect(page.get_by_text("Talk to a senior biller")).to_be_visible()
    assert_accessible(page)
    senior.get_by_role("button", name="Let it go on").click()
    expect(senior.get_by_role("heading", name="Earlier pauses")).to_be_visible()
    page.get_by_role("button", name="Open the next document").click()
    expect(page.get_by_role("button", name="Submit")).to_be_enabled()


def test_a_pause_after_a_submit_closes_what_was_on_the_desk(make_task: Callable[..., Prepared], cast: Cast, signed_in: SignedIn) -> None:
    make_task()
    page = signed_in(cast.biller1)
    page.goto("/label/")
    expect(page.get_by_role("button", name="Submit")).to_be_enabled()
    pause_queue(user=cast.senior, person_id=cast.biller1.pk)
    page.get_by_role("button", name="Submit").click()
    if page.locator('[data-part="again"]').is_visible():
        page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name="Your queue is paused")).to_be_visible()
