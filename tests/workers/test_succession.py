"""A worker that is started again brings back what its predecessor left, without waiting for leases to run out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from workers import bell, instance, ledger
from workers.instance import set_instance
from workers.kinds import DOCUMENTS, MODEL, PARSE_DOCUMENT
from workers.models import Job, JobStatus
from workers.reaper import TAKEN_AT_MOST, succeed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when a process began"),
]

WORKER = "documents@here"


@pytest.fixture(autouse=True)
def this_worker() -> Iterator[None]:
    """This process is the worker that was just started."""
    before = instance.this.name
    bell._silence.until = 0.0
    set_instance(WORKER)
    yield
    instance.this.name = before


@pytest.fixture
def dead() -> str:
    """An instance of the same worker whose process has ended."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    return instance.this.name.replace(instance.this.name.split("#")[1].split(".")[0], str(gone.pid))


def running(worker: str, key: str = "one") -> Job:
    ledger.enqueue(PARSE_DOCUMENT, key, {"document_id": 1, "revision": 1})
    job = Job.objects.get(key=key)
    assert ledger.claim(job.pk) is not None
    Job.objects.filter(pk=job.pk).update(worker=worker)
    return job


def test_a_job_of_the_predecessor_waits_again_at_once_and_is_not_blamed(dead: str) -> None:
    job = running(dead)
    done = succeed([DOCUMENTS])
    job.refresh_from_db()
    assert (done.requeued, done.rung) == (1, 1)
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 0)
    assert job.rung_at is not None


def test_the_predecessors_late_result_is_refused(dead: str) -> None:
    job = running(dead)
    late = ledger.Lease(job.pk, job.kind, 1, 1)
    succeed([DOCUMENTS])
    assert not ledger.complete(late)
    assert ledger.claim(job.pk) is not None
    assert not ledger.complete(late)


def test_others_keep_what_they_hold(dead: str) -> None:
    alive, other, elsewhere = instance.this.name, dead.replace(WORKER, "model@here"), dead.rpartition("@")[0] + "@elsewhere"
    for number, worker in enumerate((alive, other, elsewhere, "")):
        running(worker, str(number))
    assert succeed([DOCUMENTS]).requeued == 0
    assert Job.objects.filter(status=JobStatus.RUNNING).count() == 4


def test_a_job_that_takes_its_worker_along_each_time_is_dead_in_the_end(dead: str) -> None:
    job = running(dead)
    Job.objects.update(fence=PARSE_DOCUMENT.most_claims, attempts=3)
    assert succeed([DOCUMENTS]).dead == 1
    job.refresh_from_db()
    assert (job.status, job.error_code) == (JobStatus.DEAD, "worker_died")


def test_rings_that_died_with_the_predecessor_are_rung_again_and_a_backlog_is_not(dead: str) -> None:
    wanted = [(str(number), {"document_id": number, "revision": 1}) for number in range(TAKEN_AT_MOST + 5)]
    ledger.enqueue_many(PARSE_DOCUMENT, wanted)
    assert succeed([DOCUMENTS, MODEL]).rung == TAKEN_AT_MOST
