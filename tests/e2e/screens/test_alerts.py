"""Alerts and triggers in the browser: found, seen to, muted and resolved by keyboard; a secret that is shown once; a dismissed proposal."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from django.test import override_settings
from playwright.sync_api import Page, expect

from invoices.models import Vendor
from mlcore.alerting.estimate import Estimate
from mlcore.alerting.limits import Limits
from mlcore.alerting.rules.accuracy import overall_accuracy, vendor_accuracy
from mlcore.alerting.rules.layout import new_layout
from mlcore.alerting.rules.queue import review_queue
from modelops.alerts.opening import report_all
from modelops.alerts.policies import current_alert_policy
from modelops.alerts.telling import tell
from modelops.models import Alert, AlertDelivery, AlertDestination, TriggerProposal
from tests.conftest import Cast
from tests.e2e.conftest import SignedIn


def shot(page: Page, name: str) -> None:
    """A picture where somebody wants to look (``SHOTS``), light and dark."""
    if folder := os.environ.get("SHOTS"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{folder}/{name}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")


@pytest.fixture
def found(cast: Cast) -> Vendor:
    """Four alerts of all severities, told of to one address."""
    vendor = Vendor.objects.create(name="Apex Infusion", status="confirmed")
    other = Vendor.objects.create(name="Zenith Home Medical", status="confirmed")
    AlertDestination.objects.create(channel="email", address="operations@example.org", created_by=cast.admin)
    limits, policy = Limits(), current_alert_policy()
    now, before = Estimate(0.914, 0.883, 0.937, 128, 41), Estimate(0.992, 0.986, 0.996, 412, 19)
    findings = [
        vendor_accuracy(vendor.pk, vendor.name, now, before, limits, days=7, vendors=14),
        overall_accuracy(Estimate(0.9712, 0.966, 0.9759, 890, 150), limits, days=7),
        review_queue(412, 611, limits),
        new_layout(other.pk, other.name, 9, 31, limits, days=7, newest="2026-11-25"),
    ]
    tell(report_all(findings, policy), policy)
    AlertDelivery.objects.filter(alert__kind="review_queue").update(state="failed", error="The mail server answered 451.", attempts=3)
    return vendor


@pytest.mark.main_job
def test_alerts_are_worked_by_keyboard(cast: Cast, found: Vendor, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.admin)
    page.goto("/alerts/")
    expect(page.locator(".nav__station .nav__count").first).to_contain_text("4")
    expect(page.locator("[data-alert]")).to_have_count(4)
    expect(page.locator("[data-alert]").first).to_contain_text("Apex Infusion: accuracy fell")
    page.get_by_text("Evidence").first.click()
    expect(page.get_by_text("91.4 % (88.3 to 93.7 %) of 128 documents").first).to_be_visible()
    assert_accessible(page)
    shot(page, "alerts")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Apex Infusion: accuracy fell", exact=True)).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_text("You see to it. It stays until it is over.")).to_be_visible()
    expect(page.locator("[data-alert]")).to_have_count(3)
    page.locator("body").press("j")
    page.keyboard.press("r")
    page.keyboard.type("The scanner was replaced")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Resolved.")).to_be_visible()
    assert set(Alert.objects.values_list("state", flat=True)) == {"open", "acknowledged", "resolved"}
    page.goto("/alerts/?tab=resolved")
    expect(page.get_by_text("“The scanner was replaced”")).to_be_visible()


def test_one_alert_has_everything(cast: Cast, found: Vendor, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.admin)
    page.goto(f"/alerts/{Alert.objects.get(kind='vendor_accuracy').pk}/")
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible()
    expect(page.get_by_text("operations@example.org")).to_be_visible()
    assert_accessible(page)
    shot(page, "alert")
    page.get_by_label("For how long").select_option("72")
    page.get_by_role("button", name="Mute").click()
    expect(page.get_by_text("Muted. It is kept, and nobody is told.")).to_be_visible()
    assert Alert.objects.get(kind="vendor_accuracy").state == "muted"


def test_a_destination_is_added_and_its_secret_shown_once(
    cast: Cast, found: Vendor, signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    page = signed_in(cast.admin)
    with override_settings(WEBHOOK_HOSTS=["hooks.example.org"]):
        page.goto("/alerts/destinations/")
        page.get_by_text("Webhook", exact=True).click()
        page.get_by_label("Address").fill("https://evil.example/in")
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("alert")).to_contain_text("COUNTERSIGN_WEBHOOK_HOSTS")
        page.get_by_label("Address").fill("https://hooks.example.org/in")
        page.get_by_role("button", name="Add").click()
        secret = AlertDestination.objects.get(channel="webhook").secret
        expect(page.locator("[data-secret]")).to_contain_text(secret)
        assert_accessible(page)
        shot(page, "alert-destinations")
        page.goto("/alerts/destinations/")
        expect(page.get_by_role("heading", name="Who is told")).to_be_visible()
        assert secret not in page.content()
        page.get_by_role("row", name="https://hooks.example.org/in").get_by_role("button", name="Try it").click()
        expect(page.get_by_text("Trial message", exact=True)).to_be_visible()


def test_limits_are_stored_as_a_version(cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.admin)
    page.goto("/alert-policy/")
    expect(page.get_by_role("button", name="Store as a new version")).to_be_disabled()
    page.get_by_label("Most that may wait for review").fill("25")
    expect(page.get_by_text("1 value will change.")).to_be_visible()
    assert_accessible(page)
    shot(page, "alert-policy")
    page.keyboard.press("Enter")
    expect(page.locator(".policy__version").first).to_contain_text("25 %")
    assert current_alert_policy().review_share == 0.25


def test_a_proposal_is_dismissed_with_a_reason(
    cast: Cast, found: Vendor, signed_in: SignedIn, assert_accessible: Callable[[Page], None]
) -> None:
    alert = Alert.objects.get(kind="vendor_accuracy")
    TriggerProposal.objects.create(
        kind="template_change",
        key="template_change:1",
        vendor=found,
        sentence="Apex Infusion: accuracy fell by 7.8 points, and 120 records were confirmed since that was found (100 are enough).",
        evidence={"alert": alert.pk, "points": 7.8, "drop_points": 5.0, "examples_since": 120, "changed_examples": 100},
        held_back="None of the held-out vendors has a confirmed record, so nothing would say how good the model is.",
        taken_up_at=alert.first_seen,
        preflight={"refusals": [{"code": "no_test", "title": "No test", "sentence": "Put a vendor aside."}], "warnings": []},
    )
    TriggerProposal.objects.create(
        kind="schedule", key="schedule", sentence="92 days since data set 4 was frozen.", evidence={"age_days": 92.1}
    )
    page = signed_in(cast.admin)
    page.goto("/triggers/")
    expect(page.get_by_text("It did not begin.")).to_be_visible()
    assert_accessible(page)
    shot(page, "triggers")
    row = page.locator(".proposal").first
    row.get_by_placeholder("Why no run is needed").fill("Their contract ends in December")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dismissed, with your reason.")).to_be_visible()
    page.goto("/triggers/?tab=dismissed")
    expect(page.get_by_text("“Their contract ends in December”")).to_be_visible()
    page.goto("/trigger-policy/")
    assert_accessible(page)
    shot(page, "trigger-policy")


def test_empty_screens_in_the_dark(cast: Cast, signed_in: SignedIn, assert_accessible: Callable[[Page], None]) -> None:
    page = signed_in(cast.admin, color_scheme="dark", viewport={"width": 900, "height": 700})
    for address, said in (
        ("/alerts/", "Nothing is wrong"),
        ("/alerts/destinations/", "Nobody is told yet"),
        ("/triggers/", "Nothing asks for a run"),
    ):
        page.goto(address)
        expect(page.get_by_role("heading", name=said)).to_be_visible()
        assert_accessible(page)
        shot(page, f"empty{address.replace('/', '-')}")
