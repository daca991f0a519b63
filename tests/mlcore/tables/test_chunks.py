from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from mlcore.documents import DocumentText
from mlcore.readers.layout import build_layout
from mlcore.tables.chunks import Kind, chunks_of, quantity_with_unit

Typewriter = Callable[..., DocumentText]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("86,00    1 000,00    86 000,00", ["86.00", "1000.00", "86000.00"]),
        ("€ 235,00    20.0    €24 816,00", ["235.00", "20.0", "24816.00"]),
        ("7 350,00 €", ["7350.00"]),
        ("2    $1,395.22    $2,790.44", ["2", "1395.22", "2790.44"]),
        ("(12.00)    5.00-", ["-12.00", "-5.00"]),
        ("1O.5O", ["10.50"]),
    ],
)
def test_numbers_of_a_row(typewritten: Typewriter, text: str, expected: list[str]) -> None:
    row = build_layout(typewritten(text)).rows[0]
    assert [chunk.value for chunk in chunks_of(row) if chunk.kind is Kind.NUMBER] == [Decimal(value) for value in expected]


def test_codes_percentages_and_dates_are_no_numbers(typewritten: Typewriter) -> None:
    row = build_layout(typewritten("0409-1162-02    20%    02/10/2024    BAG")).rows[0]
    assert [chunk.kind for chunk in chunks_of(row)] == [Kind.NDC, Kind.PERCENT, Kind.DATE, Kind.WORD]


def test_a_letter_read_as_a_digit_is_marked(typewritten: Typewriter) -> None:
    row = build_layout(typewritten("1O.5O")).rows[0]
    assert chunks_of(row)[0].repaired


@pytest.mark.parametrize(("text", "value"), [("10EA", "10"), ("2,5kg", "2.5"), ("EA", None), ("J1885", None)])
def test_quantity_with_unit(text: str, value: str | None) -> None:
    assert quantity_with_unit(text) == (Decimal(value) if value else None)
