"""What is written of a record is read back to the same values."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlcore.errors import RecordError
from mlcore.normalize import parse_decimal
from mlcore.record_json import record_from_json, record_to_json, value_from_json
from mlcore.schema import InvoiceRecord, LineItem

_NUMBERS = st.decimals(min_value=-999999, max_value=999999, places=4) | st.decimals(min_value=-999, max_value=999, places=3)


@given(price=_NUMBERS, quantity=_NUMBERS, total=_NUMBERS)
def test_numbers_come_back_as_they_were(price: Decimal, quantity: Decimal, total: Decimal) -> None:
    record = InvoiceRecord(line_items=(LineItem(unit_price=price, quantity=quantity),), total=total)
    assert record_from_json(record_to_json(record)) == record


@pytest.mark.parametrize(("text", "value"), [("1.234", "1.234"), ("12.345", "12.345"), ("1,234", "1234"), ("1.234.567", "1234567")])
def test_a_point_alone_is_a_decimal_mark_and_a_comma_may_part_thousands(text: str, value: str) -> None:
    assert parse_decimal(text) == Decimal(value)


def test_a_text_that_is_no_value_of_its_field_is_refused() -> None:
    assert str(value_from_json("line_items.total", "$1,234.50")) == "1234.50"
    assert str(value_from_json("vendor.name", "  Apex   Infusion ")) == "Apex Infusion"
    for path, text in (("total", "lots"), ("date", "33.33.33"), ("line_items[3].type", "gift")):
        with pytest.raises(RecordError):
            value_from_json(path, text)
