"""The reaper: brings back jobs whose worker died and rings again for jobs nobody heard of. Runs every few seconds.

It needs the database only. Several may run at once: each change is a conditional UPDATE.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from workers import bell
from workers.burial import bury
from workers.kinds import QUEUES
from workers.ledger import MAX_ATTEMPTS, MAX_CLAIMS, lease_length
from workers.models import Job, JobStatus, WorkerSign

logger = logging.getLogger(__name__)

RING_AGAIN = timedelta(seconds=15)
"""A job that waits longer than this after its ring may have been missed."""

BATCH = 500


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


def _expired() -> tuple[int, int]:
    """Jobs whose lease ran out: wait again, or dead when that was the last attempt."""
    requeued = dead = 0
    with transaction.atomic():
        lapsed = Job.objects.filter(status=JobStatus.RUNNING, lease_until__lt=Now()).order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            lapsed = lapsed.select_for_update(skip_locked=True)
        for job in lapsed[:BATCH]:
            held = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, fence=job.fence, lease_until__lt=Now())
            attempts = job.attempts - 1 if _died_with_its_worker(job) and job.fence < MAX_CLAIMS else job.attempts
            if attempts < MAX_ATTEMPTS:
                again = {"status": JobStatus.QUEUED, "lease_until": None, "not_before": Now(), "rung_at": None}
                requeued += held.update(**again, attempts=attempts)
            elif held.update(
                status=JobStatus.DEAD,
                lease_until=None,
                finished_at=Now(),
                error_code="worker_died",
                error_message=f"The worker stopped without an answer in each of {MAX_ATTEMPTS} attempts.",
            ):
                dead += 1
                bury(job)
    if requeued or dead:
        logger.warning("The reaper found lapsed leases: %s queued again, %s dead.", requeued, dead)
    return requeued, dead


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
    In a queue that moves, waiting long is not being lost: without this rule a backlog would flood the broker.
    """
    missed = Q(rung_at__isnull=True) | Q(rung_at__lt=Now() - RING_AGAIN) & _overtaken(queue)
    due = Job.objects.filter(queue=queue, status=JobStatus.QUEUED, not_before__lte=Now()).filter(missed).order_by("pk")
    waiting = list(due.values_list("pk", "kind")[:BATCH])
    taken = bell.ring(waiting)
    Job.objects.filter(pk__in=taken, status=JobStatus.QUEUED).update(rung_at=Now())
    return len(taken)


def _overtaken(queue: str) -> Q:
    answered: QuerySet[Job] = Job.objects.filter(queue=queue, started_at__gte=Now() - RING_AGAIN).order_by("-started_at")
    latest = answered.values_list("rung_at", flat=True).first()
    running = Job.objects.filter(queue=queue, status=JobStatus.RUNNING).exists()
    if latest is not None:
        return Q(rung_at__lt=latest)
    return Q(pk__isnull=True) if running else Q()
