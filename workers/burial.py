"""What a dead job leaves behind: its document says so, in words a biller understands, and can be tried again; so do its
training run, its shadow run, its data set and its evaluation."""

from __future__ import annotations

from django.db.models import Q

from invoices.failing import fail_document
from invoices.models import DocumentStatus
from modelops.datasets.failing import fail_version
from modelops.deployment.shadow import fail_shadow
from modelops.registry.asking import fail_ask
from modelops.runs.failing import fail_run
from workers.kinds import FREEZE_DATASET, KINDS
from workers.models import Job

CODE = "job_dead"
MESSAGE = "Reading this document was tried three times and stopped each time. Choose Try again; if that fails too, tell an administrator."

RUN_MESSAGE = (
    "The work on this run stopped three times without getting on. What the worker says is in its log; resumed, the run goes on from "
    "what was saved last."
)
DATASET_MESSAGE = "Putting it together was tried three times and stopped each time. Look at the health page, then put another one together."
EVALUATION_MESSAGE = (
    "It was tried three times and stopped each time. Look at the health page, then ask again; it goes on with what was read."
)
SHADOW_MESSAGE = (
    "Reading was tried three times and stopped each time; what the worker says is in its log. What was read until then is kept."
)


def bury(job: Job) -> None:
    """Put the document of a dead job into its failed state. Call it in the transaction that declared the job dead.

    A document that a person has already labeled keeps its state: the work is not lost because a job is. Trying
    again begins with reading, whichever stage it was that died. The job of an optional kind leaves nothing behind. A
    training run has failed, and can go on.
    """
    if "run_id" in job.args:
        fail_run(job.args["run_id"], CODE, RUN_MESSAGE)
    if "shadow_id" in job.args:
        fail_shadow(job.args["shadow_id"], SHADOW_MESSAGE)
    if "ask_id" in job.args:
        fail_ask(job.args["ask_id"], EVALUATION_MESSAGE)
    kind = KINDS.get(job.kind)
    if kind is FREEZE_DATASET:
        fail_version(job.args["version_id"], DATASET_MESSAGE)
    if "document_id" in job.args and not (kind and kind.optional):
        waiting = (DocumentStatus.RECEIVED, DocumentStatus.PARSING, DocumentStatus.PREFILLED)
        fail_document(job.args["document_id"], where=Q(status__in=waiting), code=CODE, message=MESSAGE)
