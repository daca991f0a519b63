"""Open documents whose pre-fill is not the serving model's: those that came in before it, or while none served."""

from __future__ import annotations

from django.db.models import Q

from labeling.sampling import untouched_documents
from mlcore.inference.model_names import prefix_of
from workers import instance
from workers.kinds import READ_WITH_MODEL
from workers.ledger import enqueue_many
from workers.models import Job, JobStatus

RUNG_AT_ONCE = 1
"""One ring is enough: whoever hears it takes the others along, and the reaper rings for the rest."""


def ask_for_unread(serving_id: str) -> int:
    """Ask for a reading of each document that nobody has begun and whose pre-fill is not this model's; how many are new.

    Once for each start of a worker: an earlier job ended without a reading if somebody had the document in hand then.
    """
    read = Q(prediction__model_id__startswith=prefix_of(serving_id))
    asked = set(Job.objects.filter(kind=READ_WITH_MODEL.name, status=JobStatus.QUEUED).values_list("args__document_id", flat=True))
    waiting = untouched_documents().exclude(read).order_by("document_id")
    wanted = [
        (f"read:{document_id}:{prediction_id}:{instance.this.name}", {"document_id": document_id})
        for document_id, prediction_id in waiting.values_list("document_id", "prediction_id")
        if document_id not in asked
    ]
    enqueue_many(READ_WITH_MODEL, wanted, rung_at_once=RUNG_AT_ONCE)
    return len(wanted)
