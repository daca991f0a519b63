"""Work of the training worker: one run at a time, from its first step to the gate's verdict."""

from __future__ import annotations

from modelops.runs.working import work_on
from workers.celery import app
from workers.kinds import TRAIN_RUN
from workers.performing import perform


@app.task(name=TRAIN_RUN.task)
def train_run(job_id: int) -> str:
    """Carry out one training run, or go on with it."""
    return perform(job_id, lambda job: work_on(job.args["run_id"], job.args["attempt"], fence=job.check, got_on=job.got_on))
