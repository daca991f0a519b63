"""Open documents whose pre-fill is not that of the model that serves them: those that came in before it, or while none served."""

from __future__ import annotations

from django.db.models import Q

from labeling.corrections.names import is_corrected
from labeling.sampling import untouched_documents
from mlcore.inference.model_names import prefix_of
from workers import instance
from workers.kinds import READ_WITH_MODEL
from workers.ledger import enqueue_many
from workers.models import Job, JobStatus
from workers.readers import Readers

RUNG_AT_ONCE = 1
"""One ring is enough: whoever hears it takes the others along, and the reaper rings for the rest."""


def ask_for_unread(readers: Readers) -> int:
    """Ask for a reading of each document that nobody has begun and whose pre-fill is not its model's; how many are new.

    Once for each start of a worker: an earlier job ended without a reading if somebody had the document in hand then. What a person
    has corrected in a batch stays as it was corrected.
    """
    read = Q()
    for name in readers.names:
        read |= Q(prediction__model_id__startswith=prefix_of(name))
    waiting = untouched_documents() if readers.canary else untouched_documents().exclude(read)
    found = waiting.order_by("document_id").values_list("document_id", "document__sha256", "prediction_id", "prediction__model_id")
    asked = set(Job.objects.filter(kind=READ_WITH_MODEL.name, status=JobStatus.QUEUED).values_list("args__document_id", flat=True))
    wanted = []
    for document_id, sha256, prediction_id, shown in found:
        reader = readers.of(sha256)
        if reader is None or document_id in asked or is_corrected(shown or "") or (shown or "").startswith(prefix_of(reader.model_id)):
            continue
        wanted.append((f"read:{document_id}:{prediction_id}:{instance.this.name}", {"document_id": document_id}))
    enqueue_many(READ_WITH_MODEL, wanted, rung_at_once=RUNG_AT_ONCE)
    return len(wanted)
