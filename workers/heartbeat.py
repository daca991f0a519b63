"""Signs of life: of a running job (renews its lease) and of a worker process (for the health page)."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.db.models.functions import Now

from workers import instance
from workers.kinds import kind_named
from workers.ledger import Lease, lease_length
from workers.models import WorkerSign

logger = logging.getLogger(__name__)


@contextmanager
def kept_alive(lease: Lease) -> Iterator[None]:
    """Renew the lease every third of its length, from a thread of its own, for at most the time limit of the kind.

    After the time limit the renewals stop: the lease runs out, and the late result is refused by the fence.
    """
    over = threading.Event()
    interval = lease_length().total_seconds() / 3
    deadline = time.monotonic() + kind_named(lease.kind).time_limit

    def beat() -> bool:
        return time.monotonic() < deadline and lease.renew()

    thread = threading.Thread(target=_every, args=(interval, over, beat), name=f"lease-{lease.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _every(interval: float, over: threading.Event, beat: Callable[[], bool]) -> None:
    """Call ``beat`` every ``interval`` seconds until it answers ``False`` or ``over`` is set.

    A database that does not answer is tried again at the next beat. The thread's connection is closed between
    beats: it must not be open when a worker forks.
    """
    while not over.wait(interval):
        try:
            if not beat():
                return
        except DatabaseError as error:
            logger.warning("A sign of life could not be written (%s); trying again.", type(error).__name__)
        finally:
            connection.close()


def sign(name: str, queues: str) -> None:
    """Write the sign of life of this process."""
    WorkerSign.objects.update_or_create(name=name, defaults={"queues": queues, "instance": instance.this.name, "seen_at": Now()})


def keep_signing(name: str, queues: str) -> None:
    """Write a sign of life every third of a lease, from a daemon thread, until the process ends."""
    interval = lease_length().total_seconds() / 3

    def beat() -> bool:
        sign(name, queues)
        return True

    threading.Thread(target=_every, args=(interval, threading.Event(), beat), name="signs", daemon=True).start()
