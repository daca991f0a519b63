"""The policy: what will change is seen before it is stored, and who changed what stands beside it."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from labeling.models import LabelingPolicy
from tests.conftest import Cast
from tests.e2e.conftest import SignedIn


@pytest.mark.main_job
def test_an_admin_changes_the_policy_by_keyboard(cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.admin)
    page.goto("/policy/")
    store = page.get_by_role("button", name="Store as a new version")
    expect(store).to_be_disabled()
    share = page.get_by_label("Labeled twice", exact=True)
    share.fill("15")
    expect(page.get_by_text("1 value will change.")).to_be_visible()
    expect(page.get_by_text("now 0 %").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Why").fill("Quarter end")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.locator(".policy__version").first).to_contain_text("Quarter end")
    expect(page.locator(".policy__version").first).to_contain_text("15 %")
    assert LabelingPolicy.objects.order_by("-pk")[0].double_share == 0.15
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/policy.png", full_page=True)


def test_a_refused_value_stays_in_its_field(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.admin)
    page.goto("/policy/")
    page.get_by_label("Checked though accepted").fill("250")
    page.get_by_role("button", name="Store as a new version").click()
    field = page.get_by_label("Checked though accepted")
    expect(field).to_have_value("250")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert LabelingPolicy.objects.count() == 1
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/policy-refused.png")
        page.emulate_media(color_scheme="dark")
        page.screenshot(path=f"{folder}/policy-dark.png")
