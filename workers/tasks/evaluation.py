"""Work of the training worker that is not training: read held-out documents with a model, and ask the gate."""

from __future__ import annotations

from modelops.gate.answering import answer_ask
from workers.celery import app
from workers.kinds import EVALUATE_MODEL
from workers.performing import perform


@app.task(name=EVALUATE_MODEL.task)
def evaluate_model(job_id: int) -> str:
    """Evaluate and judge one model on one data set version."""
    return perform(job_id, lambda job: answer_ask(job.args["ask_id"], fence=job.check))
