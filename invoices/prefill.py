"""Pre-fill: text, vendor, the vendor's template, and the prediction that is stored of it.

Both services may run any number of times: a prediction exists once for each text of a document and
``model_id``, a template once for each vendor and content.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from itertools import islice

from django.db import transaction
from django.utils import timezone

from invoices import predictions, signals, vendors
from invoices.models import Document, DocumentStatus, Prediction, Vendor, VendorTemplate
from invoices.parsing import Fence, document_text
from mlcore import templates
from mlcore.documents import Extraction, GoldExample
from mlcore.templates.extractor import TemplateExtractor
from mlcore.templates.learn import learn_template

logger = logging.getLogger(__name__)

MAX_EXAMPLES = 40
"""A template is learned from at most this many confirmed records, the newest ones."""


def prefill_document(document_id: int, *, fence: Fence | None = None) -> Prediction | None:
    """Fill in the record of one document; ``None`` when it has not been read, or was asked to be read again meanwhile.

    A document that a person has labeled keeps its status. Announces ``document_prefilled`` when there is
    something new. Raises ``Document.DoesNotExist`` and whatever ``fence`` raises.
    """
    document = Document.objects.select_related("vendor__merged_into").get(pk=document_id)
    if document.parsed_at is None or document.status in (DocumentStatus.FAILED, DocumentStatus.RECEIVED):
        return None
    text = document_text(document)
    found = document.vendor.standing if document.vendor else vendors.recognise(text, document.vendor_hint)
    stored = newest_template(found) if isinstance(found, Vendor) else None
    extraction = TemplateExtractor(learned(stored)).extract([text])[0]
    with transaction.atomic():
        if fence is not None:
            fence()
        if not Document.objects.filter(pk=document_id, parse_revision=document.parse_revision, parsed_at=document.parsed_at).exists():
            return None
        return _store(document, vendors.settle(found), extraction, stored.example_count if stored else 0)


def learn_vendor(vendor_id: int, examples: Iterable[GoldExample], *, fence: Fence | None = None) -> VendorTemplate | None:
    """Learn a vendor's template from its confirmed records, given newest first; ``None`` when there are none.

    Announces ``template_learned`` when the newest template is another one now. Raises ``Vendor.DoesNotExist`` and
    whatever ``fence`` raises: a late result would be taken for the newest template.
    """
    newest = list(islice(examples, MAX_EXAMPLES))
    if not newest:
        return None
    newly = learn_template(str(vendor_id), newest[::-1])
    with transaction.atomic():
        if fence is not None:
            fence()
        vendor = Vendor.objects.select_for_update().get(pk=vendor_id)
        before = newest_template(vendor)
        if before is not None and before.template_id == newly.template_id:
            return before
        template, _ = VendorTemplate.objects.update_or_create(
            vendor=vendor,
            template_id=newly.template_id,
            defaults={"created_at": timezone.now()},
            create_defaults={"payload": newly.to_json(), "example_count": len(newest)},
        )
        signals.template_learned.send(sender=VendorTemplate, vendor_id=vendor.pk, template_id=template.template_id)
    logger.info("A template was learned for vendor %s from %s confirmed records", vendor_id, len(newest))
    return template


def newest_template(vendor: Vendor) -> VendorTemplate | None:
    """The template of a vendor that counts, or ``None``."""
    return vendor.templates.order_by("-created_at", "-pk").first()


def learned(stored: VendorTemplate | None) -> templates.VendorTemplate | None:
    """What a stored template says, for an extractor."""
    return templates.VendorTemplate.from_json(stored.payload) if stored else None


def _store(document: Document, vendor: Vendor | None, extraction: Extraction, examples: int) -> Prediction:
    prediction, is_new = predictions.keep(document, vendor, extraction, model_id=extraction.model_id, examples=examples)
    Document.objects.filter(pk=document.pk, vendor=None).update(vendor=vendor)
    opened = Document.objects.filter(pk=document.pk, status=DocumentStatus.PARSING).update(status=DocumentStatus.PREFILLED)
    if is_new or opened:
        signals.document_prefilled.send(sender=Document, document_id=document.pk, prediction_id=prediction.pk)
    return prediction
