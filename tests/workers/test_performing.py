"""One attempt at one job."""

from __future__ import annotations

import logging

import pytest
from django.db.models.functions import Now

from invoices.models import Document, DocumentStatus
from workers import ledger
from workers.kinds import PARSE_DOCUMENT
from workers.ledger import Lease
from workers.models import Job, JobStatus
from workers.performing import Outcome, perform

pytestmark = pytest.mark.django_db

PATIENT = "Wilhelmina Canary"


@pytest.fixture
def job() -> Job:
    """A queued job about a document that is being read."""
    document = Document.objects.create(sha256="b" * 64, name="b.pdf", media_type="application/pdf", size=1, status=DocumentStatus.PARSING)
    ledger.enqueue(PARSE_DOCUMENT, "parse", {"document_id": document.pk, "revision": 1})
    return Job.objects.get()


def poison(lease: Lease) -> None:
    """Work that always fails, with a patient's name in its fault."""
    raise ValueError(f"cannot read {PATIENT}")


def test_work_done_ends_the_job(job: Job) -> None:
    seen: list[Lease] = []
    assert perform(job.pk, seen.append) is Outcome.DONE
    job.refresh_from_db()
    assert (job.status, seen[0].args["revision"]) == (JobStatus.DONE, 1)


def test_a_second_ring_does_nothing(job: Job) -> None:
    count: list[Lease] = []
    perform(job.pk, count.append)
    assert perform(job.pk, count.append) is Outcome.NOT_DUE
    assert len(count) == 1


def test_a_poison_job_is_dead_after_three_attempts(job: Job) -> None:
    outcomes = []
    for _ in range(4):
        outcomes.append(perform(job.pk, poison))
        Job.objects.update(not_before=Now())
    assert outcomes == [Outcome.AGAIN, Outcome.AGAIN, Outcome.DEAD, Outcome.NOT_DUE]
    assert Document.objects.get().error_code == "job_dead"


def test_no_log_and_no_ledger_row_quotes_a_fault(job: Job, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        perform(job.pk, poison)
    job.refresh_from_db()
    assert "test_performing.py" in job.error_message
    assert job.error_code == "ValueError"
    assert PATIENT not in job.error_message + caplog.text


def test_a_deleted_document_cancels_its_job(job: Job) -> None:
    outcome = perform(job.pk, lambda lease: Document.objects.get(pk=999_999))
    job.refresh_from_db()
    assert (outcome, job.status, job.error_code) == (Outcome.CANCELLED, JobStatus.CANCELLED, "subject_gone")


def test_a_lost_lease_is_refused_and_not_counted_as_a_failure(job: Job) -> None:
    def overtaken(lease: Lease) -> None:
        Job.objects.filter(pk=lease.job_id).update(fence=lease.token + 1)
        lease.check()

    assert perform(job.pk, overtaken) is Outcome.REFUSED
    job.refresh_from_db()
    assert (job.status, job.error_code) == (JobStatus.RUNNING, "")
