from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from mlcore.documents import DocumentText
from mlcore.normalize import NumberStyle
from mlcore.readers.amount_reader import amount_features
from mlcore.readers.amounts import find_amounts, number_style
from mlcore.readers.context import Context
from mlcore.readers.layout import build_layout


def amounts(document: DocumentText) -> list[Decimal]:
    rows = Context(build_layout(document)).rows
    return [span.value for span in find_amounts(rows, number_style(rows))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Total RM8.20", "8.20"),
        ("Total $1,234.50", "1234.50"),
        ("Montant TTC €32 662,00", "32662.00"),
        ("Summe 1.234,56 €", "1234.56"),
        ("Credit (12.00)", "-12.00"),
        ("ROUNDING -0.02", "-0.02"),
        ("Total 15. 90", "15.90"),
        ("Total 1O.5O", "10.50"),
    ],
)
def test_printed_forms(typewritten: Callable[..., DocumentText], text: str, expected: str) -> None:
    assert amounts(typewritten(text)) == [Decimal(expected)]


def test_a_quantity_before_an_amount_is_not_its_thousands(typewritten: Callable[..., DocumentText]) -> None:
    assert amounts(typewritten("2 350.00")) == [Decimal(2), Decimal("350.00")]


def test_dates_codes_and_rates_are_no_amounts(typewritten: Callable[..., DocumentText]) -> None:
    assert amounts(typewritten("14/12/2018 0409-4755-03 6% 10:22 J1100")) == []


def test_the_style_follows_the_majority(typewritten: Callable[..., DocumentText]) -> None:
    rows = Context(build_layout(typewritten("1,50\n2,75\n3.00"))).rows
    assert number_style(rows) is NumberStyle.COMMA


def in_a_sentence(document: DocumentText) -> list[float]:
    """The feature for each amount."""
    context = Context(build_layout(document))
    spans = find_amounts(context.rows, NumberStyle.POINT)
    return [features["in_a_sentence"] for features in amount_features(context, spans)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pay 98.00 within thirty days", [1.0]),
        ("Total due   98.00", [0.0]),
        ("Subtotal 90.00   Total 98.00", [0.0, 0.0]),
    ],
    ids=["words go on", "the last of its line", "words in another cell"],
)
def test_an_amount_stands_in_a_sentence_where_words_go_on_behind_it(
    typewritten: Callable[..., DocumentText], text: str, expected: list[float]
) -> None:
    assert in_a_sentence(typewritten(text)) == expected
