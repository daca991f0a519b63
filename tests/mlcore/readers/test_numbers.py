"""What may be the number of an invoice, and what never is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mlcore.documents import DocumentText
from mlcore.readers.context import Context
from mlcore.readers.dates import find_dates
from mlcore.readers.layout import build_layout
from mlcore.readers.number_reader import find_numbers

Typewriter = Callable[..., DocumentText]


def numbers(document: DocumentText) -> list[str]:
    context = Context(build_layout(document))
    return [span.value for span in find_numbers(context, find_dates(context.rows))]


@pytest.mark.parametrize("text", ["P.O. Box 1592", "PO BOX 1592", "Suite 900", "Floor 12", "Postfach 4711", "BP 20034"])
def test_a_post_box_a_suite_and_a_floor_are_no_numbers_of_an_invoice(typewritten: Typewriter, text: str) -> None:
    assert numbers(typewritten(text)) == []


def test_a_number_beside_an_address_stays(typewritten: Typewriter) -> None:
    assert numbers(typewritten("400 Dock Street, Suite 9      Invoice HV-20991\nBox")) == ["400", "HV-20991"]
