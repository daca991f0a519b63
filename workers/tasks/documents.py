"""Work of the documents worker: read files in the sandbox, open tasks for people."""

from __future__ import annotations

from invoices.parsing import parse_document as read_document
from labeling.sampling import open_task
from workers.celery import app
from workers.kinds import OPEN_LABELING_TASK, PARSE_DOCUMENT
from workers.performing import perform


@app.task(name=PARSE_DOCUMENT.task)
def parse_document(job_id: int) -> str:
    """Read one document."""
    return perform(job_id, lambda job: read_document(job.args["document_id"], job.args["revision"], fence=job.check))


@app.task(name=OPEN_LABELING_TASK.task)
def open_labeling_task(job_id: int) -> str:
    """Let people see one pre-filled document."""
    return perform(job_id, lambda job: open_task(job.args["document_id"], fence=job.check))
