"""Adding compared pairs to the stored sums of agreement."""

from __future__ import annotations

from labeling.agreement.counting import count_pairs
from workers.celery import app
from workers.kinds import COUNT_AGREEMENT
from workers.ledger import Lease
from workers.performing import perform

BATCHES = 200
"""Batches of one job; the schedule asks for the next one within a minute."""


@app.task(name=COUNT_AGREEMENT.task)
def count_agreement(job_id: int) -> str:
    """Count what waits; leave it to whoever is counting already."""

    def count(job: Lease) -> None:
        for _ in range(BATCHES):
            if not count_pairs(wait=False, fence=job.check):
                return

    return perform(job_id, count)
