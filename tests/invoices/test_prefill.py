"""From words to a prediction, and from confirmed records to a template."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from invoices import signals
from invoices.models import Document, DocumentStatus, Page, Prediction, Vendor, VendorTemplate
from invoices.parsing import document_text, parse_document
from invoices.prefill import learn_vendor, prefill_document
from invoices.rereading import reread_documents
from mlcore.documents import GoldExample
from mlcore.record_json import record_from_json
from tests.invoices.paper import LINES, invoice_pdf
from tests.invoices.test_parsing import Late, refuse


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Names of the signals that prefill sent, in order."""
    said: list[str] = []

    def prefilled(**_: object) -> None:
        said.append("prefilled")

    def learned(**_: object) -> None:
        said.append("learned")

    signals.document_prefilled.connect(prefilled)
    signals.template_learned.connect(learned)
    yield said
    signals.document_prefilled.disconnect(prefilled)
    signals.template_learned.disconnect(learned)


def invoice(number: str, total: str) -> bytes:
    changed = {"INV-204881": number, "90.00": total}
    lines = []
    for line in LINES:
        for old, new in changed.items():
            line = line.replace(old, new)
        lines.append(line)
    return invoice_pdf(lines)


def test_a_read_document_is_filled_in(read: Callable[..., Document], heard: list[str]) -> None:
    document = read(invoice_pdf())
    prediction = prefill_document(document.pk)
    document.refresh_from_db()
    assert prediction is not None
    assert document.status == "prefilled"
    assert document.vendor is not None
    assert document.vendor.name == LINES[0]
    expected = {"invoice_number": "INV-204881", "date": "2026-03-04", "total": "90.00"}
    assert {name: prediction.record[name] for name in expected} == expected
    places = {field["path"]: field["evidence"] for field in prediction.fields}
    assert places["total"][0]["page"] == 1
    assert heard == ["prefilled"]


def test_the_same_extractor_says_it_once(read: Callable[..., Document], heard: list[str]) -> None:
    document = read(invoice_pdf())
    first, second = prefill_document(document.pk), prefill_document(document.pk)
    assert first == second
    assert Prediction.objects.count() == 1
    assert heard == ["prefilled"]


def test_a_document_that_is_read_again_is_filled_in_from_its_new_text(read: Callable[..., Document], heard: list[str]) -> None:
    document = read(invoice("INV-204881", "90.00"))
    first = prefill_document(document.pk)
    assert first is not None
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.FAILED)
    assert reread_documents(document_ids=[document.pk]) == 1
    assert prefill_document(document.pk) is None, "it is about to be read"
    assert parse_document(document.pk, 2) == DocumentStatus.PARSING
    page = Page.objects.get(document=document)
    page.words = json.loads(json.dumps(page.words).replace("INV-204881", "INV-204887"))  # a better engine reads the last digit
    page.save()
    again = prefill_document(document.pk)
    assert again is not None
    assert (first.model_id, again.record["invoice_number"]) == (again.model_id, "INV-204887")
    assert list(document.predictions.order_by("pk").values_list("parse_revision", "record__invoice_number")) == [
        (1, "INV-204881"),
        (2, "INV-204887"),
    ]
    assert heard == ["prefilled", "prefilled"]


def test_a_prefill_is_dropped_when_the_document_is_to_be_read_again_meanwhile(read: Callable[..., Document], heard: list[str]) -> None:
    document = read(invoice_pdf())

    def asked_again() -> None:
        Document.objects.filter(pk=document.pk).update(status=DocumentStatus.RECEIVED, parsed_at=None, parse_revision=2)

    assert prefill_document(document.pk, fence=asked_again) is None
    assert not Prediction.objects.exists()
    assert not heard


def test_labeled_documents_keep_their_status(read: Callable[..., Document]) -> None:
    document = read(invoice_pdf())
    Document.objects.update(status=DocumentStatus.GOLD)
    assert prefill_document(document.pk) is not None
    document.refresh_from_db()
    assert document.status == "gold"


def test_what_has_not_been_read_is_left_alone(read: Callable[..., Document]) -> None:
    document = read(b"%PDF-1.7 nothing")
    assert document.status == "failed"
    assert prefill_document(document.pk) is None
    assert not Prediction.objects.exists()


def test_a_late_prediction_is_refused(read: Callable[..., Document], heard: list[str]) -> None:
    document = read(invoice_pdf())
    with pytest.raises(Late):
        prefill_document(document.pk, fence=refuse)
    document.refresh_from_db()
    assert (document.status, document.vendor) == ("parsing", None)
    assert not Vendor.objects.exists()
    assert not heard


def example(document: Document, number: str, total: str) -> GoldExample:
    items = [{"description": "Ondansetron 4 mg vial", "quantity": "2", "unit_price": "22.50", "total": "45.00"}]
    items.append({"description": "Infusion, first hour", "quantity": "1", "unit_price": "45.00", "total": "45.00"})
    record = {"vendor": {"name": LINES[0], "address": LINES[1]}, "invoice_number": number, "date": "2026-03-04", "line_items": items}
    amounts = {"subtotal": total, "tax": "0.00", "total": total}
    return GoldExample(document_text(document), record_from_json({**record, **amounts}), "1")


def test_a_confirmed_record_makes_a_template_and_the_next_document_uses_it(read: Callable[..., Document], heard: list[str]) -> None:
    first = read(invoice("INV-204881", "90.00"))
    prefill_document(first.pk)
    first.refresh_from_db()
    assert first.vendor is not None
    template = learn_vendor(first.vendor.pk, [example(first, "INV-204881", "90.00")])
    assert template is not None
    second = read(invoice("INV-300777", "91.25"))
    prediction = prefill_document(second.pk)
    assert prediction is not None
    assert prediction.model_id.endswith(template.template_id)
    assert (prediction.record["invoice_number"], prediction.record["total"]) == ("INV-300777", "91.25")
    assert heard == ["prefilled", "learned", "prefilled"]


def test_learning_the_same_again_announces_nothing(read: Callable[..., Document], heard: list[str]) -> None:
    document = read(invoice_pdf())
    vendor = Vendor.objects.create(name=LINES[0])
    known = example(document, "INV-204881", "90.00")
    assert learn_vendor(vendor.pk, []) is None
    assert learn_vendor(vendor.pk, [known]) == learn_vendor(vendor.pk, iter([known]))
    assert VendorTemplate.objects.count() == 1
    assert heard == ["learned"]
