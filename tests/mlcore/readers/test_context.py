"""Labels around a value: over a grid, in a heading, and words that look like a label and are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlcore.documents import DocumentText
from mlcore.readers.context import Context, Surroundings
from mlcore.readers.layout import build_layout

Typewriter = Callable[..., DocumentText]

VALUES = "            HV-20991                03/28/2024            04/27/2024\n"
"""Stands under no word of the headings below."""
HEADINGS = "Invoice no            Invoice date            Due date\n"
KINDS = ["number.invoice", "date.invoice", "date.due"]


def context(document: DocumentText) -> Context:
    return Context(build_layout(document))


def kinds(document: DocumentText) -> list[str]:
    return [label.kind for labels in context(document).labels for label in labels]


def around(document: DocumentText) -> list[Surroundings]:
    """What stands around each word of the last row."""
    page = context(document)
    row = len(page.layout.rows) - 1
    return [page.around(row, place, place + 1) for place in range(len(page.layout.rows[row]))]


def section(document: DocumentText) -> str:
    """The heading over the last row."""
    page = context(document)
    return page.section(len(page.layout.rows) - 1, page.layout.rows[-1])


@pytest.mark.parametrize("days", ["10", "30", "45", "90"])
def test_days_of_payment_are_no_net_amount(typewritten: Typewriter, days: str) -> None:
    assert "amount.net" not in kinds(typewritten(f"Net {days}"))


def test_an_amount_behind_net_is_one(typewritten: Typewriter) -> None:
    assert kinds(typewritten("Net 98.00")) == ["amount.net"]


def test_a_label_within_the_words_of_a_name_heads_no_section(typewritten: Typewriter) -> None:
    assert section(typewritten("Willow Pharmacy\n12 Elm Street\nToledo, OH 43604")) == ""
    assert section(typewritten("Pharmacy\nWillow Drugs\nToledo, OH 43604")) == "party.seller"
    assert section(typewritten("Invoice to: Willow Pharmacy\nBill to\n12 Elm Street")) == "party.buyer"


def test_values_of_a_grid_whose_edges_do_not_agree_have_the_label_of_their_column(typewritten: Typewriter) -> None:
    assert [found.above for found in around(typewritten(HEADINGS + VALUES))] == KINDS


def test_what_stands_left_of_a_grid_is_no_column_of_it(typewritten: Typewriter) -> None:
    text = f"Harborview  {HEADINGS}            {VALUES}"
    assert [found.above for found in around(typewritten(text))] == KINDS


@pytest.mark.parametrize(
    "above",
    [
        "Invoice no            Invoice date\n",
        HEADINGS + "\n\n\n\n",
        "Invoice no                                      17\n",
    ],
    ids=["fewer headings", "too far above", "a number among them"],
)
def test_no_grid_gives_no_heading(typewritten: Typewriter, above: str) -> None:
    assert [found.above for found in around(typewritten(above + VALUES))] == ["", "", ""]


def test_the_last_heading_of_several_columns_is_not_that_of_every_value_below(typewritten: Typewriter) -> None:
    text = "Invoice no      Due date\nHV-20991        04/27/2024"
    assert [found.previous_row for found in around(typewritten(text))] == ["", ""]
    assert [found.above for found in around(typewritten(text))] == ["number.invoice", "date.due"]


def test_a_label_on_a_line_by_itself_is_that_of_the_line_below(typewritten: Typewriter) -> None:
    assert around(typewritten("Due date\n                    04/27/2024"))[0].previous_row == "date.due"
