"""Jobs whose effects can be counted, for the fault tests: each leaves exactly one vendor of its own name.

Loaded by a worker with ``celery --app benchmarks.fault_jobs``. The work is what every service does: slow part
first, then check the lease and write under a natural key in one transaction.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from workers.celery import app
from workers.kinds import DOCUMENTS, KINDS, JobKind

if TYPE_CHECKING:
    from workers.ledger import Lease

EFFECT = JobKind("fault_effect", DOCUMENTS, 60)
POISON = JobKind("fault_poison", DOCUMENTS, 60)
BATCH = JobKind("fault_batch", DOCUMENTS, 60)
KINDS.update({kind.name: kind for kind in (EFFECT, POISON, BATCH)})

WORK_SECONDS = 0.3
TOGETHER = 4
"""Jobs of a batch."""


@app.task(name=EFFECT.task)
def fault_effect(job_id: int) -> str:
    """Work for a moment, then write one row under the fence."""
    from workers.performing import perform

    def work(job: Lease) -> None:
        time.sleep(WORK_SECONDS)
        _write(job)

    return perform(job_id, work)


@app.task(name=BATCH.task)
def fault_batch(job_id: int) -> str:
    """The same for several jobs together: work for a moment, then write one row for each under its own fence."""
    from workers.together import Finish, perform_together

    def work(jobs: Sequence[Lease]) -> Iterator[tuple[Lease, Finish]]:
        time.sleep(WORK_SECONDS)
        for job in jobs:
            yield job, partial(_write, job)
            time.sleep(WORK_SECONDS / TOGETHER)

    return str(len(perform_together(job_id, TOGETHER, work)))


def _write(job: Lease) -> None:
    from invoices.models import Vendor

    with transaction.atomic():
        job.check()
        name = f"effect {job.args['number']}"
        if not Vendor.objects.filter(name=name).exists():
            Vendor.objects.create(name=name)


@app.task(name=POISON.task)
def fault_poison(job_id: int) -> str:
    """Kill the process that does the work, as a fault in a native library would."""
    from workers.performing import perform

    return perform(job_id, lambda job: os.kill(os.getpid(), signal.SIGKILL))


def ask(kind: JobKind, first: int, count: int) -> None:
    """Ask for the jobs ``first`` to ``first + count - 1``, each in a transaction of its own."""
    from workers.ledger import enqueue

    for number in range(first, first + count):
        enqueue(kind, f"{kind.name}:{number}", {"number": number})
