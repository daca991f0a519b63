"""An alert is one from when it is seen until it is over, and people are told of it once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from invoices.models import Vendor
from mlcore.alerting.finding import Severity, Standing
from modelops.alerts.deciding import acknowledge, mute, mute_all, resolve, unmute
from modelops.alerts.opening import Event, report, report_all
from modelops.alerts.policies import current_alert_policy, set_alert_policy
from modelops.alerts.telling import tell
from modelops.errors import NotFound, Refused, RequestInvalid
from modelops.models import Alert, AlertDelivery, AlertDestination, AlertKind, AlertMute
from tests.conftest import Cast
from tests.modelops.alerts.conftest import finding

pytestmark = pytest.mark.django_db
State = Alert.State


def told(*findings: Any) -> list[str]:
    """Report and tell; the events of the messages that were written by it."""
    policy = current_alert_policy()
    made = tell(report_all(findings, policy), policy)
    return list(AlertDelivery.objects.filter(pk__in=made).order_by("pk").values_list("event", flat=True))


def test_seen_again_it_is_the_same_alert_with_the_newest_numbers() -> None:
    opened = report(finding(value=0.97))
    assert opened is not None
    assert opened.event is Event.OPENED
    assert report(finding(value=0.96)) is None
    alert = Alert.objects.get()
    assert (alert.times, alert.value, alert.state) == (2, 0.96, State.OPEN)
    assert alert.last_seen > alert.first_seen


@pytest.mark.parametrize("standing", [Standing.HOLDS, Standing.UNKNOWN])
def test_between_limit_and_over_nothing_changes(standing: Standing) -> None:
    assert report(finding(standing=standing)) is None
    assert not Alert.objects.exists()
    report(finding())
    before = Alert.objects.values().get()
    assert report(finding(standing=standing, value=0.981)) is None
    assert Alert.objects.values().get() == before


def test_it_does_not_flap_around_its_limit() -> None:
    for standing in (Standing.FIRES, Standing.HOLDS, Standing.FIRES, Standing.HOLDS) * 5:
        report(finding(standing=standing))
    assert Alert.objects.count() == 1


def test_over_it_resolves_itself_with_the_evidence_of_both() -> None:
    report(finding(value=0.97))
    ended = report(finding(standing=Standing.OVER, value=0.991, sentence="99.1% were right."))
    assert ended is not None
    assert ended.event is Event.OVER
    alert = Alert.objects.get()
    assert (alert.state, alert.value, alert.resolved_by_person) == (State.RESOLVED, 0.97, False)
    assert alert.evidence["over"]["value"] == 0.991
    report(finding())
    assert Alert.objects.filter(state=State.OPEN).count() == 1, "it may happen again"


def test_people_are_told_once_a_day_however_often_it_comes_back(destination: AlertDestination) -> None:
    assert told(finding()) == [f"opened:{timezone.now():%Y-%m-%d}"]
    for _ in range(5):
        assert told(finding(standing=Standing.OVER)) in ([f"over:{timezone.now():%Y-%m-%d}"], [])
        assert told(finding()) == []
    assert AlertDelivery.objects.count() == 2
    assert Alert.objects.count() == 6


def test_many_at_once_are_one_message(destination: AlertDestination) -> None:
    only_vendors = AlertDestination.objects.create(channel="email", address="v@example.org", kinds=["overall_accuracy"])
    many = [finding(f"vendor_accuracy:{number}", severity=Severity.NOW) for number in range(200)]
    assert told(finding(), *many) == [f"opened_digest:{timezone.now():%Y-%m-%d}", f"opened:{timezone.now():%Y-%m-%d}"]
    digest = destination.deliveries.get()
    assert digest.alert is not None
    assert digest.alert.severity == "now", "the most urgent one comes first"
    assert len(digest.others) == 200
    assert only_vendors.deliveries.count() == 1
    assert Alert.objects.count() == 201, "each is kept by itself all the same"


def test_five_are_five_messages(destination: AlertDestination) -> None:
    assert len(told(*(finding(f"vendor_accuracy:{number}") for number in range(5)))) == 5


def test_who_wants_another_kind_is_not_told(destination: AlertDestination) -> None:
    destination.kinds = [AlertKind.JOB_DEAD.value]
    destination.save()
    assert told(finding()) == []
    assert len(told(finding("job_dead:parse_document"))) == 1


def test_acknowledged_it_stays_until_it_is_over(cast: Cast) -> None:
    opened = report(finding())
    assert opened is not None
    seen = acknowledge(user=cast.admin, alert_id=opened.alert.pk, note=" on it ")
    assert (seen.state, seen.note, seen.decided_by) == (State.ACKNOWLEDGED, "on it", cast.admin)
    report(finding())
    assert Alert.objects.get().state == State.ACKNOWLEDGED
    report(finding(standing=Standing.OVER))
    alert = Alert.objects.get()
    assert (alert.state, alert.resolved_by_person, alert.decided_by) == (State.RESOLVED, False, cast.admin)


def test_resolved_by_a_person_it_rests(cast: Cast) -> None:
    opened = report(finding())
    assert opened is not None
    with pytest.raises(RequestInvalid, match="few words"):
        resolve(user=cast.admin, alert_id=opened.alert.pk, note="  ")
    resolve(user=cast.admin, alert_id=opened.alert.pk, note="a known scan problem")
    assert report(finding()) is None
    assert Alert.objects.count() == 1
    long_ago = timezone.now() - dt.timedelta(hours=25)
    Alert.objects.update(resolved_at=long_ago, decided_at=long_ago)
    assert report(finding()) is not None, "after the quiet hours it is an alert again"


def test_resolved_for_an_occasion_it_rests_until_there_is_another(cast: Cast) -> None:
    opened = report(finding("job_dead:parse_document", occasion="41"))
    assert opened is not None
    resolve(user=cast.admin, alert_id=opened.alert.pk, note="a broken file")
    long_ago = timezone.now() - dt.timedelta(days=30)
    Alert.objects.update(resolved_at=long_ago, decided_at=long_ago)
    assert report(finding("job_dead:parse_document", occasion="41")) is None
    assert report(finding("job_dead:parse_document", occasion="42")) is not None


def test_muted_it_is_kept_and_opens_again_when_the_time_is_over(cast: Cast, destination: AlertDestination) -> None:
    opened = report(finding())
    assert opened is not None
    mute(user=cast.admin, alert_id=opened.alert.pk, hours=2)
    assert told(finding()) == []
    assert Alert.objects.get().state == State.MUTED
    Alert.objects.update(muted_until=timezone.now() - dt.timedelta(seconds=1))
    assert told(finding()) == [f"opened:{timezone.now():%Y-%m-%d}"]
    assert Alert.objects.get().state == State.OPEN


def test_a_kind_or_a_vendor_is_muted_as_a_whole(cast: Cast, destination: AlertDestination) -> None:
    apex, zenith = (Vendor.objects.create(name=name) for name in ("Apex", "Zenith"))
    made = mute_all(user=cast.admin, hours=4, vendor_id=apex.pk, note="their printer")
    assert told(finding("vendor_accuracy:1", vendor=apex.pk), finding("vendor_accuracy:2", vendor=zenith.pk)) == [
        f"opened:{timezone.now():%Y-%m-%d}"
    ]
    assert Alert.objects.get(vendor=apex).state == State.MUTED
    unmute(user=cast.admin, mute_id=made.pk)
    Alert.objects.filter(vendor=apex).update(muted_until=timezone.now())
    assert len(told(finding("vendor_accuracy:1", vendor=apex.pk))) == 1
    mute_all(user=cast.admin, hours=1, kind="review_queue")
    assert told(finding("review_queue")) == []
    with pytest.raises(RequestInvalid):
        mute_all(user=cast.admin, hours=1)
    with pytest.raises(NotFound):
        mute_all(user=cast.admin, hours=1, vendor_id=10**6)
    assert AlertMute.objects.count() == 2


@pytest.mark.parametrize("hours", [0, -1, 24 * 90 + 1])
def test_nobody_mutes_for_ever(cast: Cast, hours: int) -> None:
    opened = report(finding())
    assert opened is not None
    with pytest.raises(RequestInvalid):
        mute(user=cast.admin, alert_id=opened.alert.pk, hours=hours)


def test_what_is_resolved_is_not_decided_again(cast: Cast) -> None:
    opened = report(finding())
    assert opened is not None
    done = resolve(user=cast.admin, alert_id=opened.alert.pk, note="done")
    assert resolve(user=cast.admin, alert_id=opened.alert.pk, note="once more").note == "done"
    with pytest.raises(Refused, match="admin already"):
        acknowledge(user=cast.admin, alert_id=done.pk)
    with pytest.raises(NotFound):
        acknowledge(user=cast.admin, alert_id=10**9)


def test_the_end_is_not_told_where_the_policy_says_so(cast: Cast, destination: AlertDestination) -> None:
    set_alert_policy(user=cast.admin, values={"tell_over": 0})
    assert len(told(finding())) == 1
    assert told(finding(standing=Standing.OVER)) == []
