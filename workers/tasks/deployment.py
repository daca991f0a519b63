"""What follows a deployment, and what goes before one."""

from __future__ import annotations

from workers.anew import fill_in_anew as fill_in
from workers.celery import app
from workers.kinds import FILL_IN_ANEW
from workers.performing import perform


@app.task(name=FILL_IN_ANEW.task)
def fill_in_anew(job_id: int) -> str:
    """Have open documents filled in by the model that serves them now."""
    return perform(job_id, lambda job: fill_in(job.args["deployment_id"], fence=job.check))
