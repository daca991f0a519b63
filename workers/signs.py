"""Signs of life of a worker process, for the health page, and the beat that writes them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.models.functions import Now

from workers import instance
from workers.ledger import lease_length
from workers.models import WorkerSign

logger = logging.getLogger(__name__)

FRESH = timedelta(seconds=30)
"""A sign counts for as long, or for the length of a lease, in which three are due, where that is longer."""


def every(interval: float, over: threading.Event, beat: Callable[[], bool]) -> None:
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

    threading.Thread(target=every, args=(interval, threading.Event(), beat), name="signs", daemon=True).start()


def serving(queue: str) -> int:
    """How many living processes serve a queue: one statement."""
    return sum(queue in served for served in living().values())


def living() -> dict[str, frozenset[str]]:
    """Which queues each process serves that has signed lately, by its name; the scheduler serves none."""
    fresh = WorkerSign.objects.filter(seen_at__gte=Now() - max(FRESH, lease_length()))
    return {name: frozenset(queues.split(",")) for name, queues in fresh.values_list("name", "queues")}
