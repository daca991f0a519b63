"""Data set versions are put together and frozen; what is left of removed documents goes."""

from __future__ import annotations

from modelops.datasets.freezing import freeze
from modelops.datasets.removal_files import finish_removal as finish
from workers.celery import app
from workers.kinds import FINISH_REMOVAL, FREEZE_DATASET
from workers.performing import perform


@app.task(name=FREEZE_DATASET.task)
def freeze_dataset(job_id: int) -> str:
    """Put one version together."""
    return perform(job_id, lambda job: freeze(job.args["version_id"], fence=job.check))


@app.task(name=FINISH_REMOVAL.task)
def finish_removal(job_id: int) -> str:
    """Take lines and files of one removed document away."""
    return perform(job_id, lambda job: finish(job.args["removal_id"], fence=job.check))
