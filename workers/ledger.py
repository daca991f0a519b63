"""Writing the ledger: ask for a job, claim it, renew, finish, fail. Every change is one conditional UPDATE.

``claim`` hands out a ``Lease``. Its ``check`` is what a service calls inside the transaction that writes its
result: on PostgreSQL the row stays locked until that transaction ends, on SQLite the transaction holds the
write lock, so nobody can take the job over between the check and the commit.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.functions import Now

from workers import bell, instance, ledger_sql
from workers.errors import LeaseLost
from workers.kinds import JobKind, kind_named
from workers.models import Job, JobStatus

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
"""Attempts that end by a fault of the work: an error, a dead process, a hang."""

RETRY_AFTER = (timedelta(seconds=5), timedelta(seconds=30))
"""How long a job waits after its first and its second failed attempt."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one job, for as long as nobody else was given a newer ``token``."""

    job_id: int
    kind: str
    token: int
    attempt: int
    args: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse a late result. Call it inside the transaction that writes; raises ``LeaseLost``, which rolls it back."""
        if not self.held().update(fence=self.token):
            raise LeaseLost(self.job_id, self.token)

    def held(self) -> models.QuerySet[Job]:
        """The job's row while this lease is the newest one, else nothing."""
        return Job.objects.filter(pk=self.job_id, fence=self.token, status=JobStatus.RUNNING)

    def got_on(self) -> None:
        """Something is done that need not be done again: failed attempts before it do not count any more."""
        self.held().update(attempts=1)

    def renew(self) -> bool:
        """Move the end of the lease; ``False`` when it has been lost."""
        return bool(self.held().update(lease_until=Now() + lease_length()))


def lease_length() -> timedelta:
    """How long a claimed job may go without a sign of life."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def enqueue(kind: JobKind, key: str, args: Mapping[str, int], *, delay: timedelta | None = None) -> None:
    """Ask for a job in the caller's transaction; a ``key`` that was asked for before changes nothing.

    After the commit the bell rings, unless the job is to wait for ``delay``: then the reaper rings when it is due.
    """
    enqueue_many(kind, [(key, args)], delay=delay)


def enqueue_many(
    kind: JobKind, wanted: Sequence[tuple[str, Mapping[str, int]]], *, delay: timedelta | None = None, rung_at_once: int | None = None
) -> None:
    """As ``enqueue`` for several jobs of one kind, in one INSERT.

    With ``rung_at_once`` the bell rings for the first so many only, and the reaper, which rings for hundreds in a
    pass, for the rest: a caller that asks for thousands is not kept waiting by the broker.
    """
    rings = 0 if delay else len(wanted) if rung_at_once is None else rung_at_once
    with transaction.atomic():
        new = ledger_sql.insert(kind, wanted, delay=delay, rung=rings)
        if new:
            transaction.on_commit(lambda: _ring_for(new, kind))


def _ring_for(jobs: Sequence[int], kind: JobKind) -> None:
    unheard = set(jobs).difference(bell.ring([(job_id, kind.name) for job_id in jobs]))
    if unheard:
        Job.objects.filter(pk__in=unheard).update(rung_at=None)


def claim(job_id: int) -> Lease | None:
    """Take a job that is due. ``None`` when it is not: done, held by another worker, waiting, or dead.

    The attempt is counted before the work starts. On PostgreSQL a row that another transaction holds is
    skipped instead of waited for.
    """
    taken = _take(_due().filter(pk=job_id), 1)
    return taken[0] if taken else None


def claim_beside(lease: Lease, most: int) -> list[Lease]:
    """Take up to ``most`` further jobs of the kind of ``lease``, the oldest ones, to be done together with it.

    Only jobs that nobody has begun before: one that was interrupted or failed is done alone, so that what is wrong
    with it harms no other.
    """
    fresh = _due().filter(queue=kind_named(lease.kind).queue, kind=lease.kind, fence=0)
    return _take(fresh, most) if most > 0 else []


def _due() -> models.QuerySet[Job]:
    return Job.objects.filter(status=JobStatus.QUEUED, attempts__lt=MAX_ATTEMPTS, not_before__lte=Now())


def _take(due: models.QuerySet[Job], most: int) -> list[Lease]:
    """Claim the first ``most`` of the jobs that are ``due``, each by a conditional UPDATE."""
    with transaction.atomic():
        free = due.order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True)
        taken = [job_id for job_id in free.values_list("pk", flat=True)[:most] if _take_one(due.filter(pk=job_id))]
        jobs = Job.objects.filter(pk__in=taken).order_by("pk")
        return [Lease(job.pk, job.kind, job.fence, job.attempts, job.args) for job in jobs]


def _take_one(due: models.QuerySet[Job]) -> bool:
    taken = due.update(
        status=JobStatus.RUNNING,
        attempts=F("attempts") + 1,
        fence=F("fence") + 1,
        lease_until=Now() + lease_length(),
        worker=instance.this.name,
        started_at=Now(),
    )
    return bool(taken)


def complete(lease: Lease) -> bool:
    """The work is done. ``False`` when the lease was lost."""
    return bool(lease.held().update(status=JobStatus.DONE, lease_until=None, finished_at=Now(), error_code="", error_message=""))


def cancel(lease: Lease, code: str, message: str) -> bool:
    """There is nothing to do any more, for example because the document was deleted."""
    return _end(lease, JobStatus.CANCELLED, code, message)


def fail(lease: Lease, code: str, message: str) -> JobStatus:
    """One attempt failed: wait and try again, or dead after the last. Returns what the job is now.

    ``RUNNING`` means that the lease was lost and nothing was written.
    """
    attempt = lease.held().values_list("attempts", flat=True).first() or lease.attempt
    if attempt >= MAX_ATTEMPTS:
        return JobStatus.DEAD if _end(lease, JobStatus.DEAD, code, message) else JobStatus.RUNNING
    again = lease.held().update(
        status=JobStatus.QUEUED,
        lease_until=None,
        not_before=Now() + RETRY_AFTER[attempt - 1],
        rung_at=None,
        error_code=code[:60],
        error_message=message[:600],
    )
    return JobStatus.QUEUED if again else JobStatus.RUNNING


def _end(lease: Lease, status: JobStatus, code: str, message: str) -> bool:
    ended = lease.held().update(status=status, lease_until=None, finished_at=Now(), error_code=code[:60], error_message=message[:600])
    return bool(ended)


def revive(jobs: models.QuerySet[Job]) -> int:
    """Give dead jobs three new attempts; the reaper rings for them. Returns how many."""
    return jobs.filter(status=JobStatus.DEAD).update(
        status=JobStatus.QUEUED, attempts=0, not_before=Now(), rung_at=None, finished_at=None, error_code="", error_message=""
    )
