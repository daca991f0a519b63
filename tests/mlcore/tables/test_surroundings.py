"""What stands beside, under and between the columns: cards, footers, codes."""

from __future__ import annotations

from collections.abc import Callable

from mlcore.documents import DocumentText
from mlcore.schema import LineItem
from mlcore.tables.read import read_table

Typewriter = Callable[..., DocumentText]
TABLE = """
Qty   Description                        Unit price      Amount
  3   Gauze sponge, sterile                    4.50       13.50
 10   Saline 0.9 % bag, 1000 mL,               2.25       22.50
      60 bags a box
"""


def items(document: DocumentText) -> tuple[LineItem, ...]:
    return read_table(document, None).items


def said(document: DocumentText) -> list[tuple[str | None, str, str]]:
    return [(item.description, str(item.quantity), str(item.total)) for item in items(document)]


WHOLE = [("Gauze sponge, sterile", "3", "13.50"), ("Saline 0.9 % bag, 1000 mL, 60 bags a box", "10", "22.50")]


def test_a_number_that_goes_on_with_a_description_is_no_second_quantity(typewritten: Typewriter) -> None:
    assert said(typewritten(TABLE)) == WHOLE


def test_totals_that_stand_beside_a_footer_end_the_table(typewritten: Typewriter) -> None:
    footer = """
Thank you for your business.                   Subtotal   36.00
Pay 35.28 within 10 days or 36.00 by June.     Sales tax   0.00
Claims are to be made in five days.            Total      36.00
"""
    assert said(typewritten(TABLE + footer)) == WHOLE


def test_a_sentence_about_payment_and_the_number_of_the_page_are_no_items(typewritten: Typewriter) -> None:
    payment = "Pay $ 35.28 within 10 days or $ 36.00 by the end of June"
    footer = f"\n{payment}\n\nACME Supply, Tax ID 12-3456789                 Page 1 of        1\n"
    assert said(typewritten(TABLE + footer)) == WHOLE


CARDS = """
1.  Gauze sponge, sterile
    Quantity     Unit price     NDC             Amount
    3            4.50           12345-678-90     13.50

2.  Port access and flush service, kit included
    Quantity     Unit price     Code            Amount
    10           2.25           96523            22.50

3.  Heparin lock flush 100 units/mL
    Quantity     Unit price     NDC             Amount
    2            12.00          0009-0047-26     24.00

Sum of lines     60.00
"""


def test_items_that_repeat_their_headings_have_the_line_above_as_description(typewritten: Typewriter) -> None:
    assert said(typewritten(CARDS)) == [
        ("Gauze sponge, sterile", "3", "13.50"),
        ("Port access and flush service, kit included", "10", "22.50"),
        ("Heparin lock flush 100 units/mL", "2", "24.00"),
    ]


CODED = """
Description                    Qty     Unit price      Amount
J1100 Dexamethasone 4 mg/mL      3          4.50        13.50
99213 Office visit               1         22.50        22.50
Albuterol inhaler                2         12.00        24.00
Code 90746
"""


def test_five_digits_are_a_code_behind_the_word_and_where_others_lead_with_one(typewritten: Typewriter) -> None:
    assert [(item.description, item.cpt_code) for item in items(typewritten(CODED))] == [
        ("Dexamethasone 4 mg/mL", "J1100"),
        ("Office visit", "99213"),
        ("Albuterol inhaler", "90746"),
    ]
    plain = CODED.replace("J1100 ", "").replace("Code 90746\n", "")
    assert [(item.description, item.cpt_code) for item in items(typewritten(plain))][1] == ("99213 Office visit", None)


def test_a_line_of_a_code_and_words_behind_it_is_a_description(typewritten: Typewriter) -> None:
    text = """
Description                    Qty     Unit price      Amount

J1100 Injection, dexamethasone
sodium phosphate                 3          4.50        13.50

J2405 Injection, ondansetron
4 mg/2 mL                        1         22.50        22.50
"""
    assert [item.description for item in items(typewritten(text))] == [
        "Injection, dexamethasone sodium phosphate",
        "Injection, ondansetron 4 mg/2 mL",
    ]


def test_of_two_columns_of_one_name_the_one_counts_that_multiplies(typewritten: Typewriter) -> None:
    text = """
Description                Qty     Unit     Unit price      Amount
Gauze sponge, sterile        3        7           4.50       13.50
Heparin lock flush           2        8          12.00       24.00
"""
    assert [str(item.unit_price) for item in items(typewritten(text))] == ["4.50", "12.00"]
