"""Daily metrics: days are counted again whenever something of them has changed."""

from __future__ import annotations

from modelops.monitoring.counting import count_newer
from workers.celery import app
from workers.kinds import COUNT_DAY
from workers.performing import perform


@app.task(name=COUNT_DAY.task)
def count_day(job_id: int) -> str:
    """Count today, and every day of which a document has changed."""
    return perform(job_id, lambda job: count_newer(fence=job.check))
