"""Written values can be read back by the product's own normaliser."""

from __future__ import annotations

import datetime as dt
import random
import re
from decimal import Decimal

import pytest

from mlcore.dataset.synthetic.formats import DateStyle, MoneyStyle, fill_pattern, write_date, write_quantity
from mlcore.normalize import DateOrder, NumberStyle, parse_date, parse_decimal

DATE = dt.date(2025, 3, 5)


@pytest.mark.parametrize("style", list(DateStyle))
def test_a_date_is_written_as_the_style_shows_and_read_back(style: DateStyle) -> None:
    assert write_date(DATE, style) == style.value
    assert parse_date(write_date(DATE, style), DateOrder.MONTH_FIRST) == DATE


@pytest.mark.parametrize(
    ("style", "cell", "total"),
    [
        (MoneyStyle(), "1,234.50", "$1,234.50"),
        (MoneyStyle("$ ", "USD "), "$ 1,234.50", "USD 1,234.50"),
        (MoneyStyle("", "", grouped=False), "1234.50", "1234.50"),
    ],
)
def test_money_is_written_as_the_style_says(style: MoneyStyle, cell: str, total: str) -> None:
    amount = Decimal("1234.50")

    assert style.cell(amount) == cell
    assert style.total(amount) == total
    assert parse_decimal(cell, NumberStyle.POINT) == parse_decimal(total, NumberStyle.POINT) == amount


def test_prices_keep_their_decimals_and_quantities_get_theirs() -> None:
    assert MoneyStyle().cell(Decimal("0.1250")) == "0.1250"
    assert write_quantity(Decimal(3), 2) == "3.00"
    assert write_quantity(Decimal("1.5"), 0) == "1.5"


def test_patterns_become_numbers_of_that_form() -> None:
    number = fill_pattern("@%##-YYMM", random.Random(1), DATE)

    assert re.fullmatch(r"[A-Z][1-9]\d\d-2503", number)
