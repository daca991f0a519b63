"""Showing what a model had read when it served before: predictions never change, and the newest of a document is its current one."""

from __future__ import annotations

from invoices import signals
from invoices.model_reading import read_before
from invoices.models import Document, Prediction
from labeling.corrections.names import again_name


def show_again(document_id: int, serving_id: str, deployment_id: int) -> bool:
    """Make what the model has said of the document its newest prediction, as a copy; ``False`` when it has not read it.

    ``serving_id`` is ``""`` for templates alone. Announces ``document_read_by_model``, so that a task which nobody has begun shows it.
    Call it in a transaction. Idempotent for one deployment. Raises ``Document.DoesNotExist``.
    """
    said = read_before(document_id, serving_id)
    if said is None:
        return False
    copy, is_new = Prediction.objects.get_or_create(
        document_id=document_id,
        model_id=again_name(said.model_id, deployment_id),
        parse_revision=said.parse_revision,
        defaults={
            "record": said.record,
            "fields": said.fields,
            "checks": said.checks,
            "route": said.route,
            "examples": said.examples,
        },
    )
    if is_new:
        signals.document_read_by_model.send(sender=Document, document_id=document_id, prediction_id=copy.pk)
    return True
