"""Guesses of how an answer goes on."""

from __future__ import annotations

import pytest

from mlcore.answers import FORMS, AnswerForm
from mlcore.answers.printed import printed_record
from mlcore.dataset.synthetic import generate
from mlcore.inference.ahead import Ahead
from mlcore.page_text import page_text
from tests.mlcore.conftest import Typewriter

_FORMS = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
_PAGE = """
Apex Infusion Services            Invoice No. INV-7

Description          Qty     Price     Amount
Saline bag             1     20.00      20.00
Gauze                  2     10.00      20.00
Tubing set,            3      5.00      15.00
sterile
                          Amount due    55.00
"""
_ITEMS = [("Saline bag", "1", "20.00", "20.00"), ("Gauze", "2", "10.00", "20.00"), ("Tubing set, sterile", "3", "5.00", "15.00")]


def _printed(items: int) -> dict[str, str]:
    printed = {"vendor.name": "Apex Infusion Services", "invoice_number": "INV-7", "total": "55.00"}
    for row, item in enumerate(_ITEMS[:items]):
        printed.update(zip((f"line_items[{row}].{name}" for name in ("description", "quantity", "unit_price", "total")), item, strict=True))
        printed[f"line_items[{row}].type"] = "S"
    return printed


@_FORMS
def test_after_one_item_the_next_rows_are_guessed_cell_by_cell(form: AnswerForm, typewritten: Typewriter) -> None:
    whole = "".join(part.text for part in form.spell(_printed(3)))
    ahead = Ahead(page_text(typewritten(_PAGE)), form)
    said = whole[: whole.index("Gauze")]
    assert said + ahead.text(said) == whole
    begun = whole[: whole.index("10.00")]
    assert begun + ahead.text(begun) == whole


@_FORMS
def test_a_header_is_guessed_by_the_general_readers(form: AnswerForm, typewritten: Typewriter) -> None:
    ahead = Ahead(page_text(typewritten(_PAGE)), form)
    whole = "".join(part.text for part in form.spell(_printed(0)))
    start = whole.index("INV-7") + 2
    assert ahead.text(whole[:start]).startswith("V-7")


@_FORMS
def test_the_first_items_are_guessed_by_the_general_readers(form: AnswerForm, typewritten: Typewriter) -> None:
    whole = "".join(part.text for part in form.spell(_printed(2)))
    ahead = Ahead(page_text(typewritten(_PAGE)), form)
    said = whole[: whole.index("Saline bag")]
    assert (said + ahead.text(said)).startswith(whole[: whole.index("Gauze")])


@_FORMS
def test_a_value_that_was_begun_otherwise_goes_on_and_the_rest_of_its_item_with_it(form: AnswerForm, typewritten: Typewriter) -> None:
    whole = "".join(part.text for part in form.spell(_printed(2)))
    ahead = Ahead(page_text(typewritten(_PAGE)), form)
    said = whole[: whole.index("Saline bag")] + "bag"
    assert whole.endswith(ahead.text(said))
    assert ahead.text(said).count("Gauze") == 1
    other = whole[: whole.index("Gauze") + len("Gauze")].replace("Saline bag", "Saline")
    assert ahead.text(other)


@_FORMS
def test_most_of_a_generated_invoice_is_guessed_right(form: AnswerForm) -> None:
    """Whoever only hears where a guess goes wrong, and one true sign each time, is told most of an answer."""
    told = signs = 0
    for document in generate(6, 21):
        whole = "".join(part.text for part in form.spell(printed_record(document.gold)))
        ahead = Ahead(page_text(document.text), form)
        at = 0
        while at < len(whole):
            guess = ahead.text(whole[:at])
            right = next((n for n, sign in enumerate(guess) if at + n >= len(whole) or whole[at + n] != sign), len(guess))
            told += right
            at += right + 1
        signs += len(whole)
    assert told > 0.9 * signs
