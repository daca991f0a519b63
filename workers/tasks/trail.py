"""Verifying the trail, in a worker that is not the scheduler."""

from __future__ import annotations

from invoices.audit.verifying import verify_and_note
from workers.celery import app
from workers.kinds import VERIFY_TRAIL
from workers.performing import perform


@app.task(name=VERIFY_TRAIL.task)
def verify_trail(job_id: int) -> str:
    """Compute the whole chain anew and keep the outcome."""
    return perform(job_id, lambda job: verify_and_note(fence=job.check))
