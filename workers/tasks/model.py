"""Work of the model worker: pre-fill records and learn from confirmed ones."""

from __future__ import annotations

from invoices import prefill
from labeling.gold import examples_for_vendor
from workers.celery import app
from workers.kinds import LEARN_VENDOR_TEMPLATE, PREFILL_DOCUMENT
from workers.ledger import Lease
from workers.performing import perform


@app.task(name=PREFILL_DOCUMENT.task)
def prefill_document(job_id: int) -> str:
    """Fill in the record of one document."""
    return perform(job_id, lambda job: prefill.prefill_document(job.args["document_id"], fence=job.check))


@app.task(name=LEARN_VENDOR_TEMPLATE.task)
def learn_vendor_template(job_id: int) -> str:
    """Learn the layout of one vendor from its confirmed records."""

    def learn(job: Lease) -> None:
        vendor_id = job.args["vendor_id"]
        prefill.learn_vendor(vendor_id, examples_for_vendor(vendor_id), fence=job.check)

    return perform(job_id, learn)
