from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from mlcore.documents import DocumentText
from mlcore.schema import LineItem
from mlcore.tables.read import read_table

Typewriter = Callable[..., DocumentText]

PLAIN = """
ACME Medical Supply
Invoice 4711           12 March 2026

Description                    Qty     Unit price      Amount
Gauze sponge, sterile            3          4.50        13.50
Saline 0.9 % bag,               10          2.25        22.50
1000 mL
Heparin lock flush               2         12.00        24.00

Subtotal                                                60.00
Tax                                                      0.00
Total                                                   60.00
"""
WRAPPED = "Saline 0.9 % bag, 1000 mL"


def rows(document: DocumentText) -> list[tuple[str | None, str, str, str]]:
    items: tuple[LineItem, ...] = read_table(document, None).items
    return [(item.description, str(item.quantity), str(item.unit_price), str(item.total)) for item in items]


def test_a_plain_table_with_a_wrapped_description(typewritten: Typewriter) -> None:
    assert rows(typewritten(PLAIN)) == [
        ("Gauze sponge, sterile", "3", "4.50", "13.50"),
        (WRAPPED, "10", "2.25", "22.50"),
        ("Heparin lock flush", "2", "12.00", "24.00"),
    ]


def test_cells_know_their_places(typewritten: Typewriter) -> None:
    document = typewritten(PLAIN)
    reading = read_table(document, None)
    cell = reading.rows[1].cells["description"]
    assert cell.raw == WRAPPED
    assert [place.page for place in cell.evidence] == [1, 1]
    amount = reading.rows[2].cells["total"]
    assert [document.pages[0].words[index].text for _, index in amount.words] == ["24.00"]
    assert set(amount.words) <= reading.consumed
    printed = {document.pages[page - 1].words[index].text for page, index in reading.consumed}
    assert "60.00" not in printed


def test_two_lines_of_header_decimal_commas_and_grouped_thousands(typewritten: Typewriter) -> None:
    text = """
Bezeichnung                    Menge      Einzel-        Betrag
                                          preis           EUR
Verbandmaterial                 12       1 100,50      13 206,00
Infusion                        2,5         40,00         100,00
Rechnungssumme                                         13 306,00
"""
    assert rows(typewritten(text)) == [
        ("Verbandmaterial", "12", "1100.50", "13206.00"),
        ("Infusion", "2.5", "40.00", "100.00"),
    ]


def test_section_lines_and_carried_amounts_are_no_items(typewritten: Typewriter) -> None:
    text = """
Description                    Qty     Price      Amount
Gauze                            3      4.50       13.50
Section subtotal                                   13.50
Carried forward                                    13.50
Heparin                          2     12.00       24.00
Total                                              37.50
"""
    assert [row[0] for row in rows(typewritten(text))] == ["Gauze", "Heparin"]


def test_a_table_goes_on_over_the_page_with_a_repeated_header(typewritten: Typewriter) -> None:
    head = "Description                    Qty     Price      Amount\n"
    text = f"{head}Gauze                            3      4.50       13.50\nCarried forward                                    13.50\n\f"
    text += f"ACME page 2\n{head}Brought forward                                    13.50\n"
    text += "Heparin                          2     12.00       24.00\nTotal                                              37.50\n"
    reading = read_table(typewritten(text), None)
    assert [item.description for item in reading.items] == ["Gauze", "Heparin"]
    assert [row.cells["total"].evidence[0].page for row in reading.rows] == [1, 2]


def test_codes_under_the_description(typewritten: Typewriter) -> None:
    text = """
Item                           Qty     Price      Amount
Heparin lock flush               2     12.00       24.00
NDC 0409-1162-02
HCPCS J1642
Ketorolac 30 mg vial             3      4.00       12.00
NDC 0338-0072-25
"""
    items = read_table(typewritten(text), None).items
    assert [(item.description, item.ndc_code, item.cpt_code) for item in items] == [
        ("Heparin lock flush", "0409-1162-02", "J1642"),
        ("Ketorolac 30 mg vial", "0338-0072-25", None),
    ]


def test_arithmetic_says_which_column_is_which_when_words_do_not(typewritten: Typewriter) -> None:
    text = """
Particulars                    Foo       Bar        Amount
Gauze                            3      4.50         13.50
Heparin                          2     12.00         24.00
"""
    assert rows(typewritten(text)) == [("Gauze", "3", "4.50", "13.50"), ("Heparin", "2", "12.00", "24.00")]


def test_a_receipt_without_words_over_its_columns(typewritten: Typewriter) -> None:
    text = """
CORNER PHARMACY
Bandage roll              4.20
Cough syrup              11.90
Total                    16.10
"""
    items = read_table(typewritten(text), None).items
    assert [(item.description, item.total) for item in items] == [("Bandage roll", Decimal("4.20")), ("Cough syrup", Decimal("11.90"))]


@pytest.mark.parametrize("text", ["", "Dear customer,\nthank you.", "Total 5.00", "\f\f", "Qty Price Amount"])
def test_pages_without_a_table_give_no_rows(typewritten: Typewriter, text: str) -> None:
    assert read_table(typewritten(text), None).items == ()
