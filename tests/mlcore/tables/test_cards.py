"""Items that repeat their headings: cards whose columns, codes among them, are not the same in all."""

from __future__ import annotations

from collections.abc import Callable

from mlcore.documents import DocumentText, GoldExample
from mlcore.record_json import record_from_json
from mlcore.tables.learn import learn_table
from mlcore.tables.read import read_table
from mlcore.tables.template import TableTemplate

Typewriter = Callable[..., DocumentText]
Row = tuple[str | None, str, str | None]

_WIDTHS = (13, 15, 17, 13)
FIELDS = ("description", "quantity", "unit_price", "total", "cpt_code")


def card(name: str, *cells: tuple[str, str]) -> str:
    """A description over headings and what stands under them; the amount, the last, always stands in one place."""
    lines = ["".join(cell[part].ljust(width) for cell, width in zip(cells[:-1], _WIDTHS, strict=False)) for part in (0, 1)]
    return "".join([f"{name}\n", *(f"    {line:<58}{cells[-1][part]:>8}\n" for part, line in enumerate(lines)), "\n"])


def cards(*parts: str) -> str:
    return "".join(parts) + f"{'Sum of lines':<62}{'60.00':>8}\n"


def gauze(*code: tuple[str, str]) -> str:
    return card("1.  Gauze sponge, sterile", ("Quantity", "3"), ("Unit price", "4.50"), *code, ("Amount", "13.50"))


PORT = card("2.  Port access and flush service", ("Quantity", "10"), ("Unit price", "2.25"), ("Code", "96523"), ("Amount", "22.50"))
HEPARIN = card("3.  Heparin lock flush", ("Quantity", "2"), ("Unit price", "12.00"), ("Code", "J1642"), ("Amount", "24.00"))
SAID: list[Row] = [
    ("Gauze sponge, sterile", "3", "A6402"),
    ("Port access and flush service", "10", "96523"),
    ("Heparin lock flush", "2", "J1642"),
]


def read(document: DocumentText, template: TableTemplate | None = None) -> list[Row]:
    return [(item.description, str(item.quantity), item.cpt_code) for item in read_table(document, template).items]


def learned(document: DocumentText) -> TableTemplate:
    """What the three cards teach."""
    rows = zip(SAID, ("4.50", "2.25", "12.00"), ("13.50", "22.50", "24.00"), strict=True)
    items = [dict(zip(FIELDS, (name, quantity, price, total, code), strict=True)) for (name, quantity, code), price, total in rows]
    labels = frozenset(f"line_items.{field}" for field in FIELDS)
    template = learn_table([GoldExample(document, record_from_json({"line_items": items}), "v", {}, labels)])
    assert template is not None
    return template


def test_five_digits_in_the_column_of_codes_are_one_where_another_card_has_a_letter_before_its(typewritten: Typewriter) -> None:
    assert read(typewritten(cards(gauze(("Code", "A6402")), PORT, HEPARIN))) == SAID


def test_five_digits_alone_in_the_column_of_codes_are_none(typewritten: Typewriter) -> None:
    plain = cards(gauze(("Code", "10442")), PORT, HEPARIN.replace("J1642", "30218"))
    assert [code for _, _, code in read(typewritten(plain))] == [None, None, None]


def test_a_code_that_stands_where_other_cards_have_something_else(typewritten: Typewriter) -> None:
    drug = gauze(("NDC", "0009-0047-26"), ("HCPCS", "A6402"))
    assert read(typewritten(cards(drug, PORT.replace("Code ", "HCPCS"), HEPARIN.replace("Code ", "HCPCS")))) == SAID


def test_a_learned_column_of_codes_is_one_column(typewritten: Typewriter) -> None:
    template = learned(typewritten(cards(gauze(("Code", "A6402")), PORT, HEPARIN)))
    assert [column.role for column in template.columns] == ["description", "quantity", "unit_price", "cpt_code", "total"]


def test_a_first_card_with_fewer_headings_than_were_learned_is_read_too(typewritten: Typewriter) -> None:
    template = learned(typewritten(cards(gauze(("Code", "A6402")), PORT, HEPARIN)))
    assert read(typewritten(cards(gauze(), PORT, HEPARIN)), template) == [("Gauze sponge, sterile", "3", None), *SAID[1:]]


def test_quantity_and_price_with_a_sign_between_stand_under_their_description(typewritten: Typewriter) -> None:
    text = """
Item                               Amount

Wheelchair, manual, 18 inch
2 x $154.82                        $309.64

Walker with front wheels
1 x $62.10                          $62.10
"""
    items = read_table(typewritten(text), None).items
    assert [(item.description, str(item.quantity), str(item.unit_price)) for item in items] == [
        ("Wheelchair, manual, 18 inch", "2", "154.82"),
        ("Walker with front wheels", "1", "62.10"),
    ]
