"""The ledger: asking, claiming, fencing, failing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from invoices.models import Document
from workers import ledger
from workers.errors import LeaseLost
from workers.kinds import PARSE_DOCUMENT
from workers.models import Job, JobStatus

pytestmark = pytest.mark.django_db


def a_job(key: str = "parse:1:1", document_id: int = 1) -> Job:
    ledger.enqueue(PARSE_DOCUMENT, key, {"document_id": document_id, "revision": 1})
    return Job.objects.get(key=key)


def lapse(job: Job) -> None:
    """The worker that holds the job has not given a sign of life for longer than the lease."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_asking_twice_is_asking_once() -> None:
    a_job()
    a_job()
    assert Job.objects.count() == 1


def test_a_job_of_a_rolled_back_transaction_does_not_exist() -> None:
    with transaction.atomic():
        a_job()
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_claim_counts_the_attempt_before_the_work() -> None:
    lease = ledger.claim(a_job().pk)
    assert lease is not None
    job = Job.objects.get()
    assert (job.status, job.attempts, job.fence) == (JobStatus.RUNNING, 1, lease.token)
    assert job.lease_until is not None


def test_a_held_job_cannot_be_claimed() -> None:
    job = a_job()
    assert ledger.claim(job.pk) is not None
    assert ledger.claim(job.pk) is None


def test_a_finished_job_cannot_be_claimed() -> None:
    job = a_job()
    lease = ledger.claim(job.pk)
    assert lease is not None
    assert ledger.complete(lease)
    assert ledger.claim(job.pk) is None


def test_a_delayed_job_waits() -> None:
    ledger.enqueue(PARSE_DOCUMENT, "later", {"document_id": 1, "revision": 1}, delay=timedelta(hours=1))
    job = Job.objects.get()
    assert job.rung_at is None
    assert ledger.claim(job.pk) is None


def test_a_failed_attempt_waits_and_the_third_is_the_last() -> None:
    job = a_job()
    seen = []
    for _ in range(3):
        Job.objects.filter(pk=job.pk).update(not_before=Now())
        lease = ledger.claim(job.pk)
        assert lease is not None
        seen.append(ledger.fail(lease, "disk_full", "No space left"))
    job.refresh_from_db()
    assert seen == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.DEAD]
    assert (job.attempts, job.error_code, job.lease_until) == (3, "disk_full", None)


def test_a_dead_job_gets_three_new_attempts_when_revived() -> None:
    job = a_job()
    Job.objects.filter(pk=job.pk).update(status=JobStatus.DEAD, attempts=3)
    assert ledger.revive(Job.objects.all()) == 1
    lease = ledger.claim(job.pk)
    assert lease is not None
    assert lease.attempt == 1


def write_result(lease: ledger.Lease) -> None:
    """What a service does: its result and the check of the lease in one transaction."""
    with transaction.atomic():
        Document.objects.create(sha256="0" * 64, name="late.pdf", media_type="application/pdf", size=1)
        lease.check()


@pytest.mark.django_db(transaction=True)
def test_the_fence_rolls_a_late_result_back() -> None:
    job = a_job()
    late = ledger.claim(job.pk)
    assert late is not None
    lapse(job)
    from workers.reaper import reap

    assert reap().requeued == 1
    current = ledger.claim(job.pk)
    assert current is not None

    with pytest.raises(LeaseLost, match=f"token {late.token}"):
        write_result(late)
    assert not Document.objects.exists()

    assert not late.renew()
    assert not ledger.complete(late)
    assert ledger.fail(late, "x", "y") is JobStatus.RUNNING
    with transaction.atomic():
        current.check()
    assert ledger.complete(current)


def in_threads(count: int, work: Callable[[], None]) -> None:
    """Run ``work`` in ``count`` threads that start together, each with its own connection; faults are raised."""
    barrier, faults = threading.Barrier(count), []

    def one() -> None:
        try:
            barrier.wait()
            work()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults


@pytest.mark.django_db(transaction=True)
def test_eight_threads_claim_each_job_once() -> None:
    ledger.enqueue_many(PARSE_DOCUMENT, [(f"parse:{n}:1", {"document_id": n, "revision": 1}) for n in range(40)])
    jobs = sorted(Job.objects.values_list("pk", flat=True))
    taken: list[int] = []

    def claim_all() -> None:
        taken.extend(pk for pk in jobs if ledger.claim(pk) is not None)

    in_threads(8, claim_all)
    assert sorted(taken) == jobs


@pytest.mark.django_db(transaction=True)
def test_twelve_threads_asking_for_one_job_make_one() -> None:
    in_threads(12, lambda: ledger.enqueue(PARSE_DOCUMENT, "same", {"document_id": 1, "revision": 1}))
    assert Job.objects.count() == 1
