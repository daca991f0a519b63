"""Storing what an extractor said: one prediction for each reading of a document and ``model_id``."""

from __future__ import annotations

from invoices import near_duplicates
from invoices.models import Document, DocumentStatus, Prediction, Vendor
from mlcore.documents import Extraction, field_to_json
from mlcore.record_json import record_to_json

_OPEN = (DocumentStatus.PARSING, DocumentStatus.PREFILLED)


def keep(document: Document, vendor: Vendor | None, extraction: Extraction, *, model_id: str, examples: int) -> tuple[Prediction, bool]:
    """The prediction of that name, stored now unless it is there, and whether it is new. Call it in a transaction.

    ``document.parse_revision`` must be that of the text which was read: a document that was read again gets a new prediction.
    ``examples`` is how many confirmed documents stand behind the vendor's template. What the values say of
    near-duplicates counts as long as nobody has labeled the document.
    """
    prediction, is_new = Prediction.objects.get_or_create(
        document=document,
        model_id=model_id,
        parse_revision=document.parse_revision,
        defaults={
            "record": record_to_json(extraction.record),
            "fields": [field_to_json(field) for field in extraction.fields],
            "checks": [check.to_json() for check in extraction.checks],
            "route": extraction.route.value,
            "examples": examples,
        },
    )
    if document.status in _OPEN:
        near_duplicates.settle(document.pk, vendor, prediction)
    return prediction, is_new
