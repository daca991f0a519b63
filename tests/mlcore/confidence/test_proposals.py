from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from mlcore.confidence.features import FEATURES, describe, entries
from mlcore.confidence.labels import UNKNOWN, label
from mlcore.confidence.proposals import ROW, Proposals, Said, propose
from mlcore.confidence.rows import Row, align
from mlcore.documents import Box, DocumentText, Evidence, Extraction, FieldPrediction, GoldExample, Page, TextSource, Word
from mlcore.inference.reading import DocumentReading, ValueReading
from mlcore.record_json import value_to_json
from mlcore.schema import InvoiceRecord, LineItem, Value, VendorParty, iter_values
from tests.mlcore.confidence.simulated import learned

PLACE = Evidence(1, Box(0.1, 0.1, 0.2, 0.12))
PAGE = Page(1, 600, 800, (Word("61.50", Box(0.11, 0.1, 0.19, 0.12), 0, 0.71), Word("x", Box(0.5, 0.5, 0.6, 0.6), 1, 0.2)), TextSource.OCR)
DOCUMENT = DocumentText((PAGE,))


def item(description: str, quantity: int, price: str, **more: Any) -> LineItem:
    return LineItem(description, Decimal(quantity), Decimal(price), quantity * Decimal(price), **more)


PANEL, CULTURE, GLUCOSE = item("Lipid panel", 3, "20.50"), item("Culture", 2, "11.25"), item("Glucose", 1, "7.10")


def extraction(record: InvoiceRecord, confidence: float = 0.9, model_id: str = "template-3:zero-shot") -> Extraction:
    fields = tuple(FieldPrediction(p, v, confidence, (PLACE,), str(v)) for p, v in iter_values(record) if v is not None)
    return Extraction(model_id, record, fields)


def reading(record: InvoiceRecord, log_probability: float = -0.1, **more: Any) -> DocumentReading:
    values = tuple(
        ValueReading(
            p,
            value_to_json(v) or "",
            v,
            (log_probability, -0.01),
            (2.0, 3.0),
            (PLACE,) if v is not None else (),
            int(v is not None),
            v is not None,
        )
        for p, v in iter_values(record)
    )
    return DocumentReading(record, values, **more)


def values_of(proposals: Proposals, name: str, row: int | None = None) -> list[tuple[Value, bool, bool]]:
    (slot,) = [slot for slot in proposals.slots if slot.name == name and slot.row == row]
    return [(one.value, one.template, one.model) for one in slot.proposals]


def row_of(proposals: Proposals, name: str, value: Value) -> dict[str, float]:
    (found,) = [n for n, (slot, one) in enumerate(entries(proposals)) if slot.name == name and one.value == value]
    return dict(zip(FEATURES, describe(proposals)[found].tolist(), strict=True))


def test_equal_values_are_one_proposal_and_absence_always_is_one() -> None:
    template = extraction(InvoiceRecord("a-1", total=Decimal("61.5"), tax=Decimal(2)))
    model = reading(InvoiceRecord("A-1", total=Decimal("61.50"), tax=Decimal(3), subtotal=Decimal(9)))
    proposals = propose(DOCUMENT, template, model)
    assert values_of(proposals, "invoice_number") == [("a-1", True, True), (None, False, False)]
    assert values_of(proposals, "tax") == [(Decimal(2), True, False), (Decimal(3), False, True), (None, False, False)]
    assert values_of(proposals, "subtotal") == [(Decimal(9), False, True), (None, True, False)]
    assert values_of(proposals, "date") == [(None, True, True)]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (None, Said.SILENT),
        (DocumentReading(InvoiceRecord(), ()), Said.ABSENT),
        (DocumentReading(InvoiceRecord(), (), cut=True), Said.SILENT),
        (DocumentReading(InvoiceRecord(), (ValueReading("total", "", None, (), ()),), cut=True), Said.ABSENT),
        (DocumentReading(InvoiceRecord(), (ValueReading("total", "soon", None, (-1.0,), (0.1,)),)), Said.SILENT),
    ],
)
def test_what_was_not_read_says_nothing(model: DocumentReading | None, said: Said) -> None:
    proposals = propose(DOCUMENT, extraction(InvoiceRecord(total=Decimal(5))), model)
    (slot,) = [slot for slot in proposals.slots if slot.name == "total"]
    assert (slot.template, slot.model) == (Said.VALUE, said)


def test_lines_are_aligned_and_those_of_one_reader_stand_where_it_read_them() -> None:
    assert align((PANEL, GLUCOSE), (PANEL, CULTURE, GLUCOSE), {}, {}) == (Row(0, 0), Row(None, 1), Row(1, 2))
    assert align((PANEL, CULTURE), (), {}, {}) == (Row(0, None), Row(1, None))
    assert align((), (PANEL,), {}, {}) == (Row(None, 0),)


def test_an_equal_quantity_makes_no_line_the_same_unless_it_stands_at_the_same_height() -> None:
    left, right = item("Lipid panel", 2, "20.50"), item("Wheelchair", 2, "99.00")
    assert align((left,), (right,), {}, {}) == (Row(None, 0), Row(0, None)) or align((left,), (right,), {}, {}) == (
        Row(0, None),
        Row(None, 0),
    )
    assert align((left,), (right,), {0: [PLACE]}, {0: [PLACE]}) == (Row(0, 0),)


