"""The reaper: lapsed leases, lost rings, dead documents."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from pytest_django import DjangoCaptureOnCommitCallbacks

from invoices.models import Document, DocumentStatus
from workers import bell, ledger
from workers.celery import app
from workers.kinds import DOCUMENTS, INFERENCE, OPEN_LABELING_TASK, PARSE_DOCUMENT, READ_WITH_MODEL
from workers.models import Job, JobStatus, WorkerSign
from workers.reaper import FEW, RING_AGAIN, reap

pytestmark = pytest.mark.django_db


def a_document(status: DocumentStatus = DocumentStatus.PARSING) -> Document:
    return Document.objects.create(sha256="a" * 64, name="a.pdf", media_type="application/pdf", size=1, status=status)


def a_job(key: str, document_id: int = 1) -> Job:
    ledger.enqueue(PARSE_DOCUMENT, key, {"document_id": document_id, "revision": 1})
    return Job.objects.get(key=key)


def lapse_last_attempt(job: Job) -> None:
    assert ledger.claim(job.pk) is not None
    Job.objects.filter(pk=job.pk).update(attempts=3, lease_until=Now() - timedelta(seconds=1))


def messages_waiting(queue: str = DOCUMENTS) -> int:
    """How many rings the broker of the tests (a folder) holds."""
    folder = Path(app.conf.broker_transport_options["data_folder_out"])
    return len(list(folder.glob(f"*.{queue}.msg")))


@pytest.fixture(autouse=True)
def quiet_broker() -> None:
    """Start with an empty queue and a bell that rings."""
    bell._silence.until = 0.0
    for message in Path(app.conf.broker_transport_options["data_folder_out"]).glob("*.msg"):
        message.unlink()


def test_a_living_lease_is_left_alone() -> None:
    assert ledger.claim(a_job("one").pk) is not None
    assert reap().requeued == 0


def test_a_lapsed_lease_is_queued_again_and_rung_for() -> None:
    job = a_job("one")
    assert ledger.claim(job.pk) is not None
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
    done = reap()
    job.refresh_from_db()
    assert (done.requeued, done.rung, job.status) == (1, 1, JobStatus.QUEUED)
    assert messages_waiting() == 1


def test_after_the_third_lapse_the_job_is_dead_and_its_document_says_so() -> None:
    document = a_document()
    job = a_job("one", document.pk)
    lapse_last_attempt(job)
    assert reap().dead == 1
    job.refresh_from_db()
    document.refresh_from_db()
    assert (job.status, job.error_code) == (JobStatus.DEAD, "worker_died")
    assert (document.status, document.error_code) == (DocumentStatus.FAILED, "job_dead")
    assert document.error_message.endswith(".")


@pytest.mark.parametrize(("signed_before_the_end", "attempts_left"), [(timedelta(seconds=5), 2), (timedelta(seconds=25), 1)])
def test_an_attempt_counts_unless_the_whole_worker_died(signed_before_the_end: timedelta, attempts_left: int) -> None:
    job = a_job("one")
    Job.objects.update(attempts=1)
    assert ledger.claim(job.pk) is not None
    Job.objects.update(worker="documents@here#7", lease_until=Now() - timedelta(seconds=1))
    job.refresh_from_db()
    assert job.lease_until is not None
    WorkerSign.objects.create(name="documents@here", instance="documents@here#7", seen_at=job.lease_until - signed_before_the_end)
    assert reap().requeued == 1
    job.refresh_from_db()
    assert job.attempts == attempts_left


def test_a_job_that_takes_its_worker_along_each_time_is_dead_in_the_end() -> None:
    job = a_job("one")
    for _ in range(PARSE_DOCUMENT.most_claims + 3):
        Job.objects.update(not_before=Now(), worker="documents@here#7")
        if ledger.claim(job.pk) is None:
            break
        Job.objects.update(worker="documents@here#7", lease_until=Now() - timedelta(seconds=1))
        reap()
    job.refresh_from_db()
    assert job.status == JobStatus.DEAD
    assert job.fence == PARSE_DOCUMENT.most_claims + 2


def test_a_labeled_document_survives_the_death_of_a_job() -> None:
    document = a_document(DocumentStatus.LABELED)
    ledger.enqueue(OPEN_LABELING_TASK, "open", {"document_id": document.pk})
    lapse_last_attempt(Job.objects.get())
    assert reap().dead == 1
    document.refresh_from_db()
    assert document.status == DocumentStatus.LABELED


def test_a_prefilled_document_survives_the_death_of_its_reading_with_the_model() -> None:
    document = a_document(DocumentStatus.PREFILLED)
    ledger.enqueue(READ_WITH_MODEL, "read", {"document_id": document.pk})
    lapse_last_attempt(Job.objects.get())
    assert reap().dead == 1
    document.refresh_from_db()
    assert document.status == DocumentStatus.PREFILLED


def test_nobody_is_rung_for_in_the_inference_queue_until_a_worker_serves_it() -> None:
    ledger.enqueue_many(READ_WITH_MODEL, [(f"read:{n}", {"document_id": n}) for n in range(FEW + 5)], rung_at_once=0)
    assert reap().rung == 0
    WorkerSign.objects.create(name="model@here", queues="model,light")
    assert reap().rung == 0
    WorkerSign.objects.create(name="inference@here", queues=INFERENCE)
    assert reap().rung == FEW, "each ring takes a batch"
    assert messages_waiting(INFERENCE) == FEW


def test_a_call_that_the_broker_does_not_take_is_let_go() -> None:
    bell.call("workers.warm_model", INFERENCE)
    assert messages_waiting(INFERENCE) == 1
    folder = Path(app.conf.broker_transport_options["data_folder_out"])
    aside = folder.with_name("aside")
    folder.rename(aside)
    try:
        bell.call("workers.warm_model", INFERENCE)
    finally:
        aside.rename(folder)
    assert messages_waiting(INFERENCE) == 1


def test_a_delayed_job_is_rung_for_when_it_is_due() -> None:
    ledger.enqueue(PARSE_DOCUMENT, "later", {"document_id": 1, "revision": 1}, delay=timedelta(hours=1))
    assert reap().rung == 0
    Job.objects.update(not_before=Now())
    assert reap().rung == 1
    assert reap().rung == 0


def test_in_a_silent_queue_a_ring_counts_as_lost() -> None:
    a_job("one")
    assert reap().rung == 0
    Job.objects.update(rung_at=Now() - RING_AGAIN - timedelta(seconds=1))
    assert reap().rung == 1


def test_in_a_moving_queue_only_an_overtaken_ring_counts_as_lost() -> None:
    overtaken, answered, waiting = a_job("overtaken"), a_job("answered"), a_job("waiting")
    long_ago = Now() - RING_AGAIN
    Job.objects.filter(pk=overtaken.pk).update(rung_at=long_ago - timedelta(seconds=30))
    Job.objects.filter(pk=answered.pk).update(rung_at=long_ago - timedelta(seconds=20))
    Job.objects.filter(pk=waiting.pk).update(rung_at=long_ago - timedelta(seconds=10))
    assert ledger.claim(answered.pk) is not None
    assert reap().rung == 1
    waiting.refresh_from_db()
    overtaken.refresh_from_db()
    assert overtaken.rung_at is not None
    assert waiting.rung_at is not None
    assert overtaken.rung_at > waiting.rung_at


def test_a_broker_that_fails_is_left_in_peace_and_rung_later(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    folder = Path(app.conf.broker_transport_options["data_folder_out"])
    aside = folder.with_name("aside")
    folder.rename(aside)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            job = a_job("one")
    finally:
        aside.rename(folder)
    job.refresh_from_db()
    assert job.rung_at is None
    assert reap().rung == 0
    bell._silence.until = 0.0
    assert reap().rung == 1
