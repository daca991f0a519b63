"""Headings and remarks between the items belong to no description; broken lines do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlcore.documents import DocumentText
from mlcore.tables.read import read_table

Typewriter = Callable[..., DocumentText]


def line(description: str, quantity: str = "", price: str = "", amount: str = "") -> str:
    """One printed line; the columns end where those of the header end."""
    return f"{description:<31}{quantity:>3}{price:>10}{amount:>12}\n"


HEADER = line("Description", "Qty", "Price", "Amount")
GAUZE = line("Gauze, sterile", "3", "4.50", "13.50")
SALINE = line("Saline 0.9 % bag, for infusion,", "10", "2.25", "22.50")
WRAP = "1000 mL each\n"
HEPARIN = line("Heparin lock flush", "2", "12.00", "24.00")
ITEMS = ["Gauze, sterile", "Saline 0.9 % bag, for infusion, 1000 mL each", "Heparin lock flush"]


def descriptions(document: DocumentText) -> list[str | None]:
    return [item.description for item in read_table(document, None).items]


@pytest.mark.parametrize(
    "body",
    [
        f"Wound care\n\n{GAUZE}\nInfusion\n\n{SALINE}{WRAP}\nFlushing\n\n{HEPARIN}",
        f"{GAUZE}\nInfusion therapy\n\n{SALINE}{WRAP}\n{HEPARIN}",
        f"Wound care\n{GAUZE}Infusion\n{SALINE}{WRAP}{HEPARIN}{line('Infusion total', '', '', '46.50')}",
    ],
    ids=["apart and over every item", "apart in the middle", "named by a sum"],
)
def test_a_heading_is_no_description(typewritten: Typewriter, body: str) -> None:
    found = descriptions(typewritten(HEADER + body))
    assert found[1:] == ITEMS[1:]
    assert found[0] in (ITEMS[0], f"Wound care {ITEMS[0]}")  # nothing tells the first of evenly spaced lines from a description


def test_evenly_spaced_headings_are_told_by_the_room_that_was_left(typewritten: Typewriter) -> None:
    body = f"Wound care\n{GAUZE}Flushing\n{HEPARIN}Infusion\n{line('Saline 0.9 % bag, for infusion', '10', '2.25', '22.50')}"
    assert descriptions(typewritten(HEADER + body)) == ["Gauze, sterile", "Heparin lock flush", "Saline 0.9 % bag, for infusion"]


def test_a_remark_is_a_sentence_among_descriptions_that_are_none(typewritten: Typewriter) -> None:
    body = f"{GAUZE}Keep refrigerated.\n{SALINE}{WRAP}Signature required.\n{HEPARIN}Contract price applied.\n"
    assert descriptions(typewritten(HEADER + body)) == ITEMS
    spoken = line("Gauze, for wounds.", "3", "4.50", "13.50") + "Kept sterile.\n" + line("Heparin flushing.", "2", "12.00", "24.00")
    assert descriptions(typewritten(HEADER + spoken)) == ["Gauze, for wounds. Kept sterile.", "Heparin flushing."]


def test_a_broken_line_stays_with_its_item_on_whichever_side_it_stands(typewritten: Typewriter) -> None:
    assert descriptions(typewritten(HEADER + GAUZE + SALINE + WRAP + HEPARIN)) == ITEMS
    above = "Saline 0.9 % bag, for infusion,\n" + line("1000 mL each", "10", "2.25", "22.50")
    other = "Gauze, for wounds of any kind,\n" + line("sterile", "3", "4.50", "13.50")
    assert descriptions(typewritten(f"{HEADER}{above}\n{other}")) == [
        "Saline 0.9 % bag, for infusion, 1000 mL each",
        "Gauze, for wounds of any kind, sterile",
    ]
