"""Days counted by two workers at once, on PostgreSQL: every document once, equal rows, nothing left to count."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection

from invoices.models import Vendor
from modelops.models import CountedDay, CountedDocument, CountedReading, DailyMetric
from modelops.monitoring.counting import count_newer, differing
from tests.conftest import Cast
from tests.modelops.monitoring.days import at, come_in, label_and_settle, plain_count, read

pytestmark = pytest.mark.django_db(transaction=True)

NOW = at("2026-03-06", "09:00")


def test_two_workers_count_the_same_days_at_once(cast: Cast) -> None:
    vendor = Vendor.objects.create(name="Apex")
    for number in range(40):
        document = come_in(at(f"2026-03-0{1 + number % 3}"), vendor, words=(f"word{'abcdefgh'[number % 4]}", "Invoice"))
        read(document, at("2026-03-03", "13:00"), total="91.00" if number % 5 == 0 else "90.00")
        label_and_settle(document, at(f"2026-03-0{4 + number % 2}"), cast.biller1)
    faults: list[Exception] = []

    def count() -> None:
        try:
            count_newer(now=NOW)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=count) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    count_newer(now=NOW)
    days = [dt.date(2026, 3, day) for day in range(1, 6)]
    assert [line for day in days for line in differing(day, now=NOW)] == []
    assert (CountedReading.objects.count(), CountedDocument.objects.count()) == (40, 40)
    assert DailyMetric.objects.filter(vendor=None, day__in=days).count() == len(days)
    assert not CountedDay.objects.filter(stale=True, day__lt=NOW.date()).exists()
    row = DailyMetric.objects.get(day=days[3], vendor=None)
    plain = plain_count(days[3], None)
    assert {name: getattr(row, name) for name in plain} == plain
