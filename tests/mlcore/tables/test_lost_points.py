"""Amounts that lost their decimal point."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mlcore.tables.lost_points import with_points
from mlcore.tables.reading import CellReading, RowReading


def _row(price: str, total: str) -> RowReading:
    prints = {"quantity": "3", "unit_price": price, "total": total}
    numbers = {name: Decimal(text.replace(",", "").replace("$", "")) for name, text in prints.items()}
    return RowReading({name: CellReading(numbers[name], text, (), 0.8) for name, text in prints.items()})


_PLAIN = [_row("10.00", "30.00"), _row("2.50", "7.50")]


def test_cents_are_given_back_and_it_is_said() -> None:
    rows = with_points([*_PLAIN, _row("17074", "$51222")])
    price, total = (rows[2].cells[name] for name in ("unit_price", "total"))
    assert (price.value, total.value) == (Decimal("170.74"), Decimal("512.22"))
    assert "17074" in price.note
    assert price.confidence < 0.8
    assert Decimal(17074) in price.alternatives
    assert rows[2].cells["quantity"].value == 3


@pytest.mark.parametrize("print_", ["12", "1,707.4", "170.74"])
def test_other_prints_are_left_alone(print_: str) -> None:
    rows = with_points([*_PLAIN, _row(print_, "30.00")])
    assert rows[2] == _row(print_, "30.00")


def test_a_vendor_without_cents_keeps_whole_amounts() -> None:
    rows = [_row("170", "510"), _row("1200", "3600"), _row("2.50", "7.50")]
    assert with_points(rows) == tuple(rows)
