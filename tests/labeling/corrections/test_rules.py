"""What a correction of a date or a name says about other documents."""

from __future__ import annotations

import datetime as dt

import pytest

from labeling.corrections.names import corrected_name, original_name, restored_name
from labeling.corrections.rules import Change, corrected, date_order, redated, renamed
from mlcore.normalize import DateOrder
from mlcore.schema import InvoiceRecord, VendorParty

MARCH_4, APRIL_3 = dt.date(2026, 3, 4), dt.date(2026, 4, 3)


@pytest.mark.parametrize(
    ("printed", "read", "confirmed", "order"),
    [
        ("03/04/2026", MARCH_4, APRIL_3, DateOrder.DAY_FIRST),
        ("03/04/2026", APRIL_3, MARCH_4, DateOrder.MONTH_FIRST),
        ("03/04/2026", MARCH_4, MARCH_4, None),
        ("03/04/2026", MARCH_4, dt.date(2026, 5, 3), None),
        ("March 4, 2026", MARCH_4, APRIL_3, None),
        ("", MARCH_4, APRIL_3, None),
        ("03/04/2026", None, APRIL_3, None),
    ],
)
def test_only_a_date_that_reads_both_ways_shows_an_order(
    printed: str, read: dt.date | None, confirmed: dt.date, order: DateOrder | None
) -> None:
    assert date_order(printed, read, confirmed) == order


def test_only_a_date_that_was_read_the_other_way_changes() -> None:
    assert redated("05/06/2026", dt.date(2026, 5, 6), DateOrder.DAY_FIRST) == dt.date(2026, 6, 5)
    assert redated("05/06/2026", dt.date(2026, 6, 5), DateOrder.DAY_FIRST) is None
    assert redated("05/16/2026", dt.date(2026, 5, 16), DateOrder.DAY_FIRST) is None
    assert redated("05/06/2026", dt.date(2020, 1, 1), DateOrder.DAY_FIRST) is None


def test_a_name_that_differs_in_spelling_only_is_no_other_name() -> None:
    def named(name: str | None) -> InvoiceRecord:
        return InvoiceRecord(vendor=VendorParty(name, None))

    assert renamed(named("APEX INFUSION"), named("Apex Infusion")) is None
    assert renamed(named("Apex"), named("Apex Infusion")) == ("Apex", "Apex Infusion")
    assert renamed(named(None), named("Apex")) is None


def test_a_corrected_prediction_is_a_new_one_with_a_note() -> None:
    record = {"vendor": {"name": "A", "address": "B"}, "date": "2026-03-04"}
    fields = [{"path": "date", "value": "2026-03-04", "note": ""}, {"path": "total", "value": "1", "note": ""}]
    changes = [Change("date", "2026-03-04", "2026-04-03"), Change("vendor.name", "A", "C")]
    new, told = corrected(record, fields, changes, "Corrected.")
    assert new == {"vendor": {"name": "C", "address": "B"}, "date": "2026-04-03"}
    assert [field["note"] for field in told] == ["Corrected.", ""]
    assert record["date"] == fields[0]["value"] == "2026-03-04"


def test_names_lead_back_to_who_read() -> None:
    assert original_name(corrected_name("template:abc", 7)) == "template:abc"
    assert original_name(restored_name(corrected_name("template:abc", 7), 7)) == "template:abc"
    assert len(corrected_name("m" * 160, 2**62)) <= 160
