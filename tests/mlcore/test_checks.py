from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from mlcore.checks import check_record
from mlcore.documents import Severity
from mlcore.schema import InvoiceRecord, LineItem, VendorParty

D = Decimal
LINE = LineItem("Ondansetron 4 mg", D(6), D("11.14"), D("66.84"), "0409-4755-03", "J2405")
RECORD = InvoiceRecord("A-1", dt.date(2024, 5, 4), VendorParty("Acme", "Salem"), (LINE,), D("66.84"), D("6.68"), D("73.52"))


def found(record: InvoiceRecord, today: dt.date | None = None) -> dict[str, Severity]:
    return {check.code: check.severity for check in check_record(record, today=today)}


def test_a_sound_record_has_only_good_news() -> None:
    assert set(found(RECORD).values()) == {Severity.OK}
    assert set(found(RECORD)) == {"line_amount", "lines_sum_to_subtotal", "subtotal_plus_tax"}


@pytest.mark.parametrize(
    ("changed", "code", "severity", "paths"),
    [
        (replace(RECORD, total=None), "missing_field", Severity.ERROR, ("total",)),
        (replace(RECORD, invoice_number=None), "missing_field", Severity.WARNING, ("invoice_number",)),
        (replace(RECORD, line_items=()), "no_line_items", Severity.WARNING, ()),
        (replace(RECORD, date=dt.date(1999, 1, 1)), "date_implausible", Severity.WARNING, ("date",)),
        (replace(RECORD, subtotal=D("70.00")), "lines_sum_to_subtotal", Severity.ERROR, ("subtotal",)),
        (replace(RECORD, total=D("80.00")), "subtotal_plus_tax", Severity.ERROR, ("subtotal", "tax", "total")),
        (replace(RECORD, total=D("-73.52")), "negative_total", Severity.WARNING, ("total",)),
        (replace(RECORD, tax=D("100.00")), "tax_exceeds_total", Severity.WARNING, ("tax", "total")),
        (replace(RECORD, line_items=(replace(LINE, ndc_code="123"),)), "ndc_form", Severity.WARNING, ("line_items[0].ndc_code",)),
        (replace(RECORD, line_items=(replace(LINE, cpt_code="X1"),)), "procedure_form", Severity.WARNING, ("line_items[0].cpt_code",)),
        (
            replace(RECORD, line_items=(LINE, LINE)),
            "duplicate_line",
            Severity.WARNING,
            ("line_items[0].description", "line_items[1].description"),
        ),
    ],
)
def test_each_fault_is_named_with_its_fields(changed: InvoiceRecord, code: str, severity: Severity, paths: tuple[str, ...]) -> None:
    (check,) = [check for check in check_record(changed) if check.code == code and check.severity is not Severity.OK]
    assert check.severity is severity
    assert check.paths == paths
    assert check.message.endswith(".") or check.message.endswith("?")


def test_a_wrong_product_names_the_row_and_the_right_amount() -> None:
    wrong = replace(RECORD, line_items=(replace(LINE, total=D("68.64")),))
    (check,) = [check for check in check_record(wrong) if check.code == "line_amount"]
    assert check.severity is Severity.ERROR
    assert check.message == "Row 1: 6 x 11.14 is 66.84, not 68.64."
    assert check.paths == ("line_items[0].quantity", "line_items[0].unit_price", "line_items[0].total")


def test_only_a_known_day_makes_a_date_lie_in_the_future() -> None:
    assert "date_in_future" not in found(RECORD)
    assert "date_in_future" not in found(RECORD, today=dt.date(2024, 5, 1))
    assert found(RECORD, today=dt.date(2024, 1, 1))["date_in_future"] is Severity.WARNING


def test_an_empty_record_asks_for_what_matters() -> None:
    missing = {check.paths for check in check_record(InvoiceRecord()) if check.code == "missing_field"}
    assert missing == {("vendor.name",), ("invoice_number",), ("date",), ("total",)}
