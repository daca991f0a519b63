"""The day's numbers follow what happens within minutes, and asking costs next to nothing while nothing does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from invoices.models import Vendor
from modelops.models import CountedDay, DailyMetric
from modelops.monitoring.behind import PAUSE, counted_until
from modelops.monitoring.days import day_of, mark
from tests.conftest import Cast
from tests.modelops.monitoring.days import come_in, label_and_settle, read
from workers.kinds import COUNT_DAY
from workers.models import Job, JobStatus
from workers.schedules import BEAT_SCHEDULE
from workers.tasks.housekeeping import keep_up_counting
from workers.tasks.metrics import count_day

pytestmark = pytest.mark.django_db


def waiting() -> list[int]:
    return list(Job.objects.filter(kind=COUNT_DAY.name, status=JobStatus.QUEUED).values_list("pk", flat=True))


def scheduler_and_worker() -> int:
    """One tick of the scheduler, and a worker that does what was asked for; answers how many jobs there were."""
    keep_up_counting()
    jobs = waiting()
    for job in jobs:
        count_day(job)
    return len(jobs)


def counted_a_while_ago() -> None:
    CountedDay.objects.filter(day=day_of(timezone.now())).update(counted_at=timezone.now() - PAUSE)


def test_a_new_station_shows_its_first_document_after_the_scheduled_job_ran_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    come_in(timezone.now(), Vendor.objects.create(name="Apex"))
    assert "0 documents" in client.get("/dashboard/").content.decode()
    assert "workers.keep_up_counting" in {entry["task"] for entry in BEAT_SCHEDULE.values()}
    assert scheduler_and_worker() == 1
    page = client.get("/dashboard/").content.decode()
    assert "<dt>Came in</dt><dd>1 document</dd>" in page
    assert "no day was counted" not in page


def test_an_empty_station_counts_nothing() -> None:
    assert scheduler_and_worker() == 0


def test_one_job_waits_however_often_the_clock_strikes(cast: Cast) -> None:
    come_in(timezone.now())
    for _ in range(3):
        keep_up_counting()
    assert len(waiting()) == 1


def test_a_busy_day_is_counted_once_in_a_pause_and_a_calm_one_not_again(cast: Cast) -> None:
    come_in(timezone.now())
    scheduler_and_worker()
    come_in(timezone.now())
    assert scheduler_and_worker() == 0, "it was counted a moment ago"
    counted_a_while_ago()
    assert scheduler_and_worker() == 1
    assert DailyMetric.objects.get(vendor=None).received == 2
    CountedDay.objects.update(counted_at=timezone.now() + dt.timedelta(seconds=1))
    assert counted_until(now=timezone.now() + 2 * PAUSE) is None


@pytest.mark.parametrize("happens", ["came in", "read", "settled", "another day is marked"])
def test_whatever_happens_is_counted(cast: Cast, happens: str) -> None:
    document = come_in(timezone.now() - dt.timedelta(hours=1))
    scheduler_and_worker()
    counted_a_while_ago()
    if happens == "came in":
        come_in(timezone.now())
    elif happens == "read":
        read(document, timezone.now())
    elif happens == "settled":
        label_and_settle(document, timezone.now(), cast.biller1)
    else:
        mark([day_of(timezone.now()) - dt.timedelta(days=40)])
    assert scheduler_and_worker() == 1


def test_asking_takes_as_many_statements_whatever_is_stored(cast: Cast, django_assert_num_queries: Any) -> None:
    for _ in range(12):
        label_and_settle(come_in(timezone.now() - dt.timedelta(hours=3)), timezone.now() - dt.timedelta(hours=2), cast.biller1)
    scheduler_and_worker()
    with django_assert_num_queries(1):
        keep_up_counting()
    later = timezone.now() + 2 * PAUSE
    with django_assert_num_queries(6):
        assert counted_until(now=later) is None
