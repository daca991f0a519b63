"""Lines among and under the items that are no part of them, and words that only look like such lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from mlcore.documents import Box, DocumentText, Page, Word
from mlcore.tables.read import read_table

Typewriter = Callable[..., DocumentText]


def line(description: str, lot: str = "", quantity: str = "", price: str = "", amount: str = "") -> str:
    """One printed line; the columns end where those of the header end."""
    return f"{description:<31}{lot:<10}{quantity:>3}{price:>10}{amount:>12}\n"


def dated(date: str, description: str, amount: str) -> str:
    """One printed line of a table without quantities."""
    return f"{date:<18}{description:<40}{amount:>10}\n"


def descriptions(document: DocumentText) -> list[str | None]:
    return [item.description for item in read_table(document, None).items]


HEADER = line("Description", "Lot", "Qty", "Price", "Amount")
GAUZE = line("Gauze, sterile", "A12", "3", "4.50", "13.50")
SALINE = line("Saline bag", "B77", "10", "2.25", "22.50")
PLAIN = ["Gauze, sterile", "Saline bag"]


@pytest.mark.parametrize("words", ["Handling, package price", "Freight and setup included"])
def test_words_of_a_sum_that_go_on_with_a_description_are_part_of_it(typewritten: Typewriter, words: str) -> None:
    visit = line("Infusion service visit,", "C90", "1", "50.00", "50.00")
    assert descriptions(typewritten(f"{HEADER}{GAUZE}{visit}{words}\n{SALINE}"))[1] == f"Infusion service visit, {words}"


@pytest.mark.parametrize("words", ["Total", "Shipping", "Sub total"])
def test_a_word_of_a_sum_by_itself_is_no_part_of_a_description(typewritten: Typewriter, words: str) -> None:
    assert descriptions(typewritten(f"{HEADER}{GAUZE}{SALINE}{words}\n")) == PLAIN


@pytest.mark.parametrize(
    "sentence",
    ["Keep these 3 boxes in a refrigerator.", "Prices are valid until 30 June.", "Pay online at www.acme.example"],
)
def test_a_sentence_under_an_item_is_a_remark_though_it_runs_through_other_columns(typewritten: Typewriter, sentence: str) -> None:
    assert descriptions(typewritten(f"{HEADER}{GAUZE}{SALINE}{sentence}\n")) == PLAIN
    assert descriptions(typewritten(f"{HEADER}{GAUZE}{sentence}\n{SALINE}")) == PLAIN


FORM = """
Qty   Description                        Unit price      Amount
  3   Gauze sponge, sterile                    4.50       13.50
 10   Saline 0.9 % bag, 1000 mL                2.25       22.50
"""


@pytest.mark.parametrize("left", ["I certify that this is correct.", "Certified by the contractor   "])
def test_numbered_sums_of_a_form_beside_other_words_are_no_items(typewritten: Typewriter, left: str) -> None:
    form = f"{FORM}{left}     14. Subtotal         36.00\nSigned                              15. Sales tax         0.00\n"
    assert descriptions(typewritten(form)) == ["Gauze sponge, sterile", "Saline 0.9 % bag, 1000 mL"]


CHARGES = dated("Service date", "Description", "Amount") + dated("03/01/2024", "Gauze sponge, sterile", "13.50")
CHARGES += dated("03/02/2024", "Saline 0.9 % bag", "22.50") + dated("03/04/2024", "Heparin lock flush", "24.00")


@pytest.mark.parametrize("sentence", ["If paid within ten days of receipt", "We ask you to send what you owe by mail"])
def test_a_sentence_that_begins_left_of_the_descriptions_is_no_item_though_an_amount_follows(
    typewritten: Typewriter, sentence: str
) -> None:
    found = descriptions(typewritten(f"{CHARGES}{sentence:<58}{'58.80':>10}\n"))
    assert found == ["Gauze sponge, sterile", "Saline 0.9 % bag", "Heparin lock flush"]


def test_one_word_left_of_a_description_leaves_it_an_item(typewritten: Typewriter) -> None:
    assert descriptions(typewritten(CHARGES + dated("         March", "Wheelchair", "58.80")))[3:] == ["Wheelchair"]


def typeset(rows: Sequence[Sequence[tuple[int, str]]]) -> DocumentText:
    """Rows of cells, each with its left edge in points; one space is narrower than a letter."""
    words = []
    for number, row in enumerate(rows):
        for left, text in row:
            x = float(left)
            for word in text.split():
                box = Box(x / 612, (40 + 14 * number) / 792, (x + 5 * len(word)) / 612, (50 + 14 * number) / 792)
                words.append(Word(word, box, number))
                x = x + 5 * len(word) + 3
    return DocumentText((Page(1, 612, 792, tuple(words)),))


def test_a_size_at_the_end_of_a_description_fills_no_empty_column_beside_it() -> None:
    header = [(40, "Description"), (215, "Discount"), (285, "Qty"), (355, "Price"), (440, "Amount")]
    saline = [(40, "Saline flush in a sterile syringe, 10"), (295, "3"), (360, "4.50"), (445, "13.50")]
    heparin = [(40, "Heparin in a sterile lock syringe, 5"), (295, "2"), (355, "12.00"), (445, "24.00")]
    assert descriptions(typeset([header, saline, heparin])) == [
        "Saline flush in a sterile syringe, 10",
        "Heparin in a sterile lock syringe, 5",
    ]
