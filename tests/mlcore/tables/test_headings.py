"""Which words over a table are one column, and which of two columns is the description."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlcore.documents import DocumentText
from mlcore.readers.layout import build_layout
from mlcore.tables.header import row_spans
from mlcore.tables.read import read_table

Typewriter = Callable[..., DocumentText]


def items(document: DocumentText) -> list[tuple[str | None, str, str]]:
    return [(item.description, str(item.quantity), str(item.total)) for item in read_table(document, None).items]


@pytest.mark.parametrize(
    "name",
    [
        "Item / rental period",
        "Supplies or services",
        "Procedure / product",
        "Service and supplies",
        "Product & service",
        "Code / description",
    ],
)
def test_names_with_a_joining_word_between_are_one_column(typewritten: Typewriter, name: str) -> None:
    spans = row_spans(build_layout(typewritten(f"{name}   Qty   Unit price   Amount")).rows[0])
    assert [span.role for span in spans] == ["description", "quantity", "unit_price", "total"]


def test_a_joining_mark_in_a_cell_of_its_own_joins_nothing(typewritten: Typewriter) -> None:
    spans = row_spans(build_layout(typewritten("Item   /   Qty   Amount")).rows[0])
    assert [span.role for span in spans] == ["description", "quantity", "total"]


def test_a_joined_heading_is_read_like_any_other(typewritten: Typewriter) -> None:
    text = """
Item / rental period                 Qty     Rate      Amount
Hospital bed, semi-electric            1   120.00      120.00
Oxygen concentrator                    2    95.00      190.00
"""
    assert items(typewritten(text)) == [("Hospital bed, semi-electric", "1", "120.00"), ("Oxygen concentrator", "2", "190.00")]


NUMBERED = """
Item     Description                    Qty     Price      Amount
1        Gauze sponge, sterile            3      4.50       13.50
2        Saline 0.9 % bag                10      2.25       22.50
3        Heparin lock flush               2     12.00       24.00
"""
WORDS = [("Gauze sponge, sterile", "3", "13.50"), ("Saline 0.9 % bag", "10", "22.50"), ("Heparin lock flush", "2", "24.00")]


def test_of_two_columns_of_descriptions_the_one_with_words_is_it_and_the_other_counts_the_lines(typewritten: Typewriter) -> None:
    assert items(typewritten(NUMBERED)) == WORDS


def test_of_two_columns_of_descriptions_the_one_with_fewer_words_is_no_part_of_it(typewritten: Typewriter) -> None:
    text = NUMBERED.replace("\n1  ", "\nA17").replace("\n2  ", "\nB22").replace("\n3  ", "\nC90")
    assert items(typewritten(text)) == WORDS
