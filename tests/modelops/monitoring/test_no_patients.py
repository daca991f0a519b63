"""Nothing that stands on a document gets into the logs or the counts: a name is followed through a whole day and all that reads it."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.request_log import JsonFormatter
from invoices.models import Vendor
from modelops.models import CountedDay, CountedDocument, CountedReading, DailyMetric, SeenLayout
from modelops.monitoring.counting import count_newer
from tests.conftest import Cast
from tests.modelops.monitoring.days import come_in, label_and_settle, read
from workers import ledger
from workers.kinds import COUNT_DAY
from workers.models import Job, JobStatus
from workers.tasks.metrics import count_day

CANARY = "Quetzalcoatlus"
COUNTED = (CountedDay, CountedDocument, CountedReading, DailyMetric, SeenLayout)


def a_day(cast: Cast) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    for number in range(3):
        document = come_in(yesterday, Vendor.objects.get_or_create(name="Apex")[0], words=("Patient", CANARY, "Invoice", "Total"))
        read(document, yesterday, invoice_number=CANARY, total="91.00" if number else "90.00")
        label_and_settle(document, yesterday, cast.biller1, invoice_number=CANARY)


@pytest.mark.django_db
def test_a_name_on_a_document_is_in_no_log_and_in_no_count(cast: Cast, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    a_day(cast)
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.INFO, logger="django.db.backends"):  # no setting logs statements
        ledger.enqueue(COUNT_DAY, "count_day:now", {})
        count_day(Job.objects.get().pk)
        call_command("count_metrics", "--from", "yesterday", "--to", "today")
        client.force_login(cast.admin)
        day = (timezone.now() - timedelta(days=1)).date()
        pages = ("/monitoring/", f"/monitoring/{day}/?show=wrong", "/api/v1/metrics/daily/", "/api/v1/metrics/daily/?format=csv")
        answers = [client.get(page) for page in (*pages, f"/api/v1/metrics/daily/{day}/documents/", "/metrics", "/health/")]
    assert Job.objects.get().status == JobStatus.DONE
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert DailyMetric.objects.get(day=day, vendor=None).settled == 3
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert any('"request"' in line for line in lines)
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert [line for line in lines if CANARY.lower() in line.lower()] == []
    assert [answer.request["PATH_INFO"] for answer in answers if CANARY.lower() in answer.getvalue().decode().lower()] == []
    with connection.cursor() as cursor:
        for model in COUNTED:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            assert CANARY.lower() not in repr(cursor.fetchall()).lower(), model.__name__


@pytest.mark.django_db
def test_a_fault_while_counting_tells_where_and_not_what(
    cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_day(cast)

    def broken(*_: object) -> object:
        raise ValueError(f"{CANARY} cannot be read")

    monkeypatch.setattr("modelops.monitoring.counted_documents.judge", broken)
    ledger.enqueue(COUNT_DAY, "count_day:now", {})
    with caplog.at_level(logging.DEBUG):
        count_day(Job.objects.get().pk)
    job = Job.objects.get()
    assert (job.status, job.error_code) == (JobStatus.QUEUED, "ValueError")
    assert CANARY not in job.error_message
    assert not [record for record in caplog.records if CANARY in JsonFormatter().format(record) and record.name.startswith("workers")]


@pytest.mark.django_db
def test_counting_says_nothing_of_people_who_label(cast: Cast) -> None:
    a_day(cast)
    count_newer()
    with connection.cursor() as cursor:
        for model in COUNTED:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            assert "biller1" not in repr(cursor.fetchall())
