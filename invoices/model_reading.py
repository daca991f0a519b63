"""Reading documents with the serving model, beside the template of their vendor: what is read, and what is stored of it.

Between ``wanted_reading`` and ``store_reading`` lies the slow part, outside of any transaction: the caller reads several
documents together. Both may run any number of times: a prediction exists once for each text, model and template.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from invoices import predictions, signals
from invoices.models import Document, DocumentStatus, Prediction, Vendor
from invoices.models import VendorTemplate as StoredTemplate
from invoices.parsing import Fence, document_text
from invoices.prefill import learned, newest_template
from mlcore.documents import DocumentText, Extraction
from mlcore.inference.model_names import name_together
from mlcore.templates import VendorTemplate
from mlcore.templates.extractor import TemplateExtractor


@dataclass(frozen=True, slots=True)
class Reading:
    """One document to be read with a model. ``revision`` and ``model_id`` say what the answer holds for."""

    document_id: int
    revision: int
    model_id: str
    text: DocumentText
    template: VendorTemplate | None


def wanted_reading(document_id: int, serving_id: str) -> Reading | None:
    """What to read of a document, or ``None``: not pre-filled, labeled already, or this text was read by this model and template.

    Raises ``Document.DoesNotExist``.
    """
    document = _document(document_id)
    if document.status != DocumentStatus.PREFILLED:
        return None
    template = learned(_template(document))
    model_id = name_together(serving_id, template)
    if document.predictions.filter(model_id=model_id, parse_revision=document.parse_revision).exists():
        return None
    return Reading(document.pk, document.parse_revision, model_id, document_text(document), template)


def read_before(document_id: int, serving_id: str) -> Prediction | None:
    """What the model, with the template that counts now, has said of this text already; ``serving_id`` is ``""`` for templates alone.

    ``None`` when it has not, or the document waits for nobody. Raises ``Document.DoesNotExist``.
    """
    document = _document(document_id)
    if document.status != DocumentStatus.PREFILLED:
        return None
    template = learned(_template(document))
    model_id = name_together(serving_id, template) if serving_id else TemplateExtractor(template).model_id
    return document.predictions.filter(model_id=model_id, parse_revision=document.parse_revision).first()


def store_reading(reading: Reading, serving_id: str, extraction: Extraction, *, fence: Fence | None = None) -> Prediction | None:
    """Store what was read and announce ``document_read_by_model``; ``None`` when it is out of date.

    It is when the document was labeled or read again meanwhile, or its vendor's template is another one now, for which a
    job of its own has been asked. Raises ``Document.DoesNotExist`` and whatever ``fence`` raises.
    """
    with transaction.atomic():
        if fence is not None:
            fence()
        document = _document(reading.document_id)
        stored = _template(document)
        current = (document.status, document.parse_revision, name_together(serving_id, learned(stored)))
        if current != (DocumentStatus.PREFILLED, reading.revision, reading.model_id):
            return None
        examples = stored.example_count if stored else 0
        prediction, is_new = predictions.keep(document, _vendor(document), extraction, model_id=reading.model_id, examples=examples)
        if is_new:
            signals.document_read_by_model.send(sender=Document, document_id=document.pk, prediction_id=prediction.pk)
    return prediction


def _document(document_id: int) -> Document:
    return Document.objects.select_related("vendor__merged_into").defer("text_signature").get(pk=document_id)


def _vendor(document: Document) -> Vendor | None:
    return document.vendor.standing if document.vendor else None


def _template(document: Document) -> StoredTemplate | None:
    vendor = _vendor(document)
    return newest_template(vendor) if vendor else None
