"""Doubts: one for each reason, in the order of the record, and what they put at risk."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from mlcore.confidence.doubts import UNKNOWN_AMOUNT, Cause, Doubt, amount_of, at_risk, doubts
from mlcore.documents import Box, Check, Evidence, FieldPrediction, Severity
from mlcore.schema import InvoiceRecord, LineItem, VendorParty

PLACE = (Evidence(1, Box(0.1, 0.1, 0.2, 0.2)),)
RECORD = InvoiceRecord(
    vendor=VendorParty("Apex", None),
    invoice_number="7",
    date=dt.date(2026, 3, 4),
    total=Decimal("90.00"),
    line_items=(LineItem(description="Kit", total=Decimal("80.00")),),
)


def sure(record: InvoiceRecord, **confidence: float) -> list[FieldPrediction]:
    paths = {"vendor.name": "Apex", "invoice_number": "7", "date": record.date, "total": record.total}
    paths |= {"line_items[0].description": "Kit", "line_items[0].total": Decimal("80.00")}
    return [FieldPrediction(path, value, confidence.get(path, 0.99), PLACE) for path, value in paths.items()]


def test_a_sure_record_with_places_is_not_doubted() -> None:
    assert doubts(RECORD, sure(RECORD), [Check("lines", Severity.OK, "Fine.", ("total",))]) == ()


def test_each_cause_is_named_and_the_record_gives_the_order() -> None:
    fields = [field for field in sure(RECORD, date=0.6) if field.path != "line_items[0].description"]
    fields.append(FieldPrediction("line_items[0].description", "Kit", 0.99))
    checks = [
        Check("sums", Severity.ERROR, "The sums differ.", ("total",)),
        Check("late", Severity.WARNING, "The date is late.", ("date",)),
        Check("no_line_items", Severity.WARNING, "Look at the lines.", ()),
    ]
    found = doubts(RECORD, fields, checks)
    assert [(doubt.path, doubt.cause) for doubt in found] == [
        ("", Cause.CHECK),
        ("date", Cause.CHECK),
        ("date", Cause.LOW),
        ("total", Cause.CONTRADICTION),
        ("line_items[0].description", Cause.PLACE),
    ]
    assert found[-1].name == "line_items.description"


def test_a_value_without_a_prediction_is_low_and_nowhere() -> None:
    causes = {doubt.cause for doubt in doubts(RECORD, [], []) if doubt.path == "total"}
    assert causes == {Cause.LOW, Cause.PLACE}


def test_dollars_at_risk_grow_with_the_amount_and_with_the_doubt() -> None:
    weak, strong = Doubt("total", Cause.LOW, "", 0.2), Doubt("total", Cause.CONTRADICTION, "", 1.0)
    assert at_risk(Decimal("1000"), [weak]) == 200
    assert at_risk(Decimal("1000"), [weak, strong]) == 1000
    assert at_risk(Decimal("20"), [weak]) < at_risk(Decimal("30"), [weak])
    assert at_risk(Decimal("1000"), []) == 0
    assert at_risk(Decimal("999999999999"), [strong]) == 1_000_000_000


def test_the_amount_is_what_can_be_known_of_it() -> None:
    assert amount_of(RECORD) == Decimal("90.00")
    assert amount_of(InvoiceRecord(subtotal=Decimal("-5"))) == Decimal("5")
    assert amount_of(InvoiceRecord(line_items=RECORD.line_items)) == Decimal("80.00")
    assert amount_of(InvoiceRecord()) == UNKNOWN_AMOUNT
