"""What follows a deployment, and what goes before one."""

from __future__ import annotations

from django.conf import settings

from modelops.deployment.shadow_reading import read_in_the_dark
from workers.anew import fill_in_anew as fill_in
from workers.celery import app
from workers.kinds import FILL_IN_ANEW, SHADOW_RUN
from workers.performing import perform


@app.task(name=FILL_IN_ANEW.task)
def fill_in_anew(job_id: int) -> str:
    """Have open documents filled in by the model that serves them now."""
    return perform(job_id, lambda job: fill_in(job.args["deployment_id"], fence=job.check))


@app.task(name=SHADOW_RUN.task)
def shadow_run(job_id: int) -> str:
    """Have a model read recent documents in the dark."""
    return perform(job_id, lambda job: read_in_the_dark(job.args["shadow_id"], at_once=settings.MODEL_BATCH, fence=job.check))
