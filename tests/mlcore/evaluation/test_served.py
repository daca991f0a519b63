"""What a system would hand out, held to the truth, and two systems vendor by vendor."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.documents import DocumentText, Extraction, FieldPrediction, GoldExample, Route
from mlcore.evaluation.paired_groups import by_vendor, changed_documents
from mlcore.evaluation.served import Served, histogram, quality_of, routes_of, served
from mlcore.schema import InvoiceRecord, LineItem
from tests.mlcore.gate.systems import system, wrong_total

ROWS = (LineItem(description="Gauze", total=Decimal(5)), LineItem(description="Saline", total=Decimal(7)))
GOLD = InvoiceRecord(invoice_number="A1", total=Decimal(12), line_items=ROWS)
READ = replace(GOLD, total=Decimal(13), line_items=(ROWS[1], LineItem(description="Freight", total=Decimal(99))))


def read(record: InvoiceRecord, route: Route = Route.ACCEPTED, label_fields: frozenset[str] | None = None) -> Served:
    fields = (
        FieldPrediction("invoice_number", record.invoice_number, 0.99),
        FieldPrediction("total", record.total, 0.6),
        FieldPrediction("tax", None, 0.97),
        *(FieldPrediction(f"line_items[{n}].total", item.total, 0.5 + n / 10) for n, item in enumerate(record.line_items)),
    )
    example = GoldExample(DocumentText(()), GOLD, "v", label_fields=label_fields)
    return served("d", example, Extraction("m", record, fields, route=route))


def test_every_value_with_a_confidence_is_right_or_wrong() -> None:
    found = read(READ)
    assert sorted(found.values) == [(0.5, True), (0.6, False), (0.6, False), (0.97, True), (0.99, True)], (
        "the row that is too many is wrong"
    )
    assert not found.exact
    assert {field.name for field in found.wrong} == {"total", "line_items.description", "line_items.total"}
    assert read(GOLD).exact
    assert [sure for sure, _ in read(READ, label_fields=frozenset({"total"})).values] == [0.6], "only labeled fields are looked at"


def test_quality_routes_and_histogram() -> None:
    documents = [read(GOLD), read(READ), read(READ, Route.REVIEW)]
    quality = quality_of(documents)
    assert quality.count == 15
    assert quality.said == pytest.approx((0.5 + 0.6 + 0.6 + 0.97 + 0.99) / 5)
    assert routes_of(documents)["accepted"] == {"documents": 2, "right": 1}
    assert sum(histogram(documents)) == 15
    assert histogram(documents, 2) == [0, 15]
    assert quality_of([]).count == 0


def test_vendor_by_vendor() -> None:
    first = system(fault=wrong_total({1, 2, 3})).evaluation
    second = system(fault=wrong_total({3, 4})).evaluation
    found = {one.vendor: one for one in by_vendor(first, second)}
    assert sum(one.documents for one in found.values()) == 120
    assert (found["v1"].won, found["v1"].lost, found["v4"].won, found["v4"].lost) == (1, 0, 0, 1)
    assert found["v4"].difference.value == pytest.approx((found["v4"].second or 0) - (found["v4"].first or 0))
    assert found["v3"].difference.value == 0
    low, high = found["v4"].difference.low, found["v4"].difference.high
    assert low is not None
    assert high is not None
    assert low < 0 <= high
    assert [one.id for one, _ in changed_documents(first, second)] == ["d004", "d001", "d002"]
    assert changed_documents(first, first) == []


def test_one_document_has_no_interval() -> None:
    [only] = by_vendor(system(documents=1, vendors=1).evaluation, system(documents=1, vendors=1).evaluation)
    assert (only.difference.value, only.difference.low, only.p_value) == (0.0, None, 1.0)
