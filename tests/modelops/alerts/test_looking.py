"""One look: from what the station has counted to alerts, with as many statements for a hundred vendors as for one."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from invoices.models import Document, Vendor, VendorStatus
from labeling.models import LabelingTask, TaskKind
from mlcore.alerting.rules.station import DeadJobs, QueueSeen
from modelops.alerts.looking import look
from modelops.alerts.rules import StationSeen
from modelops.models import Alert, AlertDestination, AlertKind, DailyMetric
from tests.modelops.alerts.conftest import TODAY

pytestmark = pytest.mark.django_db
NOTHING: dict[str, Any] = {"station": StationSeen(), "today": TODAY}


@pytest.fixture
def apex(db: None) -> Vendor:
    return Vendor.objects.create(name="Apex Infusion", status=VendorStatus.CONFIRMED)


def test_a_fresh_station_has_nothing_to_say(db: None) -> None:
    found = look(**NOTHING)
    assert (found.opened, found.over, found.messages) == (0, 0, 0)
    assert not Alert.objects.exists()


def test_a_vendor_that_fell_is_found_and_is_over_when_it_is_back(
    apex: Vendor, day_of: Callable[..., Any], destination: AlertDestination
) -> None:
    for age in range(7, 35):
        day_of(age, 10, 1, apex)
    for age in range(7):
        day_of(age, 10, 18, apex)
    assert look(**NOTHING).opened == 1
    alert = Alert.objects.get()
    assert (alert.kind, alert.vendor, alert.severity) == (AlertKind.VENDOR_ACCURACY, apex, "now")
    assert alert.title == "Apex Infusion: accuracy fell"
    assert alert.evidence["now"]["documents"] == 70
    later = TODAY + dt.timedelta(days=30)
    assert look(StationSeen(), later).opened == 0
    for age in range(-30, -10):
        day_of(age, 10, 1, apex)
    assert look(StationSeen(), later).over == 1


def test_a_low_level_does_not_become_the_usual_one(apex: Vendor, day_of: Callable[..., Any]) -> None:
    for age in range(7, 35):
        day_of(age, 10, 1, apex)
    for age in range(-40, 7):
        day_of(age, 10, 18, apex)
    look(**NOTHING)
    look(StationSeen(), TODAY + dt.timedelta(days=40))
    assert Alert.objects.get(kind=AlertKind.VENDOR_ACCURACY).state == Alert.State.OPEN, "it compares with the level before it opened"


def test_the_name_of_a_vendor_that_nobody_confirmed_goes_nowhere(day_of: Callable[..., Any]) -> None:
    read_off_a_page = Vendor.objects.create(name="Jane Roe", status=VendorStatus.PROPOSED)
    for age in range(35):
        day_of(age, 10, 1 if age > 6 else 18, read_off_a_page)
    look(**NOTHING)
    alert = Alert.objects.get()
    assert "Jane" not in alert.title + alert.sentence
    assert alert.title == f"Vendor {read_off_a_page.pk} (not confirmed): accuracy fell"


def test_too_low_overall_is_found(day_of: Callable[..., Any]) -> None:
    for age in range(7):
        day_of(age, 60, 27)
    look(**NOTHING)
    assert Alert.objects.get().kind == AlertKind.OVERALL_ACCURACY


def test_three_documents_are_no_alert(apex: Vendor, day_of: Callable[..., Any]) -> None:
    for age in range(7, 35):
        day_of(age, 10, 0, apex)
    day_of(1, 3, 45, apex)
    day_of(1, 3, 45)
    assert look(**NOTHING).opened == 0


def test_reviews_that_pile_up_are_found(one_signature: None) -> None:
    for number in range(40):
        document = Document.objects.create(sha256=f"{number:064x}", name="d.pdf", media_type="application/pdf", size=1)
        LabelingTask.objects.create(document=document, kind=TaskKind.REVIEW if number < 20 else TaskKind.LABEL)
    look(**NOTHING)
    assert Alert.objects.get().evidence["review"] == 20
    LabelingTask.objects.filter(kind=TaskKind.REVIEW).update(state="done")
    look(**NOTHING)
    assert Alert.objects.get().state == Alert.State.RESOLVED


def test_a_layout_that_is_new_is_found_and_is_over_when_it_is_known(apex: Vendor, day_of: Callable[..., Any]) -> None:
    day_of(1, 0, 0, apex, received=9, novel=6)
    look(**NOTHING)
    alert = Alert.objects.get()
    assert (alert.kind, alert.severity, alert.occasion) == (AlertKind.NEW_LAYOUT, "info", (TODAY - dt.timedelta(days=1)).isoformat())
    day_of(-8, 0, 0, apex, received=9, novel=0)
    look(StationSeen(), TODAY + dt.timedelta(days=8))
    assert Alert.objects.get().state == Alert.State.RESOLVED


def test_dead_jobs_and_silent_queues_are_handed_in(db: None) -> None:
    station = StationSeen((QueueSeen("light", 0, 900, 3, 900, "light@a"),), (DeadJobs("parse_document", 2, 17, (("timeout", 2),)),))
    look(station, TODAY)
    assert set(Alert.objects.values_list("key", flat=True)) == {"worker_silent:light", "job_dead:parse_document"}
    look(StationSeen((QueueSeen("light", 1),)), TODAY)
    assert set(Alert.objects.values_list("state", flat=True)) == {Alert.State.RESOLVED}


def test_a_look_takes_as_many_statements_for_a_hundred_vendors_as_for_two(day_of: Callable[..., Any]) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            look(**NOTHING)
        return len(caught)

    vendors = Vendor.objects.bulk_create([Vendor(name=f"V{number}", status=VendorStatus.CONFIRMED) for number in range(100)])
    for vendor in vendors[:2]:
        day_of(1, 40, 0, vendor)
    few = statements()
    for vendor in vendors[2:]:
        day_of(1, 40, 0, vendor)
    assert statements() == few <= 14


def test_stable_vendors_raise_hardly_any_alert(day_of: Callable[..., Any]) -> None:
    """Two hundred vendors whose errors come in clusters: the chance of a false alarm is for all of them together."""
    chance = random.Random(5)
    rows = []
    vendors = Vendor.objects.bulk_create([Vendor(name=f"V{number}", status=VendorStatus.CONFIRMED) for number in range(200)])
    for vendor in vendors:
        for age, documents in ((1, 35), (20, 60)):
            right = [15 - min(15, 1 + int(chance.expovariate(0.4))) if chance.random() < 0.25 else 15 for _ in range(documents)]
            exact = sum(one == 15 for one in right)
            squares = [225 * documents, 15 * sum(right), sum(one * one for one in right)]
            seen = {"documents": [documents, exact], "values": [15 * documents, sum(right)], "squares": squares, "fields": {}, "bins": []}
            rows.append(
                DailyMetric(
                    day=TODAY - dt.timedelta(days=age),
                    vendor=vendor,
                    judged_documents=documents,
                    right_documents=exact,
                    strata={"seen": seen},
                    counted_at=timezone.now(),
                )
            )
    DailyMetric.objects.bulk_create(rows)
    look(**NOTHING)
    assert Alert.objects.filter(kind=AlertKind.VENDOR_ACCURACY).count() <= 1


def test_who_passed_counts_by_the_number_that_passed(day_of: Callable[..., Any]) -> None:
    """What people see is what the machine doubts. Most went through and are right, as the audits among them say."""
    row = day_of(1, 100, 60)
    assert look(**NOTHING).opened == 1, "everything was seen, and 4 % of the values were wrong"
    Alert.objects.all().delete()
    audit = {"documents": [100, 100], "values": [1500, 1500], "squares": [22500, 22500, 22500], "fields": {}, "bins": []}
    row.strata["audit"] = audit
    row.read_accepted, row.read_review, row.passed = 4000, 100, 4000
    row.save()
    assert look(**NOTHING).opened == 0
