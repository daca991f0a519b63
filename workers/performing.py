"""One attempt at one job: claim, do, finish. What every Celery task of this package calls.

Logs name the job, the kind of fault and where it happened; never the text of a fault, which may quote a document.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from workers import ledger
from workers.burial import bury
from workers.errors import LeaseLost
from workers.heartbeat import kept_alive
from workers.ledger import Lease
from workers.models import Job, JobStatus

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]


class Outcome(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    NOT_DUE = "not_due"  # done before, held by another worker, or waiting
    REFUSED = "refused"  # the lease was lost on the way; nothing was written
    AGAIN = "again"
    DEAD = "dead"
    CANCELLED = "cancelled"


def perform(job_id: int, work: Callable[[Lease], object]) -> Outcome:
    """Claim job ``job_id`` and do ``work`` under its lease. Never raises for a fault of the work itself."""
    lease = ledger.claim(job_id)
    if lease is None:
        return Outcome.NOT_DUE
    with kept_alive(lease):
        return conclude(lease, lambda: work(lease))


def conclude(lease: Lease, work: Callable[[], object]) -> Outcome:
    """Do ``work`` for a claimed job and write down how it ended. Never raises for a fault of the work itself."""
    try:
        work()
    except LeaseLost:
        outcome = Outcome.REFUSED
    except ObjectDoesNotExist as error:
        ledger.cancel(lease, "subject_gone", f"{type(error).__qualname__}: what the job was about no longer exists.")
        outcome = Outcome.CANCELLED
    except Exception as error:  # whatever it is, it is counted, tried again and, the third time, put to rest
        outcome = _failed(lease, error)
    else:
        outcome = Outcome.DONE if ledger.complete(lease) else Outcome.REFUSED
    logger.info("Job %s (%s), attempt %s: %s", lease.job_id, lease.kind, lease.attempt, outcome)
    return outcome


def _failed(lease: Lease, error: Exception) -> Outcome:
    place = place_of(error)
    code = str(getattr(error, "code", "") or type(error).__name__)
    logger.error("Job %s (%s), attempt %s failed: %s at %s", lease.job_id, lease.kind, lease.attempt, type(error).__name__, place)
    with transaction.atomic():
        status = ledger.fail(lease, code, f"{type(error).__name__} at {place}")
        if status is JobStatus.DEAD:
            bury(Job.objects.get(pk=lease.job_id))
    return {JobStatus.DEAD: Outcome.DEAD, JobStatus.QUEUED: Outcome.AGAIN}.get(status, Outcome.REFUSED)


def place_of(error: BaseException) -> str:
    """The innermost line of this product in the traceback, as ``path:line in function``."""
    frames = traceback.extract_tb(error.__traceback__)
    root = str(ROOT)
    own = [frame for frame in frames if frame.filename.startswith(root) and "site-packages" not in frame.filename] or list(frames)
    if not own:
        return "unknown"
    path = Path(own[-1].filename)
    shown = path.relative_to(root) if path.is_relative_to(root) else path.name
    return f"{shown}:{own[-1].lineno} in {own[-1].name}"
