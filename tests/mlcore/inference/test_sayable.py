"""What may be said to be a code."""

from __future__ import annotations

import pytest

from mlcore.inference.sayable import sayable
from mlcore.schema import ValueKind


@pytest.mark.parametrize(
    "text", ["0338-0049-02", "00338004902", "50090-0883-0", "0338-0072- 25", "0143-9508Y10", "O338-OO49-O2", "0069-0291-)1"]
)
def test_a_drug_code_may_be_damaged(text: str) -> None:
    assert text in sayable(f"Saline bag\t{text}\t4")[ValueKind.NDC]


@pytest.mark.parametrize(
    "text", ["(612) 555-0130", "555-0130", "23-4506842", "0.9 % 250 ML", "2024-07-11", "Boise, ID 83702", "1,359.26", "W3129C", "171-8004"]
)
def test_telephones_tax_numbers_and_strengths_are_no_drug_codes(text: str) -> None:
    assert ValueKind.NDC not in sayable(text)


@pytest.mark.parametrize("text", ["J1885", "99213-25", "j225 0", "J120 0", "G0299", "99214"])
def test_a_procedure_code_may_be_damaged(text: str) -> None:
    assert text in sayable(f"Office visit\t{text}")[ValueKind.PROCEDURE]


@pytest.mark.parametrize("text", ["0338-0049-02", "RX", "12", "BOTTLE", "1,359.26"])
def test_other_numbers_are_no_procedure_codes(text: str) -> None:
    assert text not in sayable(text).get(ValueKind.PROCEDURE, ())
