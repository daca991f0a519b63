"""Work of the inference worker: read what the templates have pre-filled once more, with the language model."""

from __future__ import annotations

from django.conf import settings

from workers import model_process
from workers.celery import app
from workers.kinds import READ_WITH_MODEL
from workers.model_answers import model_answers
from workers.together import perform_together


@app.task(name=READ_WITH_MODEL.task)
def read_with_model(job_id: int) -> str:
    """Read one document, and with it others that wait for the same. Without a model the jobs go on waiting."""
    readers = model_process.readers()
    if readers is None:
        return "no_model"
    ended = perform_together(job_id, settings.MODEL_BATCH, lambda jobs: model_answers(jobs, readers))
    return ended.get(job_id, "not_due")


@app.task(name="workers.warm_model")
def warm_model() -> str:
    """Load the model before anybody needs it."""
    readers = model_process.readers()
    return "ready" if readers and readers.names else "no_model"
