"""The registry by browser: a model and its gate, an override, two models compared, the policy of the gate."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from invoices.models import Vendor
from modelops.gate.judging import judge
from modelops.gate.policies import set_gate_policy
from modelops.models import EvaluationAsk, GateOverride, GatePolicyVersion, ModelVersion
from tests.conftest import Cast
from tests.e2e.conftest import SignedIn
from tests.modelops.gate.conftest import Contest, base_folder, calibrated, contest, packed, run_folder, station

__all__ = ["base_folder", "calibrated", "contest", "packed", "run_folder", "station"]

Accessible = Callable[[Page], None]
REASON = "A pilot with one vendor; a senior looks at every document until May."


@pytest.fixture(autouse=True)
def committed(transactional_db: None) -> None:
    """What a test stores is there for the browser."""


def shot(page: Page, name: str) -> None:
    """Light and dark, where somebody wants to look at them (``SHOTS`` names a folder)."""
    if folder := os.environ.get("SHOTS"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=str(Path(folder) / f"{name}-{scheme}.png"), full_page=True)


@pytest.mark.main_job
def test_from_the_list_to_a_model_and_its_gate(cast: Cast, contest: Contest, signed_in: SignedIn, assert_accessible: Accessible) -> None:
    judge(contest.candidate, contest.dataset, cast.admin)
    page = signed_in(cast.admin)
    page.goto("/models/")
    row = page.get_by_role("row").filter(has_text="Model 2")
    expect(row).to_contain_text("Passed")
    expect(row).to_contain_text("50.0 %")
    assert_accessible(page)
    shot(page, "models")
    row.get_by_role("link", name="Model 2").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Files verified now")
    expect(page.get_by_text("It may serve.")).to_be_visible()
    expect(page.get_by_role("figure", name="Is its confidence true?")).to_be_visible()
    assert_accessible(page)
    shot(page, "model")
    with page.expect_download() as download:
        page.get_by_role("link", name="Report").click()
    assert download.value.suggested_filename == "model-2.html"


def test_an_evaluation_is_followed_without_a_reload(cast: Cast, contest: Contest, signed_in: SignedIn) -> None:
    page = signed_in(cast.admin)
    page.goto("/models/2/")
    page.get_by_role("button", name="Evaluate and ask the gate").click()
    expect(page.get_by_text("Waits for a training worker")).to_be_visible()
    EvaluationAsk.objects.update(state="reading", done=8, documents=120)
    expect(page.get_by_text("8 of 120 documents")).to_be_visible()
    EvaluationAsk.objects.update(done=16)
    expect(page.get_by_text("16 of 120 documents")).to_be_visible()
    judge(contest.candidate, contest.dataset)
    EvaluationAsk.objects.update(state="done")
    expect(page.get_by_text("It may serve.")).to_be_visible()


def test_an_override_needs_a_written_reason(cast: Cast, contest: Contest, signed_in: SignedIn, assert_accessible: Accessible) -> None:
    set_gate_policy(user=cast.admin, values={"accuracy": 0.9999}, note="Strict")
    judge(contest.candidate, contest.dataset)
    page = signed_in(cast.admin)
    page.goto("/models/2/")
    expect(page.get_by_text("It may not serve now.")).to_be_visible()
    page.get_by_role("button", name="Override …").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Let model 2 through")
    expect(dialog).to_contain_text("Accuracy on held-out vendors.")
    reason = dialog.get_by_label("Why it may serve all the same")
    reason.fill("Too short")
    expect(dialog.get_by_text("21 more.")).to_be_visible()
    assert_accessible(page)
    shot(page, "model-override")
    dialog.get_by_role("button", name="Override the gate").click()
    expect(dialog).to_be_visible()
    assert not GateOverride.objects.exists()
    reason.fill(REASON)
    dialog.get_by_role("button", name="Override the gate").click()
    expect(page.get_by_text("It may serve by an override")).to_be_visible()
    assert GateOverride.objects.get().by == cast.admin


def test_two_models_are_compared(cast: Cast, contest: Contest, signed_in: SignedIn, assert_accessible: Accessible) -> None:
    Vendor.objects.create(name="Apex Infusion")
    page = signed_in(cast.admin)
    page.goto("/models/compare/")
    page.get_by_label("First").select_option(label="Templates alone")
    page.get_by_label("Second").select_option(label="Model 2, candidate")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Documents that changed")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Total").first).to_be_visible()
    expect(page.locator(".versus__document").first).to_contain_text("99.00")
    assert_accessible(page)
    shot(page, "model-compare")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    assert "second=2" in page.url


def test_the_policy_of_the_gate(cast: Cast, signed_in: SignedIn, assert_accessible: Accessible) -> None:
    page = signed_in(cast.admin)
    page.goto("/gate-policy/")
    store = page.get_by_role("button", name="Store as a new version")
    expect(store).to_be_disabled()
    page.get_by_label("Accuracy above").fill("97")
    page.get_by_label("Accuracy is").select_option(label="Documents with everything right")
    expect(page.get_by_text("2 values will change.")).to_be_visible()
    assert_accessible(page)
    shot(page, "gate-policy")
    page.get_by_label("Why").fill("Pilot")
    page.keyboard.press("Enter")
    expect(page.locator(".policy__version").first).to_contain_text("Pilot")
    assert GatePolicyVersion.objects.get().policy["accuracy"] == 0.97
    page.get_by_label("Accuracy above").fill("250")
    page.get_by_role("button", name="Store as a new version").click()
    expect(page.get_by_label("Accuracy above")).to_have_attribute("aria-invalid", "true")


def test_an_empty_registry_by_keyboard(cast: Cast, signed_in: SignedIn, assert_accessible: Accessible) -> None:
    page = signed_in(cast.admin)
    page.goto("/models/")
    expect(page.get_by_role("heading", name="No model here yet")).to_be_visible()
    page.get_by_role("button", name="Bring one in").press("Enter")
    dialog = page.get_by_role("dialog", name="Bring a model in")
    dialog.get_by_label("Name of its folder there").fill("nothing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is no folder nothing")).to_be_visible()
    assert_accessible(page)
    assert not ModelVersion.objects.exists()
