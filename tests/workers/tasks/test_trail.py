"""The scheduler seals and asks for a check once a day; a worker does it and keeps the outcome."""

from __future__ import annotations

import pytest

from invoices.audit.actions import Action
from invoices.audit.entries import AuditEntry, AuditVerification
from invoices.audit.recording import Target, record
from tests.conftest import Cast
from workers.models import Job
from workers.schedules import BEAT_SCHEDULE
from workers.tasks.housekeeping import ask_for_verification, seal_trail
from workers.tasks.trail import verify_trail

pytestmark = pytest.mark.django_db


def test_entries_are_sealed_and_verified(cast: Cast) -> None:
    record(Action.TASK_RELEASED, actor=cast.biller1, object=Target("task", 1))
    seal_trail()
    assert AuditEntry.objects.get().position == 1
    for _ in range(2):
        ask_for_verification()
    job = Job.objects.get(kind="verify_trail")
    assert verify_trail(job.pk) == "done"
    assert verify_trail(job.pk) == "not_due"
    found = AuditVerification.objects.get()
    assert (found.start, found.end, found.faults) == (1, 1, 0)


def test_both_are_in_the_schedule() -> None:
    assert {"workers.seal_trail", "workers.ask_for_verification"} <= {entry["task"] for entry in BEAT_SCHEDULE.values()}
