"""The reaper: brings back jobs whose worker died and rings again for jobs nobody heard of. Runs every few seconds.

``succeed`` is the short way for a worker that is started again: it brings back what its predecessor left, without
waiting for leases to run out. All of it needs the database only. Several may run at once: each change is a conditional UPDATE.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from workers import bell, instance
from workers.burial import bury
from workers.instance import has_ended, worker_of
from workers.kinds import INFERENCE, KINDS, QUEUES, TRAINING
from workers.ledger import MAX_ATTEMPTS, lease_length
from workers.models import Job, JobStatus, WorkerSign
from workers.signs import living

logger = logging.getLogger(__name__)

RING_AGAIN = timedelta(seconds=15)
"""A job that waits longer than this after its ring may have been missed."""

BATCH = 500

FEW = 10
"""Jobs of the inference queue are taken in batches, so that a few rings are enough for all."""

TAKEN_AT_MOST = 8
"""Rings of one queue that a worker may have taken off the broker without having answered them yet."""


@dataclass(frozen=True, slots=True)
class Reaped:
    """What one pass did: jobs queued again, declared dead, rung for."""

    requeued: int = 0
    dead: int = 0
    rung: int = 0


def reap() -> Reaped:
    """One pass. Idempotent."""
    requeued, dead = _expired()
    return Reaped(requeued, dead, sum(_ring_again(queue) for queue in QUEUES))


def succeed(queues: Sequence[str]) -> Reaped:
    """Bring back what predecessors of this worker left: earlier instances of its name whose process is known to be gone.

    Their running jobs wait again at once. Rings that a dead worker had taken off the broker and not yet answered are
    lost with it; they are the oldest of their queue, so the first ``TAKEN_AT_MOST`` of each are rung for again.
    Ringing for nothing does no harm. A predecessor on another machine, or in another container, is left to the reaper.
    """
    own = worker_of(instance.this.name)
    left = Job.objects.filter(status=JobStatus.RUNNING, worker__startswith=f"{own}#").exclude(worker=instance.this.name)
    gone = [name for name in left.values_list("worker", flat=True).distinct() if worker_of(name) == own and has_ended(name)]
    again, dead = _give_back(Job.objects.filter(status=JobStatus.RUNNING, worker__in=gone), blameless=lambda _: True)
    if again or dead:
        logger.warning("This worker takes over from an earlier instance: %s jobs queued again, %s dead.", len(again), dead)
    return Reaped(len(again), dead, sum(_ring_oldest(queue) for queue in queues) + _ring(again))


def _expired() -> tuple[int, int]:
    """Jobs whose lease ran out: wait again, or dead when that was the last attempt."""
    again, dead = _give_back(Job.objects.filter(status=JobStatus.RUNNING, lease_until__lt=Now()), blameless=_died_with_its_worker)
    if again or dead:
        logger.warning("The reaper found lapsed leases: %s queued again, %s dead.", len(again), dead)
    return len(again), dead


def _give_back(jobs: QuerySet[Job], *, blameless: Callable[[Job], bool]) -> tuple[list[tuple[int, str]], int]:
    """Let jobs that are held in vain wait again, or declare them dead after their last attempt.

    ``jobs`` says which ones, and is asked once more when each is changed. An attempt that ended because the whole
    worker died is ``blameless`` and not counted, up to ``JobKind.most_claims`` of them. Answers the jobs that wait, with their
    kind, and how many are dead.
    """
    again: list[tuple[int, str]] = []
    dead = 0
    with transaction.atomic():
        for job in _locked(jobs.order_by("pk"))[:BATCH]:
            ended = _end_attempt(job, jobs.filter(pk=job.pk, fence=job.fence), counted=not blameless(job) or _taken_too_often(job))
            again += [(job.pk, job.kind)] if ended is JobStatus.QUEUED else []
            dead += ended is JobStatus.DEAD
    return again, dead


def _taken_too_often(job: Job) -> bool:
    kind = KINDS.get(job.kind)
    return kind is None or job.fence >= kind.most_claims


def _end_attempt(job: Job, held: QuerySet[Job], *, counted: bool) -> JobStatus | None:
    """What the job is now; ``None`` when it is not ``held`` any more."""
    attempts = job.attempts if counted else job.attempts - 1
    if attempts < MAX_ATTEMPTS:
        again = held.update(status=JobStatus.QUEUED, lease_until=None, not_before=Now(), rung_at=None, attempts=attempts)
        return JobStatus.QUEUED if again else None
    message = f"The worker stopped without an answer in each of {MAX_ATTEMPTS} attempts."
    if not held.update(status=JobStatus.DEAD, lease_until=None, finished_at=Now(), error_code="worker_died", error_message=message):
        return None
    bury(job)
    return JobStatus.DEAD


def _locked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """The rows locked until the transaction ends, without those that somebody else has locked, where that exists."""
    return jobs.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else jobs


def _died_with_its_worker(job: Job) -> bool:
    """Whether the whole worker died, not only the process that did this job: then the job is not to blame.

    A living worker signs every third of a lease. The lease was renewed for the last time one length before its
    end, so a worker that died with the job has not signed in the second half of it.
    """
    if not job.worker or job.lease_until is None:
        return False
    return not WorkerSign.objects.filter(instance=job.worker, seen_at__gt=job.lease_until - lease_length() / 2).exists()


def _ring_again(queue: str) -> int:
    """Ring for due jobs that were never rung for, and for those whose ring seems lost.

    A ring counts as lost when a later ring of the queue was answered, or when the queue answers none at all.
    In a queue that moves, waiting long is not being lost: without this rule a backlog would flood the broker. The
    queues of inference and training may be without a worker for good, so there nobody is rung for until one has signed.
    """
    if queue in (INFERENCE, TRAINING) and not any(queue in served for served in living().values()):
        return 0
    most = FEW if queue == INFERENCE else BATCH
    missed = Q(rung_at__isnull=True) | Q(rung_at__lt=Now() - RING_AGAIN) & _overtaken(queue)
    due = Job.objects.filter(queue=queue, status=JobStatus.QUEUED, not_before__lte=Now()).filter(missed).order_by("pk")
    return _ring(list(due.values_list("pk", "kind")[:most]))


def _ring(waiting: Sequence[tuple[int, str]]) -> int:
    taken = bell.ring(waiting)
    Job.objects.filter(pk__in=taken, status=JobStatus.QUEUED).update(rung_at=Now())
    return len(taken)


def _ring_oldest(queue: str) -> int:
    """Ring for the due jobs of a queue that have waited longest since their ring."""
    due = Job.objects.filter(queue=queue, status=JobStatus.QUEUED, not_before__lte=Now(), rung_at__isnull=False)
    return _ring(list(due.order_by("rung_at", "pk").values_list("pk", "kind")[:TAKEN_AT_MOST]))


def _overtaken(queue: str) -> Q:
    answered: QuerySet[Job] = Job.objects.filter(queue=queue, started_at__gte=Now() - RING_AGAIN).order_by("-started_at")
    latest = answered.values_list("rung_at", flat=True).first()
    running = Job.objects.filter(queue=queue, status=JobStatus.RUNNING).exists()
    if latest is not None:
        return Q(rung_at__lt=latest)
    return Q(pk__isnull=True) if running else Q()
