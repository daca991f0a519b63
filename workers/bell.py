"""The doorbell: tells a worker through Celery that a job waits. Whether it is heard never matters for correctness.

A broker that does not answer must not slow down whoever writes jobs: after a failed ring the bell keeps still
for ``QUIET_SECONDS`` and the reaper rings later.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from celery import current_app

from workers.kinds import kind_named

logger = logging.getLogger(__name__)

QUIET_SECONDS = 5.0


@dataclass(slots=True)
class _Silence:
    until: float = 0.0


_silence = _Silence()


def call(task: str, queue: str) -> None:
    """Ask whoever serves ``queue`` for a task that is no job: when nobody hears, nothing is lost. Never raises for a broker fault."""
    try:
        current_app.send_task(task, queue=queue, retry=False, ignore_result=True)
    except Exception as error:  # the transports share no base class for their faults
        logger.warning("The broker did not take a call (%s).", type(error).__name__)


def ring(jobs: Sequence[tuple[int, str]]) -> list[int]:
    """Ring for each ``(job id, kind)``; returns the ids that the broker took. Never raises for a broker fault."""
    taken: list[int] = []
    if time.monotonic() < _silence.until or not jobs:
        return taken
    try:
        with current_app.producer_pool.acquire(block=True, timeout=1) as producer:
            for job_id, kind_name in jobs:
                kind = kind_named(kind_name)
                current_app.send_task(kind.task, args=(job_id,), queue=kind.queue, producer=producer, retry=False, ignore_result=True)
                taken.append(job_id)
    except Exception as error:  # the transports share no base class for their faults
        _silence.until = time.monotonic() + QUIET_SECONDS
        logger.warning("The broker did not take a ring (%s); the reaper rings again.", type(error).__name__)
    return taken
