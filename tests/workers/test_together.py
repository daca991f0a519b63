"""Several jobs in one attempt: own leases, own ends. Runs on both databases."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.models.functions import Now

from workers import ledger
from workers.heartbeat import kept_alive
from workers.kinds import PARSE_DOCUMENT, READ_WITH_MODEL
from workers.ledger import Lease
from workers.models import Job, JobStatus
from workers.performing import Outcome
from workers.together import Finish, perform_together

pytestmark = pytest.mark.django_db


def jobs(count: int) -> list[int]:
    """Ids of new jobs, the oldest first."""
    ledger.enqueue_many(READ_WITH_MODEL, [(f"read:{number}", {"document_id": number}) for number in range(count)])
    return list(Job.objects.order_by("pk").values_list("pk", flat=True))


def each(leases: Sequence[Lease], finish: Finish = list) -> Iterator[tuple[Lease, Finish]]:
    """The work of a batch in which every job ends alike."""
    for lease in leases:
        yield lease, finish


def statuses() -> list[str]:
    return list(Job.objects.order_by("pk").values_list("status", flat=True))


def test_one_ring_takes_along_what_waits() -> None:
    first, *others = jobs(6)
    ledger.enqueue(PARSE_DOCUMENT, "another kind", {"document_id": 1})
    seen: list[Sequence[Lease]] = []

    def work(leases: Sequence[Lease]) -> Iterator[tuple[Lease, Finish]]:
        seen.append(leases)
        return each(leases)

    assert perform_together(first, 4, work) == dict.fromkeys([first, *others[:3]], Outcome.DONE)
    assert [lease.args["document_id"] for lease in seen[0]] == [0, 1, 2, 3]
    assert statuses() == [*["done"] * 4, *["queued"] * 3]
    assert perform_together(others[0], 4, work) == {}, "its ring comes later, and there is nothing to do"


def test_the_fault_of_one_is_that_jobs_alone() -> None:
    ids = jobs(3)

    def work(leases: Sequence[Lease]) -> Iterator[tuple[Lease, Finish]]:
        for lease in leases:
            yield lease, partial(int, "one" if lease.job_id == ids[1] else "1")

    assert perform_together(ids[0], 3, work) == {ids[0]: Outcome.DONE, ids[1]: Outcome.AGAIN, ids[2]: Outcome.DONE}
    failed = Job.objects.get(pk=ids[1])
    assert (failed.status, failed.error_code, failed.attempts) == (JobStatus.QUEUED, "ValueError", 1)


def test_a_fault_of_the_whole_batch_is_held_against_what_was_not_done() -> None:
    ids = jobs(3)

    def work(leases: Sequence[Lease]) -> Iterator[tuple[Lease, Finish]]:
        yield leases[0], list
        raise MemoryError

    assert perform_together(ids[0], 3, work) == {ids[0]: Outcome.DONE, ids[1]: Outcome.AGAIN, ids[2]: Outcome.AGAIN}


def test_a_lease_that_is_lost_on_the_way_refuses_that_result_only() -> None:
    ids = jobs(3)

    def work(leases: Sequence[Lease]) -> Iterator[tuple[Lease, Finish]]:
        Job.objects.filter(pk=ids[2]).update(fence=9)
        for lease in leases:
            yield lease, lease.check

    assert perform_together(ids[0], 3, work) == {ids[0]: Outcome.DONE, ids[1]: Outcome.DONE, ids[2]: Outcome.REFUSED}


def test_what_was_begun_before_is_done_alone() -> None:
    ids = jobs(4)
    Job.objects.filter(pk__in=ids[:2]).update(fence=1, attempts=1)  # came back from a process that died with them
    assert list(perform_together(ids[0], 4, each)) == [ids[0]]
    assert list(perform_together(ids[2], 4, each)) == [ids[2], ids[3]]
    assert list(perform_together(ids[1], 4, each)) == [ids[1]]


def test_what_is_not_due_is_left_alone() -> None:
    ids = jobs(3)
    Job.objects.filter(pk=ids[1]).update(not_before=Now() + timedelta(hours=1))
    assert list(perform_together(ids[0], 4, each)) == [ids[0], ids[2]]
    assert perform_together(ids[1], 4, each) == {}


@pytest.mark.django_db(transaction=True)
def test_every_lease_of_a_batch_is_renewed(settings: LazySettings) -> None:
    settings.JOB_LEASE_SECONDS = 1
    ids = jobs(2)
    first = ledger.claim(ids[0])
    assert first is not None
    others = ledger.claim_beside(first, 1)
    before = dict(Job.objects.values_list("pk", "lease_until"))
    ledger.complete(first)
    with kept_alive(first, *others):
        deadline = time.monotonic() + 30
        while Job.objects.get(pk=ids[1]).lease_until == before[ids[1]] and time.monotonic() < deadline:
            time.sleep(0.05)
    assert Job.objects.get(pk=ids[1]).lease_until != before[ids[1]], "also when the first of the batch has ended"


@pytest.mark.django_db(transaction=True)
def test_batches_that_are_gathered_at_once_have_nothing_in_common() -> None:
    ids = jobs(24)
    together = threading.Barrier(4)

    def gather(job_id: int) -> list[int]:
        together.wait()
        try:
            first = ledger.claim(job_id)
            return [lease.job_id for lease in (first, *ledger.claim_beside(first, 5))] if first else []
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = [job_id for batch in pool.map(gather, ids[::6]) for job_id in batch]
    assert len(taken) == len(set(taken))
    assert set(Job.objects.filter(status=JobStatus.RUNNING, fence=1).values_list("pk", flat=True)) == set(taken)
