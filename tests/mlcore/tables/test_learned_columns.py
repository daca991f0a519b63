"""Where learned columns begin, and side notes that stand in two of them."""

from __future__ import annotations

from collections.abc import Callable

from mlcore.documents import DocumentText, GoldExample
from mlcore.record_json import record_from_json
from mlcore.tables.learn import learn_table
from mlcore.tables.read import read_table

Typewriter = Callable[..., DocumentText]


def line(description: str, quantity: str = "", price: str = "", amount: str = "") -> str:
    """One printed line; the columns end where those of the header end."""
    return f"{description:<45}{quantity:>3}{price:>10}{amount:>12}\n"


HEADER = line("Description", "Qty", "Price", "Amount")
HEPARIN = line("0009-0047-26 Heparin lock flush", "2", "12.00", "24.00")
GAUZE = line("Gauze, sterile", "3", "4.50", "13.50")
OTHERS = line("0338-0072-25 Ketorolac 30 mg vial", "3", "4.00", "12.00") + line("0338-0049-04 Saline bag", "10", "2.25", "22.50")
RECORD = [
    {"description": "Heparin lock flush", "quantity": "2", "unit_price": "12.00", "total": "24.00", "ndc_code": "0009-0047-26"},
    {"description": "Gauze, sterile", "quantity": "3", "unit_price": "4.50", "total": "13.50"},
    {"description": "Ketorolac 30 mg vial", "quantity": "3", "unit_price": "4.00", "total": "12.00", "ndc_code": "0338-0072-25"},
    {"description": "Saline bag", "quantity": "10", "unit_price": "2.25", "total": "22.50", "ndc_code": "0338-0049-04"},
]


def test_descriptions_begin_under_their_heading_though_a_drug_code_leads_most_of_them(typewritten: Typewriter) -> None:
    labels = frozenset(f"line_items.{name}" for name in RECORD[0])
    example = GoldExample(typewritten(HEADER + HEPARIN + GAUZE + OTHERS), record_from_json({"line_items": RECORD}), "v", {}, labels)
    template = learn_table([example])
    assert template is not None
    items = read_table(typewritten(HEADER + GAUZE + HEPARIN + line("Gauze sponge", "4", "4.50", "18.00")), template).items
    assert [(item.description, item.ndc_code) for item in items] == [
        ("Gauze, sterile", None),
        ("Heparin lock flush", "0009-0047-26"),
        ("Gauze sponge", None),
    ]


def numbered(number: str, rest: str) -> str:
    return f"{number:<6}{rest}"


def test_a_side_note_behind_a_number_of_its_own_is_no_part_of_a_learned_description(typewritten: Typewriter) -> None:
    header = numbered("Line", HEADER)
    first = header + numbered("1", GAUZE) + numbered("2", line("Saline bag", "10", "2.25", "22.50"))
    record = [{"description": "Gauze, sterile", "quantity": "3", "unit_price": "4.50", "total": "13.50"}]
    record.append({"description": "Saline bag", "quantity": "10", "unit_price": "2.25", "total": "22.50"})
    labels = frozenset(f"line_items.{name}" for name in record[0])
    template = learn_table([GoldExample(typewritten(first), record_from_json({"line_items": record}), "v", {}, labels)])
    assert template is not None
    noted = header + numbered("1", GAUZE) + numbered("1.1", "Lot A12\n") + numbered("2", line("Heparin lock flush", "2", "12.00", "24.00"))
    assert [item.description for item in read_table(typewritten(noted), template).items] == ["Gauze, sterile", "Heparin lock flush"]
