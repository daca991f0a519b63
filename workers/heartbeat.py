"""The sign of life of a running job: it renews the lease."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from workers.kinds import kind_named
from workers.ledger import Lease, lease_length
from workers.signs import every


@contextmanager
def kept_alive(lease: Lease, *others: Lease) -> Iterator[None]:
    """Renew leases of one kind every third of their length, from one thread, for at most the time limit of the kind.

    After the time limit the renewals stop: the leases run out, and the late results are refused by the fence. One that is
    lost, or whose job has ended, does not keep the others from being renewed.
    """
    leases = (lease, *others)
    over = threading.Event()
    interval = lease_length().total_seconds() / 3
    deadline = time.monotonic() + kind_named(lease.kind).time_limit

    def beat() -> bool:
        renewed = [held.renew() for held in leases] if time.monotonic() < deadline else []
        return any(renewed)

    thread = threading.Thread(target=every, args=(interval, over, beat), name=f"lease-{lease.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
