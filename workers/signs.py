"""Signs of life of a worker process, for the health page, and the beat that writes them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from workers import instance
from workers.models import WorkerSign

logger = logging.getLogger(__name__)


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
    interval = settings.JOB_LEASE_SECONDS / 3

    def beat() -> bool:
        sign(name, queues)
        return True

    threading.Thread(target=every, args=(interval, threading.Event(), beat), name="signs", daemon=True).start()