def test_labels_follow_the_comparator_and_the_labeled_fields() -> None:
    gold = GoldExample(DOCUMENT, InvoiceRecord("A-1", None, VendorParty(), (PANEL, GLUCOSE), total=Decimal("68.60")), "v")
    template = extraction(InvoiceRecord("a-1", None, VendorParty(), (PANEL, CULTURE), total=Decimal("61.50")))
    proposals = propose(DOCUMENT, template, reading(InvoiceRecord("B-1", None, VendorParty(), (PANEL,), total=Decimal("68.60"))))
    told = {(slot.name, slot.row, one.value): int(y) for (slot, one), y in zip(entries(proposals), label(proposals, gold), strict=True)}
    assert (told["invoice_number", None, "a-1"], told["invoice_number", None, "B-1"], told["invoice_number", None, None]) == (1, 0, 0)
    assert (told["total", None, Decimal("61.50")], told["total", None, Decimal("68.60")], told["date", None, None]) == (0, 1, 1)
    assert (told[ROW, 0, None], told[ROW, 1, None]) == (1, 0)
    assert (told["line_items.description", 0, "Lipid panel"], told["line_items.description", 1, "Culture"]) == (1, 0)
    assert (told["line_items.ndc_code", 0, None], told["line_items.ndc_code", 1, None]) == (1, UNKNOWN)
    partly = label(proposals, GoldExample(DOCUMENT, gold.record, "v", label_fields=frozenset({"total"})))
    assert {slot.name for (slot, _), y in zip(entries(proposals), partly, strict=True) if y != UNKNOWN} == {"total"}


def test_every_vector_is_finite_and_has_the_same_names_whoever_read() -> None:
    samples, _ = learned()
    for sample in samples[:10]:
        for model in (sample.model, None):
            proposals = propose(sample.document, sample.template, model)
            rows = describe(proposals)
            assert rows.shape == (len(list(entries(proposals))), len(FEATURES))
            assert np.isfinite(rows).all()
            assert np.array_equal(rows, describe(proposals))


def test_features_say_what_each_reader_and_the_page_say() -> None:
    record = InvoiceRecord(total=Decimal("61.50"), tax=Decimal("1.50"), subtotal=Decimal("60.00"))
    proposals = propose(DOCUMENT, extraction(record), reading(InvoiceRecord(total=Decimal("61.50"), tax=Decimal("2.50"))))
    total = row_of(proposals, "total", Decimal("61.50"))
    assert (total["both"], total["is:total"], total["is:tax"], total["total_sum"], total["form"]) == (1, 1, 0, 1, 1)
    assert (total["lp_min"], total["lp_sum"], total["margin_min"], total["exact"]) == pytest.approx((-0.1, -0.11, 2.0, 1))
    assert (total["ocr"], total["ocr_least"], total["same_place"], total["placed"]) == pytest.approx((1, 0.71, 1, 1))
    tax = row_of(proposals, "tax", Decimal("1.50"))
    assert (tax["template"], tax["model"], tax["model_other"], tax["total_sum"]) == (1, 0, 1, 1)
    assert (tax["lp_min"], tax["rival_lp_min"]) == pytest.approx((0, -0.1))
    assert tax["agreement"] == 0.5
    rival = row_of(proposals, "tax", Decimal("2.50"))
    assert (rival["template_other"], rival["total_sum"]) == (1, -1)
    assert rival["rival_template_odds"] == pytest.approx(np.log(9))
    assert row_of(proposals, "subtotal", None)["template_other"] == 1
    assert row_of(proposals, "subtotal", None)["model"] == 1


@pytest.mark.parametrize(("model_id", "known"), [("template-3:zero-shot", 0.0), ("template-3:0123456789abcdef", 1.0), ("adapter-1", 0.0)])
def test_a_template_of_the_vendor_is_told_from_the_general_reader(model_id: str, known: float) -> None:
    proposals = propose(DOCUMENT, extraction(InvoiceRecord(total=Decimal(5)), model_id=model_id), None)
    assert row_of(proposals, "total", Decimal(5))["template_known"] == known


def test_a_line_that_breaks_the_sum_of_the_other_reader_is_seen() -> None:
    whole = (PANEL, CULTURE)
    total = sum((one.total or Decimal(0) for one in whole), Decimal(0))
    template = extraction(InvoiceRecord(line_items=whole, subtotal=total, total=total))
    model = reading(InvoiceRecord(line_items=(*whole, GLUCOSE), subtotal=total, total=total))
    rows = describe(propose(DOCUMENT, template, model))
    lines = rows[rows[:, FEATURES.index(f"is:{ROW}")] == 1]
    named = [dict(zip(FEATURES, line.tolist(), strict=True)) for line in lines]
    assert [(one["line_both"], one["lines_sum"], one["lines_without"], one["product"]) for one in named] == [
        (1, 1, 0, 1),
        (1, 1, 0, 1),
        (0, -1, 1, 1),
    ]
