"""The screens of alerts and triggers: who may, what is shown, and what a form does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import Vendor
from mlcore.alerting.estimate import Estimate
from mlcore.alerting.finding import Standing
from mlcore.alerting.limits import Limits
from mlcore.alerting.rules.accuracy import vendor_accuracy
from modelops.alerts.opening import report
from modelops.alerts.policies import ALERT_POLICY, ALERT_SETTINGS, current_alert_policy
from modelops.alerts.where import what_is_there, where
from modelops.models import Alert, AlertDelivery, AlertDestination, AlertKind, AlertMute, AlertPolicyVersion, TriggerPolicy, TriggerProposal
from tests.conftest import Cast
from tests.modelops.alerts.conftest import finding

pytestmark = pytest.mark.django_db
SCREENS = ("/alerts/", "/alerts/destinations/", "/alert-policy/", "/triggers/", "/trigger-policy/")


@pytest.fixture
def fallen(db: None) -> Alert:
    vendor = Vendor.objects.create(name="Apex Infusion", status="confirmed")
    now, before = Estimate(0.914, 0.88, 0.94, 120, 40), Estimate(0.992, 0.985, 0.996, 400, 20)
    opened = report(vendor_accuracy(vendor.pk, "Apex Infusion", now, before, Limits(), days=7))
    assert opened is not None
    return opened.alert


@pytest.mark.parametrize("address", SCREENS)
@pytest.mark.parametrize(("who", "status"), [("biller1", 403), ("senior", 403), ("admin", 200)])
def test_the_screens_are_the_admins(cast: Cast, client: Client, address: str, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    answer = client.get(address)
    assert answer.status_code == status
    assert ("Alerts" in answer.content.decode()) == (who == "admin")


@pytest.mark.parametrize("address", SCREENS)
def test_empty_screens_say_what_to_do(admin: Client, address: str) -> None:
    text = admin.get(address).content.decode()
    assert any(said in text for said in ("Nothing is wrong", "Nobody is told yet", "No version yet", "Nothing asks for a run"))


def test_an_alert_is_shown_with_its_evidence(admin: Client, fallen: Alert) -> None:
    for address in ("/alerts/", f"/alerts/{fallen.pk}/"):
        text = admin.get(address).content.decode()
        assert "91.4 % (88.0 to 94.0 %) of 120 documents, 40 of them with a mistake" in text
        assert "7.8 points" in text
        assert "5.0 points" in text
        assert f"/monitoring/?vendor={fallen.vendor_id}" in text
    assert admin.get("/alerts/999999/").status_code == 404


@pytest.mark.parametrize(
    "query", ["tab=gone", "kind=weather", "vendor=-1", "vendor=9999999999999999999999", "cursor=x", "cursor=%00", "tab=%00"]
)
def test_any_address_works(admin: Client, fallen: Alert, query: str) -> None:
    assert admin.get(f"/alerts/?{query}").status_code == 200
    assert admin.get(f"/triggers/?{query}").status_code == 200


def test_the_menu_counts_the_open_ones(admin: Client, fallen: Alert) -> None:
    assert "1 open alert" in admin.get("/alert-policy/").content.decode()
    Alert.objects.update(state="acknowledged")
    assert "open alert" not in admin.get("/alert-policy/").content.decode()


def test_buttons_do_what_they_say(admin: Client, fallen: Alert) -> None:
    address = f"/alerts/{fallen.pk}/decide/"
    answer = admin.post(address, {"decision": "acknowledge", "note": "on it", "next": f"/alerts/{fallen.pk}/"}, follow=True)
    assert answer.redirect_chain == [(f"/alerts/{fallen.pk}/", 302)]
    assert "Seen to" in answer.content.decode()
    assert "few words" in admin.post(address, {"decision": "resolve"}, follow=True).content.decode()
    assert "give 1 to" in admin.post(address, {"decision": "mute", "hours": "soon"}, follow=True).content.decode()
    assert "Nothing was chosen" in admin.post(address, {}, follow=True).content.decode()
    admin.post(address, {"decision": "mute", "hours": "4"})
    assert Alert.objects.get().state == "muted"
    admin.post(address, {"decision": "resolve", "note": "new printer"})
    assert "Resolved" in admin.get("/alerts/?tab=resolved").content.decode()
    assert admin.post(address, {"decision": "acknowledge", "next": "https://evil.example/"})["Location"] == "/alerts/"
    assert admin.post("/alerts/999999/decide/", {"decision": "acknowledge"}).status_code == 404


def test_two_admins_press_at_once(admin: Client, fallen: Alert) -> None:
    admin.post(f"/alerts/{fallen.pk}/decide/", {"decision": "resolve", "note": "first"})
    answer = admin.post(f"/alerts/{fallen.pk}/decide/", {"decision": "mute", "hours": "4"}, follow=True)
    assert "already; nothing was changed" in answer.content.decode()


def test_a_kind_is_muted_as_a_whole(admin: Client, fallen: Alert) -> None:
    admin.post("/alerts/mutes/", {"kind": "vendor_accuracy", "hours": "24", "note": "moving"})
    admin.post("/alerts/mutes/", {"kind": "", "vendor": str(fallen.vendor_id), "hours": "24"})
    text = admin.get("/alerts/").content.decode()
    assert "moving" in text
    assert "about Apex Infusion" in text
    admin.post("/alerts/mutes/", {"kind": "", "vendor": "x", "hours": "24"})
    assert AlertMute.objects.count() == 2
    admin.post(f"/alerts/mutes/{AlertMute.objects.first().pk}/end/")  # type: ignore[union-attr]
    assert AlertMute.objects.filter(until__gt=timezone.now()).count() == 1
    assert admin.post("/alerts/mutes/999999/end/").status_code == 404


def test_the_secret_stands_on_one_answer(admin: Client) -> None:
    with override_settings(WEBHOOK_HOSTS=["hooks.example.org"]):
        answer = admin.post("/alerts/destinations/", {"channel": "webhook", "address": "https://hooks.example.org/x"})
        secret = AlertDestination.objects.get().secret
        assert secret in answer.content.decode()
        assert secret not in admin.get("/alerts/destinations/").content.decode()
        again = admin.post("/alerts/destinations/", {"channel": "webhook", "address": "https://hooks.example.org/x"})
        assert again.status_code == 409
        refused = admin.post("/alerts/destinations/", {"channel": "webhook", "address": "https://evil.example/x", "kinds": ["job_dead"]})
        assert refused.status_code == 400
        assert "https://evil.example/x" in refused.content.decode(), "what was typed is kept"
        one = AlertDestination.objects.get()
        renewed = admin.post(f"/alerts/destinations/{one.pk}/", {"what": "new_secret"})
        assert AlertDestination.objects.get().secret in renewed.content.decode()
        for what in ("try", "off", "on", "dance"):
            assert admin.post(f"/alerts/destinations/{one.pk}/", {"what": what})["Location"] == "/alerts/destinations/"
    assert AlertDelivery.objects.get().alert is None
    assert admin.post("/alerts/destinations/999999/", {"what": "try"}).status_code == 404
    assert admin.post("/alerts/destinations/999999/", {"what": "new_secret"}).status_code == 404


def test_the_limits_are_typed_in_percent(admin: Client) -> None:
    text = admin.get("/alert-policy/").content.decode()
    assert 'name="overall_floor" value="98"' in text
    values = typed(current_alert_policy())
    answer = admin.post("/alert-policy/", {**values, "review_share": "25,5 %", "note": "summer"}, follow=True)
    stored = AlertPolicyVersion.objects.get()
    assert f"Version {stored.pk} counts from the next look on." in answer.content.decode()
    assert stored.review_share == 0.255
    refused = admin.post("/alert-policy/", {**values, "review_share": "250", "least_documents": "x"})
    assert refused.status_code == 400
    assert 'value="250"' in refused.content.decode()
    assert "Nothing was changed" in admin.post("/alert-policy/", {**values, "review_share": "25.5"}, follow=True).content.decode()


def typed(policy: Any) -> dict[str, str]:
    values = ALERT_POLICY.values(policy)
    return {one.name: one.field_text(values[one.name]) for one in ALERT_SETTINGS}


def test_the_trigger_policy_takes_money(admin: Client) -> None:
    values = {"every_days": "91", "drop_points": "5", "changed_examples": "100", "new_vendor_examples": "200", "starts_by_itself": "1"}
    admin.post("/trigger-policy/", {**values, "hourly_rate": "30.125"})
    policy = TriggerPolicy.objects.get()
    assert (str(policy.hourly_rate), policy.starts_by_itself) == ("30.1250", 1)
    assert admin.post("/trigger-policy/", {**values, "hourly_rate": "inf"}).status_code == 400
    assert "one at a time" in admin.get("/triggers/").content.decode()


def test_a_proposal_is_shown_and_dismissed(admin: Client, fallen: Alert) -> None:
    one = TriggerProposal.objects.create(
        kind="template_change",
        key="template_change:1",
        vendor=fallen.vendor,
        sentence="Apex Infusion: accuracy fell.",
        evidence={"alert": fallen.pk, "points": 7.8, "examples_since": 120, "changed_examples": 100},
        held_back="There are no held-out vendors.",
        preflight={"refusals": [{"code": "x", "title": "No test", "sentence": "Put a vendor aside."}], "warnings": []},
        taken_up_at=timezone.now() - dt.timedelta(minutes=3),
    )
    text = admin.get("/triggers/").content.decode()
    assert "No test: Put a vendor aside." in text
    assert f"/alerts/{fallen.pk}/" in text
    answer = admin.post(f"/triggers/{one.pk}/decide/", {"decision": "dismiss", "reason": ""}, follow=True)
    assert "few words" in answer.content.decode()
    admin.post(f"/triggers/{one.pk}/decide/", {"decision": "dismiss", "reason": "their contract ends"})
    assert "their contract ends" in admin.get("/triggers/?tab=dismissed").content.decode()
    assert "Nothing was chosen" in admin.post(f"/triggers/{one.pk}/decide/", {}, follow=True).content.decode()
    assert admin.post("/triggers/999999/decide/", {"decision": "dismiss", "reason": "x"}).status_code == 404


@pytest.mark.parametrize("tab", ["open", "resolved"])
def test_a_page_of_many_takes_as_many_statements_as_one_of_two(admin: Client, tab: str) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert admin.get(f"/alerts/?tab={tab}").status_code == 200
        return len(caught)

    def store(numbers: range) -> None:
        for number in numbers:
            vendor = Vendor.objects.create(name=str(number))
            report(finding(f"vendor_accuracy:{number}", vendor=vendor.pk))
            if tab == "resolved":
                report(finding(f"vendor_accuracy:{number}", Standing.OVER, vendor=vendor.pk))

    store(range(2))
    admin.get("/alerts/")
    few = statements()
    store(range(2, 40))
    assert statements() == few <= 12


@pytest.mark.parametrize("kind", AlertKind.values)
def test_where_to_look_is_a_screen(admin: Client, kind: str) -> None:
    address = where(kind, Vendor.objects.create(name="Apex").pk)
    assert what_is_there(kind)
    assert admin.get(address, headers={"Accept": "text/html"}).status_code == 200
