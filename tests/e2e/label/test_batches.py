"""Batch verification by keyboard: crops, marks, typed values, Enter; and what the page asks of the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Response, expect

from labeling.models import FieldVerification, LabelingTask, TaskKind

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn
    from tests.e2e.label.conftest import Make


@pytest.mark.main_job
def test_enter_confirms_all_but_the_marked(
    cast: Cast, signed_in: SignedIn, make_task: Make, assert_accessible: Callable[[Page], None]
) -> None:
    tasks = [make_task(number=number).task for number in range(3)]
    page = signed_in(cast.senior)
    page.goto("/verify/?field=total")
    cards = page.locator("[data-card]")
    expect(cards).to_have_count(3)
    widths = page.locator(".card__crop").evaluate_all("crops => crops.map((crop) => crop.complete && crop.naturalWidth)")
    assert all(width > 20 for width in widths)
    assert_accessible(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(cards.nth(1)).to_have_attribute("data-verdict", "wrong")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("e")
    page.keyboard.type("1,234.50")
    expect(page.locator("[data-sum]")).to_have_text("1 to confirm · 1 corrected · 1 marked as wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 confirmed, 1 corrected, 1 sent to review.")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing to verify")).to_be_visible()
    newest_first = sorted((task.document_id for task in tasks), reverse=True)
    stored = {one.document_id: (one.verdict, one.value) for one in FieldVerification.objects.all()}
    assert [stored[document][0] for document in newest_first] == ["confirmed", "wrong", "corrected"]
    assert stored[newest_first[2]][1] == "1234.50"
    assert LabelingTask.objects.get(document=newest_first[1]).kind == TaskKind.REVIEW


def test_a_value_that_does_not_fit_is_refused_and_nothing_is_lost(cast: Cast, signed_in: SignedIn, make_task: Make) -> None:
    make_task()
    page = signed_in(cast.senior)
    page.goto("/verify/?field=date")
    page.keyboard.press("e")
    page.keyboard.type("soon")
    page.keyboard.press("Enter")
    expect(page.get_by_text("'soon' is no invoice date.")).to_be_visible()
    expect(page.locator("[data-typed]")).to_have_value("soon")
    page.locator("[data-typed]").press("Escape")
    expect(page.locator("[data-card]")).to_have_attribute("data-verdict", "confirmed")
    assert not FieldVerification.objects.exists()


def test_a_blind_pair_is_not_in_the_grid(cast: Cast, signed_in: SignedIn, make_task: Make) -> None:
    free, paired = make_task(number=0).task, make_task(number=1).task
    LabelingTask.objects.create(document=paired.document, kind=TaskKind.SECOND_LABEL, prediction=paired.prediction)
    page = signed_in(cast.senior)
    page.goto("/verify/?field=total")
    expect(page.locator("[data-card]")).to_have_count(1)
    expect(page.locator("[data-card]")).to_have_attribute("data-document", str(free.document_id))


def test_each_card_asks_for_one_small_picture(cast: Cast, signed_in: SignedIn, make_task: Make) -> None:
    for number in range(3):
        make_task(number=number)
    page = signed_in(cast.senior)
    crops: list[Response] = []
    pages: list[Response] = []
    page.on("response", lambda answer: (crops if "/crop" in answer.url else pages if "/image" in answer.url else []).append(answer))
    page.goto("/verify/?field=total")
    page.wait_for_load_state("networkidle")
    assert len(crops) == 3
    assert pages == []
    assert max(len(answer.body()) for answer in crops) < 12_000


def test_a_biller_is_kept_out(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.biller1)
    for address in ("/review/", "/verify/", "/thresholds/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 403
    page.goto("/queue/")
    expect(page.get_by_role("link", name="Review", exact=True)).to_have_count(0)
