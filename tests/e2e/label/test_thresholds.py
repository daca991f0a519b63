"""The threshold simulator: the slide moves without asking the server, and short data is said to be short."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from invoices.models import Document, Prediction
from labeling.models import GoldRecord, MeasuredReading

if TYPE_CHECKING:
    from tests.conftest import Cast
    from tests.e2e.conftest import SignedIn


def measured(count: int) -> None:
    """Documents whose score is the chance that they are right; every tenth was audited."""
    rng = random.Random(3)
    documents = Document.objects.bulk_create(
        Document(sha256=f"{n:064x}", name=f"d{n}.pdf", media_type="application/pdf", size=1) for n in range(count)
    )
    predictions = Prediction.objects.bulk_create(
        Prediction(document=d, model_id="m", record={}, fields=[], route="accepted") for d in documents
    )
    golds = GoldRecord.objects.bulk_create(GoldRecord(document=document, record={}) for document in documents)
    rows = []
    for number, (document, prediction, gold) in enumerate(zip(documents, predictions, golds, strict=True)):
        score = rng.random() ** 0.03
        rows.append(
            MeasuredReading(
                document=document,
                gold=gold,
                prediction=prediction,
                score=score,
                right=rng.random() < score,
                wrong=2,
                amount=Decimal("250.00"),
                audited=number % 10 == 0,
            )
        )
    MeasuredReading.objects.bulk_create(rows)


def test_the_slide_shows_what_a_precision_costs(cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    measured(1_500)
    page = signed_in(cast.admin)
    page.goto("/thresholds/")
    expect(page.locator("[data-wanted]")).to_have_text("95 %")
    at_95 = page.locator('[data-fact="coverage"]').inner_text()
    expect(page.locator("[data-certified]")).to_contain_text("is certified at 95 % confidence")
    expect(page.locator("[data-audit]")).to_contain_text("of 150 audited documents were wrong")
    expect(page.locator('[data-fact="hours"]')).to_have_text("not enough data")
    assert_accessible(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("slider").focus()
    page.keyboard.press("End")
    expect(page.locator("[data-wanted]")).to_have_text("99.9 %")
    expect(page.locator("[data-certified]")).to_contain_text("Not certifiable with n = 1500")
    assert page.locator('[data-fact="coverage"]').inner_text() != at_95
    page.keyboard.press("Home")
    expect(page.locator("[data-wanted]")).to_have_text("80 %")
    expect(page.locator('[data-fact="coverage"]')).to_have_text("100 %")
    assert asked == []


def test_without_documents_it_says_what_to_do(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.senior)
    page.goto("/thresholds/")
    expect(page.get_by_role("heading", name="Not enough data")).to_be_visible()
    expect(page.get_by_role("link", name="Label the next one")).to_be_visible()
