"""The rules of a medical bill: the vectors that the browser is held to as well, and what must hold for any text."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.billing import billing_findings
from mlcore.billing.service_dates import printed_periods
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord, LineItem

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parents[2] / "vectors" / "billing.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_shared_vectors(vector: dict[str, Any]) -> None:
    found = billing_findings(record_from_json(vector["record"]))
    assert [{"code": f.code, "row": f.row, "message": f.message, "paths": list(f.paths)} for f in found] == vector["expected"]


def test_every_rule_has_a_vector_that_breaks_it_and_there_are_lines_without_any_finding() -> None:
    codes = {finding["code"] for vector in VECTORS for finding in vector["expected"]}
    assert codes == {
        "service_after_invoice", "service_reversed", "service_too_long", "service_too_old", "ndc_form", "ndc_fill_in",
        "procedure_form", "modifier_form", "modifier_conflict", "duplicate_line", "repeated_service",
    }  # fmt: skip
    assert sum(not vector["expected"] for vector in VECTORS) > 10


@given(st.text(max_size=60), st.text(max_size=12), st.text(max_size=14))
def test_no_text_makes_a_rule_fail(description: str, code: str, drug: str) -> None:
    record = InvoiceRecord(date=dt.date(2025, 10, 20), line_items=(LineItem(description, None, None, None, drug, code),) * 2)
    for finding in billing_findings(record):
        assert finding.message
        assert finding.paths[-1].startswith(f"line_items[{finding.row}].")


@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), st.integers(0, 400))
def test_a_printed_period_is_read_back(first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days)
    (period,) = printed_periods(f"Rental ({first:%m/%d/%y}-{last:%m/%d/%y})")
    assert any((reading.first, reading.last) == (first, last) for reading in period.readings)
