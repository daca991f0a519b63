from __future__ import annotations

from collections.abc import Callable

import pytest

from mlcore.documents import Box, DocumentText, Page, Word
from mlcore.readers.layout import build_layout
from mlcore.tables.codes import find_ndc, find_procedure

Typewriter = Callable[..., DocumentText]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Heparin NDC 0409-1162-02", "0409-1162-02"),
        ("Heparin NDC: 00409116202", "00409116202"),
        ("NDC#50458-579-90 bag", "50458-579-90"),
        ("Lot 00409116202", None),
        ("Call 555-0187-11", None),
    ],
)
def test_ndc(typewritten: Typewriter, text: str, expected: str | None) -> None:
    found = find_ndc(build_layout(typewritten(text)).rows[0])
    assert (found.text if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Injection J1885", "J1885"), ("CPT 99213 visit", "99213"), ("Room 99213", None), ("HCPCS: E0250-RR bed", "E0250-RR")],
)
def test_procedure(typewritten: Typewriter, text: str, expected: str | None) -> None:
    found = find_procedure(build_layout(typewritten(text)).rows[0])
    assert (found.text if found else None) == expected


def test_the_label_of_a_code_is_known_so_that_the_description_can_drop_it(typewritten: Typewriter) -> None:
    found = find_ndc(build_layout(typewritten("Heparin NDC 0409-1162-02")).rows[0])
    assert found is not None
    assert [token.text for token in found.label] == ["NDC"]


@pytest.mark.parametrize(
    ("word", "confidence", "expected"),
    [
        ("JO690", 0.6, "J0690"),
        ("$9348", 0.6, "S9348"),
        ("J12B5", 0.6, "J1285"),
        ("JO690", 1.0, None),
        ("BOLUS", 0.6, None),
        ("JOINT", 0.6, None),
    ],
)
def test_letters_taken_for_digits_in_a_hcpcs_code(word: str, confidence: float, expected: str | None) -> None:
    document = DocumentText((Page(1, 612, 792, (Word(word, Box(0.1, 0.1, 0.2, 0.12), 0, confidence),)),))
    found = find_procedure(build_layout(document).rows[0])
    assert (found.text if found else None) == expected
