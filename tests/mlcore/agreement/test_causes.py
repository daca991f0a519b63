"""Why two labels differ: each rule by hand, the order of the rules, and what may not close by itself."""

from __future__ import annotations

import json

import pytest

from mlcore.agreement.causes import Cause, cause_of, causes_of
from mlcore.agreement.confusable import confusable, near_reading
from mlcore.agreement.cosmetic import differs_in_form_alone
from mlcore.agreement.outcomes import Difference
from mlcore.schema import ValueKind, spec_for
from tests.mlcore.conftest import Typewriter

PAGE = """
ACME MEDICAL SUPPLY  Invoice INV-20417
12 Elm Street        Date 03/04/2025
                     Order 88812

Saline 0.9% 500 ml   2   4.00   8.00
Gauze sterile        1   5.25   5.25

                     Subtotal  13.25
                     Total     14.10
"""


def differing(name: str, first: str | None, second: str | None) -> Difference:
    critical = name != "line_items" and spec_for(name).critical
    return Difference(name, name, name, first, second, critical)


def cause(name: str, first: str | None, second: str | None, **more: object) -> Cause:
    found = cause_of(differing(name, first, second), **more)  # type: ignore[arg-type]
    assert cause_of(differing(name, second, first), **more) is found, "who came first does not matter"  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("name", "first", "second", "expected"),
    [
        ("line_items", json.dumps({"total": "1.00"}), None, Cause.ROW),
        ("invoice_number", "INV-20417", None, Cause.GUIDELINE),
        ("line_items.type", "dme_rental", "bundled_service", Cause.GUIDELINE),
        ("date", "2025-03-04", "2025-04-03", Cause.GUIDELINE),
        ("invoice_number", "INV-20417", "inv 20417", Cause.FORMAT),
        ("invoice_number", "INV-20417", "INV20417", Cause.FORMAT),
        ("line_items.ndc_code", "12345-678-90", "1234567890", Cause.FORMAT),
        ("line_items.description", "Saline 0.90 %", "Saline 0.9%", Cause.FORMAT),
        ("vendor.name", "Acme Medical, Inc.", "Acme Medical", Cause.ALIAS),
        ("invoice_number", "INV-2O417", "INV-20417", Cause.MISREAD),
        ("total", "14.10", "1410", Cause.MISREAD),
        ("total", "1410.00", "14.10", Cause.MISREAD),
        ("total", "14.10", "99.00", Cause.GUIDELINE),
        ("vendor.name", "Acme Medical", "Bolt Pharmacy", Cause.GUIDELINE),
    ],
)
def test_without_a_page(name: str, first: str, second: str | None, expected: Cause) -> None:
    assert cause(name, first, second) is expected


@pytest.mark.parametrize(
    ("name", "first", "second", "expected"),
    [
        ("invoice_number", "INV-20417", "88812", Cause.PLACE),
        ("total", "14.10", "13.25", Cause.PLACE),
        ("vendor.name", "Acme Medical Supply", "Gauze sterile", Cause.PLACE),
        ("total", "14.10", "14.80", Cause.MISREAD),
        ("total", "14.10", "41.10", Cause.MISREAD),
        ("total", "14.10", "74.80", Cause.GUIDELINE),
        ("vendor.name", "Acme Medical Supply", "Acme Medcal Supply", Cause.MISREAD),
        ("vendor.address", "12 Elm Street", "500 Oak Avenue, Springfield", Cause.GUIDELINE),
        ("date", "2025-03-04", "2025-04-03", Cause.GUIDELINE),
        ("date", "2025-03-04", "2025-03-14", Cause.MISREAD),
    ],
)
def test_with_the_page(typewritten: Typewriter, name: str, first: str, second: str, expected: Cause) -> None:
    assert cause(name, first, second, document=typewritten(PAGE)) is expected


def test_both_printed_is_a_matter_of_place_however_alike_they_are(typewritten: Typewriter) -> None:
    page = PAGE + "\n                     Paid  14.70\n"
    assert cause("total", "14.10", "14.70", document=typewritten(page)) is Cause.PLACE
    assert cause("total", "14.10", "14.70", document=typewritten(PAGE)) is Cause.MISREAD


def test_what_the_machine_answered_was_read_though_no_page_is_at_hand() -> None:
    assert cause("total", "14.10", "14.80") is Cause.GUIDELINE
    assert cause("total", "14.10", "14.80", machine="14.8") is Cause.MISREAD
    assert cause("total", "14.10", "14.80", machine="77.00") is Cause.GUIDELINE


def test_names_of_one_vendor_are_aliases_before_anything_else(typewritten: Typewriter) -> None:
    page = typewritten("ACME MEDICAL SUPPLY   Northside Care\n")
    names = ("Acme Medical Supply", "Northside Care")
    assert cause("vendor.name", *names, document=page) is Cause.PLACE
    assert cause("vendor.name", *names, document=page, aliases=[("Bolt",), ("ACME Medical Supply", "NORTHSIDE CARE")]) is Cause.ALIAS
    assert cause("vendor.name", *names, aliases=[("Acme Medical Supply",), ("Northside Care",)]) is Cause.GUIDELINE


def test_the_differences_of_a_document_are_typed_together(typewritten: Typewriter) -> None:
    found = causes_of(
        [differing("total", "14.10", "14.80"), differing("line_items", None, "{}"), differing("subtotal", "3.10", "3.80")],
        machine=(None, None, "3.80"),
    )
    assert found == (Cause.GUIDELINE, Cause.ROW, Cause.MISREAD)
    assert causes_of([], typewritten(PAGE)) == ()
    with pytest.raises(ValueError, match=r"zip\(\)"):
        causes_of([differing("total", "1", "2")], machine=(None, None))


@pytest.mark.parametrize(
    ("kind", "one", "other", "alike"),
    [
        (ValueKind.IDENTIFIER, "1-23", "12-3", False),
        (ValueKind.IDENTIFIER, "1-23", "123", True),
        (ValueKind.IDENTIFIER, "A-10", "A-1", False),
        (ValueKind.IDENTIFIER, "A-0012", "A-12", False),
        (ValueKind.NDC, "1234-5678-90", "12345-678-90", False),
        (ValueKind.IDENTIFIER, "--", "/", False),
        (ValueKind.TEXT, "5.00 mg", "5 mg", True),
        (ValueKind.TEXT, "0.05 mg", "0.5 mg", False),
        (ValueKind.MONEY, "12.5", "12.50", False),
    ],
)
def test_form_alone(kind: ValueKind, one: str, other: str, alike: bool) -> None:
    assert differs_in_form_alone(kind, one, other) is alike
    assert differs_in_form_alone(kind, other, one) is alike


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("INV-2O4", "INV-204", True),
        ("S5S5", "5S5S", False),
        ("A-5512-7751", "A-S512-7751", True),
        ("A-5512-5551", "A-SS12-SS51", False),
        ("Bill", "bill", False),
        ("", "5", False),
        ("1" * 300, "4" * 200, False),
    ],
)
def test_confusable(one: str, other: str, expected: bool) -> None:
    assert confusable(one, other) is expected
    assert confusable(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("123", "124", False), ("1234", "1284", True), ("1234", "1884", False), ("12345678", "12845679", True), ("1234", "1234", False)],
)
def test_near_reading(one: str, other: str, expected: bool) -> None:
    assert near_reading(one, other) is expected
    assert near_reading(other, one) is expected
