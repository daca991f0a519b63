"""What is stored of a reading with the model, and what comes too late to be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from invoices.model_reading import Reading, store_reading, wanted_reading
from invoices.models import Document, DocumentStatus
from invoices.parsing import document_text
from invoices.prefill import learn_vendor, prefill_document
from mlcore.documents import Extraction, GoldExample
from mlcore.record_json import record_from_json
from mlcore.templates.extractor import TemplateExtractor
from tests.invoices.paper import invoice_pdf
from tests.invoices.test_parsing import Late, refuse

MODEL = "adapter-0123456789abcdef"

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(read: Callable[..., Document]) -> Document:
    """A document that the templates have filled in."""
    document = read(invoice_pdf())
    prefill_document(document.pk)
    document.refresh_from_db()
    return document


def wanted(document: Document) -> tuple[Reading, Extraction]:
    """What is to be read, and what is read."""
    reading = wanted_reading(document.pk, MODEL)
    assert reading is not None
    return reading, TemplateExtractor(reading.template).extract([reading.text])[0]


def test_a_reading_is_stored_once_under_the_name_of_both(document: Document) -> None:
    reading, extraction = wanted(document)
    stored = store_reading(reading, MODEL, extraction)
    assert stored is not None
    assert (stored.model_id, stored.examples) == (f"{MODEL}+{TemplateExtractor().model_id}", 0)
    assert stored.fields[0]["evidence"][0]["page"] == 1
    assert store_reading(reading, MODEL, extraction) == stored
    assert document.predictions.count() == 2
    assert wanted_reading(document.pk, MODEL) is None, "it has been read"
    assert wanted_reading(document.pk, "adapter-another") is not None


@pytest.mark.parametrize("status", [DocumentStatus.PARSING, DocumentStatus.LABELED, DocumentStatus.GOLD, DocumentStatus.FAILED])
def test_only_what_waits_for_a_person_is_read_and_stored(document: Document, status: DocumentStatus) -> None:
    reading, extraction = wanted(document)
    Document.objects.filter(pk=document.pk).update(status=status)
    assert wanted_reading(document.pk, MODEL) is None
    assert store_reading(reading, MODEL, extraction) is None
    assert document.predictions.count() == 1


def test_what_was_read_with_an_older_template_is_not_stored(document: Document) -> None:
    reading, extraction = wanted(document)
    assert document.vendor_id is not None
    record = record_from_json(document.predictions.get().record)
    assert learn_vendor(document.vendor_id, [GoldExample(document_text(document), record, "apex")])
    assert store_reading(reading, MODEL, extraction) is None
    again, _ = wanted(document)
    assert again.model_id != reading.model_id


def test_what_was_read_off_an_older_text_is_not_stored(document: Document) -> None:
    reading, extraction = wanted(document)
    Document.objects.filter(pk=document.pk).update(parse_revision=2)
    assert store_reading(reading, MODEL, extraction) is None


def test_another_text_of_a_document_is_read_anew(document: Document) -> None:
    reading, extraction = wanted(document)
    first = store_reading(reading, MODEL, extraction)
    Document.objects.filter(pk=document.pk).update(parse_revision=2)
    again, extraction = wanted(document)
    second = store_reading(again, MODEL, extraction)
    assert first is not None
    assert second is not None
    assert (first.model_id, first.parse_revision, second.model_id, second.parse_revision) == (reading.model_id, 1, reading.model_id, 2)


def test_a_late_result_is_rolled_back(document: Document) -> None:
    reading, extraction = wanted(document)
    with pytest.raises(Late):
        store_reading(reading, MODEL, extraction, fence=refuse)
    assert document.predictions.count() == 1
