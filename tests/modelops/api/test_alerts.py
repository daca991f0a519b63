"""The API of alerts: who may, what is answered, and what is never answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from invoices.models import AuditEntry, Vendor
from modelops.alerts.opening import report
from modelops.models import Alert, AlertDelivery, AlertDestination, AlertMute, AlertPolicyVersion
from tests.modelops.alerts.conftest import finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(cast: Any, client_of: Any) -> Any:
    return client_of(cast.admin)


@pytest.fixture
def alert(db: None) -> Alert:
    opened = report(finding("vendor_accuracy:1", vendor=Vendor.objects.create(name="Apex").pk, evidence={"unit": "share", "days": 7}))
    assert opened is not None
    return opened.alert


def test_alerts_are_listed_with_their_numbers(api: Any, alert: Alert) -> None:
    report(finding("review_queue"))
    page = api.get("/api/v1/alerts/").json()
    assert page["counts"] == {"open": 2, "acknowledged": 0, "muted": 0, "resolved": 0}
    [first, _] = page["results"]
    assert (first["kind"], first["vendor"]["name"], first["evidence"]["days"], first["state"]) == ("vendor_accuracy", "Apex", 7, "open")
    assert [one["key"] for one in api.get("/api/v1/alerts/?kind=review_queue").json()["results"]] == ["review_queue"]
    assert api.get(f"/api/v1/alerts/?vendor={alert.vendor_id}").json()["counts"]["open"] == 1
    assert api.get("/api/v1/alerts/?state=resolved").json()["results"] == []


@pytest.mark.parametrize("query", ["state=gone", "kind=weather", "vendor=-1", "vendor=x", "vendor=99999999999999999999", "cursor=%00"])
def test_a_question_that_makes_no_sense_is_answered_as_such(api: Any, query: str) -> None:
    assert api.get(f"/api/v1/alerts/?{query}").status_code in (200, 400)


def test_a_list_of_a_hundred_takes_as_many_statements_as_one_of_two(api: Any) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert api.get("/api/v1/alerts/").status_code == 200
        return len(caught)

    for number in range(2):
        report(finding(f"vendor_accuracy:{number}", vendor=Vendor.objects.create(name=str(number)).pk))
    few = statements()
    for number in range(2, 40):
        report(finding(f"vendor_accuracy:{number}", vendor=Vendor.objects.create(name=str(number)).pk))
    assert statements() == few
    page = api.get("/api/v1/alerts/").json()
    rest = api.get(f"/api/v1/alerts/?cursor={page['next']}").json()
    assert len({one["id"] for one in [*page["results"], *rest["results"]]}) == 40


def test_what_is_said_to_an_alert_is_kept_and_in_the_trail(api: Any, alert: Alert) -> None:
    seen = api.post(f"/api/v1/alerts/{alert.pk}/acknowledge/", {"note": "on it"}, format="json").json()
    assert (seen["state"], seen["decided_by"], seen["note"]) == ("acknowledged", "admin", "on it")
    muted = api.post(f"/api/v1/alerts/{alert.pk}/mute/", {"hours": 4}, format="json").json()
    assert muted["state"] == "muted"
    assert muted["muted_until"]
    assert api.post(f"/api/v1/alerts/{alert.pk}/resolve/", {}, format="json").json()["code"] == "note_missing"
    done = api.post(f"/api/v1/alerts/{alert.pk}/resolve/", {"note": "new printer"}, format="json").json()
    assert (done["state"], done["resolved_by_itself"]) == ("resolved", False)
    refused = api.post(f"/api/v1/alerts/{alert.pk}/mute/", {"hours": 4}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "alert_resolved")
    said = AuditEntry.objects.filter(action="alert.decided").order_by("pk").values_list("before", "after")
    assert [(before["state"], after["state"]) for before, after in said if before and after] == [
        ("open", "acknowledged"),
        ("acknowledged", "muted"),
        ("muted", "resolved"),
    ]
    assert "printer" not in str(list(said)), "what was typed stays with the alert"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("mute", {}),
        ("mute", {"hours": 0}),
        ("mute", {"hours": "soon"}),
        ("mute", {"hours": 10**9}),
        ("resolve", {"note": "x" * 501}),
        ("acknowledge", {"note": 7, "x": []}),
        ("acknowledge", []),
    ],
)
def test_what_makes_no_sense_changes_nothing(api: Any, alert: Alert, what: str, body: Any) -> None:
    answer = api.post(f"/api/v1/alerts/{alert.pk}/{what}/", body, format="json")
    assert answer.status_code in ((400,) if body != {"note": 7, "x": []} else (200, 400))
    assert Alert.objects.get().state in ("open", "acknowledged")


def test_one_alert_in_full(api: Any, alert: Alert) -> None:
    destination = AlertDestination.objects.create(channel="email", address="ops@example.org")
    AlertDelivery.objects.create(alert=alert, destination=destination, event="opened:2026-11-26")
    found = api.get(f"/api/v1/alerts/{alert.pk}/").json()
    assert [one["event"] for one in found["deliveries"]] == ["opened:2026-11-26"]
    assert api.get("/api/v1/alerts/999999/").json()["code"] == "alert_not_found"


def test_a_kind_is_muted_and_unmuted(api: Any) -> None:
    made = api.post("/api/v1/alert-mutes/", {"kind": "review_queue", "hours": 3, "note": "holidays"}, format="json")
    assert made.status_code == 201
    assert [one["kind"] for one in api.get("/api/v1/alert-mutes/").json()] == ["review_queue"]
    assert api.delete(f"/api/v1/alert-mutes/{made.json()['id']}/").status_code == 204
    assert api.get("/api/v1/alert-mutes/").json() == []
    assert api.delete("/api/v1/alert-mutes/999999/").status_code == 404
    assert api.post("/api/v1/alert-mutes/", {"hours": 3}, format="json").json()["code"] == "mute_invalid"
    assert AlertMute.objects.count() == 1


def test_the_secret_of_a_webhook_is_answered_once(api: Any) -> None:
    with override_settings(WEBHOOK_HOSTS=["hooks.example.org"]):
        body = {"channel": "webhook", "address": "https://hooks.example.org/in", "kinds": ["job_dead"]}
        made = api.post("/api/v1/alert-destinations/", body, format="json")
        assert made.status_code == 201
        secret = made.json()["secret"]
        assert secret.startswith("cswh_")
        assert api.post("/api/v1/alert-destinations/", body, format="json").json()["code"] == "destination_known"
    [listed] = api.get("/api/v1/alert-destinations/").json()
    assert (listed["secret"], listed["kinds"]) == (None, ["job_dead"])
    changed = api.patch(f"/api/v1/alert-destinations/{listed['id']}/", {"kinds": []}, format="json").json()
    assert (changed["kinds"], changed["secret"]) == ([], None)
    renewed = api.patch(f"/api/v1/alert-destinations/{listed['id']}/", {"new_secret": True}, format="json").json()
    assert renewed["secret"] not in (None, secret)
    assert secret not in str(list(AuditEntry.objects.values())) + str(api.get("/api/v1/alert-destinations/").content)
    assert api.delete(f"/api/v1/alert-destinations/{listed['id']}/").status_code == 204
    assert not AlertDestination.objects.get().is_active


def test_a_trial_is_asked_for(api: Any) -> None:
    one = AlertDestination.objects.create(channel="email", address="ops@example.org")
    with override_settings(EMAIL_HOST="mail.example.org"):
        answer = api.post(f"/api/v1/alert-destinations/{one.pk}/test/")
    assert (answer.status_code, answer.json()["state"], answer.json()["alert"]) == (202, "waiting", None)


def test_the_limits_are_versions(api: Any, cast: Any, client_of: Any) -> None:
    first = api.get("/api/v1/alert-policy/").json()
    assert (first["current"]["id"], first["current"]["values"]["vendor_drop"], first["current"]["values"]["overall_floor"]) == (
        None,
        0.05,
        0.98,
    )
    stored = api.post("/api/v1/alert-policy/", {"values": {"review_share": 0.25}, "note": "summer"}, format="json").json()
    assert stored["history"][0]["changed"] == {"review_share": [0.3, 0.25]}
    refused = api.post(
        "/api/v1/alert-policy/", {"values": {"review_share": 3, "least_documents": 2, "x": 1, "tell_over": True}}, format="json"
    )
    assert {one["path"] for one in refused.json()["problems"]} == {"review_share", "least_documents", "x", "tell_over"}
    assert AlertPolicyVersion.objects.count() == 1
    assert client_of(cast.senior).get("/api/v1/alert-policy/").status_code == 403
