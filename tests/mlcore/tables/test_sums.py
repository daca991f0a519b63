"""A row whose amount is the sum of the rows above it is no item."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from mlcore.dataset.synthetic import generate
from mlcore.documents import DocumentText
from mlcore.tables.read import read_table
from mlcore.templates.extractor import TemplateExtractor

Typewriter = Callable[..., DocumentText]


def line(description: str, quantity: str = "", price: str = "", amount: str = "") -> str:
    """One printed line; the columns end where those of the header end."""
    return f"{description:<31}{quantity:>3}{price:>10}{amount:>12}\n"


HEADER = line("Description", "Qty", "Price", "Amount")
GAUZE = line("Gauze, sterile", "3", "4.50", "13.50")
SALINE = line("Saline 0.9 % bag", "10", "2.25", "22.50")
HEPARIN = line("Heparin lock flush", "2", "12.00", "24.00")


def descriptions(document: DocumentText) -> list[str | None]:
    return [item.description for item in read_table(document, None).items]


@pytest.mark.parametrize(
    "below",
    [
        "Keep this page for your records. Total charges".ljust(51) + "36.00",
        line("I certify that this is correct", "14", "", "36.00") + line("Signature of contractor", "16", "", "36.00"),
        line("All prices in USD", "", "", "36.00"),
    ],
    ids=["a sentence before the word", "numbered lines of a form", "no word at all"],
)
def test_a_sum_with_any_words_before_it_is_no_item(typewritten: Typewriter, below: str) -> None:
    assert descriptions(typewritten(HEADER + GAUZE + SALINE + below)) == ["Gauze, sterile", "Saline 0.9 % bag"]


def test_sums_of_sections_and_of_everything(typewritten: Typewriter) -> None:
    text = HEADER + GAUZE + SALINE + line("Nursing", "1", "", "36.00") + HEPARIN + GAUZE
    text += line("Pharmacy", "2", "", "37.50") + line("Please remit", "3", "", "73.50")
    assert descriptions(typewritten(text)) == ["Gauze, sterile", "Saline 0.9 % bag", "Heparin lock flush", "Gauze, sterile"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADER + GAUZE + line("Courier, same day", "1", "13.50", "13.50"), 2),
        (HEADER + GAUZE + SALINE + line("Courier, same day", "1", "36.00", "36.00"), 3),
        (HEADER + GAUZE + SALINE + line("Courier, same day", "1", "", "36.01"), 3),
        (HEADER + GAUZE + line("Courier, same day", "1", "", "13.50"), 2),
        ("Item              Amount\nAspirin             1.00\nGauze               2.00\nPlasters            3.00\n", 3),
    ],
    ids=["priced", "priced like the sum", "a cent off", "like the only row", "a receipt without quantities"],
)
def test_an_item_that_costs_as_much_as_others_stays(typewritten: Typewriter, text: str, expected: int) -> None:
    assert len(descriptions(typewritten(text))) == expected


def test_no_synthetic_document_sums_to_twice_its_subtotal() -> None:
    wanted = ("kestrel_veterans", "lakeside_infusion", "precision_compounding", "mobility_first")
    seen = [document for document in generate(200, 12) if document.vendor.key in wanted]
    extractor = TemplateExtractor()
    for document in seen:
        gold = document.gold
        found = extractor.extract([gold.document])[0].record
        amounts = sum((item.total or Decimal(0) for item in found.line_items), Decimal(0))
        assert amounts == found.subtotal == gold.record.subtotal, document.id
    assert len(seen) > 15
