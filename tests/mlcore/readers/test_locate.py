from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from mlcore.documents import DocumentText
from mlcore.readers.layout import build_layout
from mlcore.readers.locate import locate, locate_tokens
from mlcore.schema import ValueKind

TEXT = """
Greenleaf Pharmacy            Invoice A-1700
12 Elm Street                 Date 03/04/2024
Toledo, OH 43604

Amoxicillin capsules     2    10.50    21.00
500 mg, bottle of 30
Total                                  21.00
"""


def words(document: DocumentText, kind: ValueKind, value: object) -> list[str]:
    places = locate_tokens(build_layout(document), kind, value)  # type: ignore[arg-type]  # values of any kind in one helper
    return [" ".join(token.text for token in place) for place in places]


def test_values_of_every_kind_are_found(typewritten: Callable[..., DocumentText]) -> None:
    document = typewritten(TEXT)
    assert words(document, ValueKind.IDENTIFIER, "a-1700") == ["A-1700"]
    assert words(document, ValueKind.DATE, dt.date(2024, 3, 4)) == ["03/04/2024"]
    assert words(document, ValueKind.MONEY, Decimal("21")) == ["21.00", "21.00"]
    assert words(document, ValueKind.QUANTITY, Decimal("2")) == ["2"]


def test_a_text_over_two_lines_gets_one_box_for_each_line(typewritten: Callable[..., DocumentText]) -> None:
    (place,) = locate(typewritten(TEXT), ValueKind.TEXT, "12 Elm Street, Toledo, OH 43604")
    assert len(place) == 2
    (description,) = words(typewritten(TEXT), ValueKind.TEXT, "Amoxicillin capsules 500 mg, bottle of 30")
    assert description == "Amoxicillin capsules 500 mg, bottle of 30"


def test_misread_text_is_found(typewritten: Callable[..., DocumentText]) -> None:
    assert words(typewritten("Greenl3af Pharmcy\nInvoice"), ValueKind.TEXT, "Greenleaf Pharmacy") == ["Greenl3af Pharmcy"]


def test_what_is_not_printed_has_no_place(typewritten: Callable[..., DocumentText]) -> None:
    document = typewritten(TEXT)
    assert locate(document, ValueKind.MONEY, Decimal("99.99")) == []
    assert locate(document, ValueKind.TEXT, "Harborview Clinic") == []
    assert locate(document, ValueKind.TEXT, None) == []
