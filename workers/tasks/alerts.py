"""Messages about alerts: sent by a worker, never by the web process."""

from __future__ import annotations

from modelops.alerts.delivering import deliver
from workers.celery import app
from workers.kinds import DELIVER_ALERT
from workers.ledger import MAX_ATTEMPTS
from workers.performing import perform


@app.task(name=DELIVER_ALERT.task)
def deliver_alert(job_id: int) -> str:
    """Send one message; the ledger tries three times, and the look for alerts goes on after that."""
    return perform(job_id, lambda job: deliver(job.args["delivery_id"], fence=job.check, last=job.attempt >= MAX_ATTEMPTS))
