"""Open documents whose pre-fill is not the serving model's: those that came in before it, or while none served."""

from __future__ import annotations

from django.db.models import Q

from labeling.sampling import untouched_documents
from mlcore.inference.model_names import prefix_of
from workers.kinds import READ_WITH_MODEL
from workers.ledger import enqueue_many

RUNG_AT_ONCE = 1
"""One ring is enough: whoever hears it takes the others along, and the reaper rings for the rest."""


def ask_for_unread(serving_id: str) -> int:
    """Ask for a reading of each document that nobody has begun and whose pre-fill is not this model's; how many there are."""
    read = Q(prediction__model_id__startswith=prefix_of(serving_id))
    waiting = untouched_documents().exclude(read).order_by("document_id")
    wanted = [
        (f"read:{document_id}:{prediction_id}:{serving_id}", {"document_id": document_id})
        for document_id, prediction_id in waiting.values_list("document_id", "prediction_id")
    ]
    enqueue_many(READ_WITH_MODEL, wanted, rung_at_once=RUNG_AT_ONCE)
    return len(wanted)
