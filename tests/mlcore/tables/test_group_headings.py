"""Headings of groups of items that only a sum below, the first heading or the room around them tells from descriptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from mlcore.documents import Box, DocumentText
from mlcore.tables.read import read_table

Typewriter = Callable[..., DocumentText]


def line(description: str, quantity: str = "", price: str = "", amount: str = "") -> str:
    """One printed line; the columns end where those of the header end."""
    return f"{description:<31}{quantity:>3}{price:>10}{amount:>12}\n"


def with_room(document: DocumentText, lines: Sequence[int], room: float = 6.0) -> DocumentText:
    """The page with a little more white (points) above some of its lines."""
    (page,) = document.pages
    words = []
    for word in page.words:
        down = room * sum(word.line >= number for number in lines) / page.height
        words.append(replace(word, box=Box(word.box.x0, word.box.y0 + down, word.box.x1, word.box.y1 + down)))
    return DocumentText((replace(page, words=tuple(words)),))


def descriptions(document: DocumentText) -> list[str | None]:
    return [item.description for item in read_table(document, None).items]


HEADER = line("Description", "Qty", "Price", "Amount")
GAUZE = line("Gauze, sterile", "3", "4.50", "13.50")
SALINE = line("Saline 0.9 % bag, for infusion,", "10", "2.25", "22.50") + "1000 mL each\n"
LONG = line("Saline 0.9 % bag for infusions", "10", "2.25", "22.50")
"""So long that no word of the next line had room behind it."""
BROKEN = "Saline 0.9 % bag, for infusion,\n" + line("1000 mL each", "10", "2.25", "22.50")
HEPARIN = line("Heparin lock flush", "2", "12.00", "24.00")
ITEMS = ["Gauze, sterile", "Saline 0.9 % bag, for infusion, 1000 mL each"]


@pytest.mark.parametrize("words", ["Sum of infusion therapy", "Total infusion therapy"])
def test_a_heading_that_the_last_line_of_the_table_sums_up_is_no_description(typewritten: Typewriter, words: str) -> None:
    text = f"{HEADER}{GAUZE}Infusion therapy\n{SALINE}{line(words, '', '', '22.50')}"
    assert descriptions(typewritten(text)) == ITEMS


def test_evenly_set_lines_that_begin_with_a_heading_have_others_like_it(typewritten: Typewriter) -> None:
    text = f"{HEADER}Wound care\n{GAUZE}{LONG}Flushing supplies\n{HEPARIN}"
    assert descriptions(typewritten(text)) == ["Gauze, sterile", "Saline 0.9 % bag for infusions", "Heparin lock flush"]


@pytest.mark.parametrize(
    ("saline", "below"),
    [(LONG, "Flushing With"), (LONG, "1000 mL each"), (LONG, "pack of six"), (LONG.replace("infusions", "infusion,"), "Flushing supplies")],
    ids=["several capitals", "digits", "no capital", "the words before need more"],
)
def test_a_line_that_is_not_set_like_the_first_heading_stays_with_its_item(typewritten: Typewriter, saline: str, below: str) -> None:
    found = descriptions(typewritten(f"{HEADER}Wound care\n{GAUZE}{saline}{below}\n{HEPARIN}"))
    assert found[1] == f"{saline[:31].rstrip()} {below}"


def test_without_a_first_heading_a_short_line_goes_on_with_the_item_before(typewritten: Typewriter) -> None:
    found = descriptions(typewritten(f"{HEADER}{GAUZE}{LONG}Flushing supplies\n{HEPARIN}"))
    assert found == ["Gauze, sterile", "Saline 0.9 % bag for infusions Flushing supplies", "Heparin lock flush"]


def test_a_heading_above_a_broken_description_is_told_by_the_room_around_it(typewritten: Typewriter) -> None:
    document = with_room(typewritten(f"{HEADER}{GAUZE}Infusion therapy\n{BROKEN}{HEPARIN}"), [2, 3, 5])
    assert descriptions(document) == [*ITEMS, "Heparin lock flush"]


def test_a_heading_above_a_broken_description_is_told_by_the_first_one(typewritten: Typewriter) -> None:
    text = f"{HEADER}Wound care\n{GAUZE}Infusion therapy\n{BROKEN}Flushing\n{HEPARIN}"
    assert descriptions(typewritten(text)) == [*ITEMS, "Heparin lock flush"]
