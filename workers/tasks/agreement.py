"""Adding compared pairs to the stored sums of agreement."""

from __future__ import annotations

import logging

from labeling.agreement.counting import count_pairs
from labeling.errors import TallyUnreadable
from workers.celery import app
from workers.kinds import COUNT_AGREEMENT
from workers.ledger import Lease
from workers.performing import perform

logger = logging.getLogger(__name__)

BATCHES = 200
"""Batches of one job; the schedule asks for the next one within a minute."""


@app.task(name=COUNT_AGREEMENT.task)
def count_agreement(job_id: int) -> str:
    """Count what waits; leave it to whoever is counting already. Damaged sums wait for a person: the log and the screen say so."""

    def count(job: Lease) -> None:
        try:
            for _ in range(BATCHES):
                if not count_pairs(wait=False, fence=job.check):
                    return
        except TallyUnreadable as error:
            logger.error("Agreement is not counted: %s", error.detail)

    return perform(job_id, count)
