from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from mlcore.documents import DocumentText
from mlcore.retrieval import VendorEntry, VendorIndex

Typewriter = Callable[..., DocumentText]

INVOICE = """
Harborview Medical Supply, Inc.                 INVOICE
400 Dock Street, Suite 9                        Number HV-20991
Tacoma, WA 98402
Phone (253) 555-0188

Bill to                         Ship to
Lakeside Infusion Center        Lakeside Infusion Center
900 Lakeshore Drive             Dock 4
Erie, PA 16501                  Erie, PA 16501

Description            Qty      Price       Amount
Nitrile gloves           10      12.00       120.00
Total due                                    120.00
"""
HARBORVIEW = VendorEntry(
    "harborview", ("Harborview Medical Supply, Inc.",), ("400 Dock Street, Suite 9, Tacoma, WA 98402",), ("2535550188",)
)
LAKESIDE = VendorEntry("lakeside", ("Lakeside Infusion Center",), ("900 Lakeshore Drive, Erie, PA 16501",))


def test_the_sender_is_recognised_and_the_reason_says_why(typewritten: Typewriter) -> None:
    match = VendorIndex([LAKESIDE, HARBORVIEW]).match(typewritten(INVOICE))
    assert match is not None
    assert match.key == "harborview"
    assert "Harborview" in match.reason
    assert match.evidence[0].page == 1
    assert 0.9 < match.score <= 1


def test_the_customer_alone_is_not_the_sender(typewritten: Typewriter) -> None:
    assert VendorIndex([LAKESIDE]).match(typewritten(INVOICE)) is None


@pytest.mark.parametrize("damaged", ["Harborv1ew Medical Supply, lnc.", "HARBORVIEW MEDlCAL SUPPLY INC", "Harborview  MedicalSupply, Inc"])
def test_misread_names_are_recognised(typewritten: Typewriter, damaged: str) -> None:
    match = VendorIndex([LAKESIDE, HARBORVIEW]).match(typewritten(INVOICE.replace("Harborview Medical Supply, Inc.", damaged)))
    assert match is not None
    assert match.key == "harborview"


def test_near_names_are_told_apart_by_the_telephone(typewritten: Typewriter) -> None:
    twins = [
        VendorEntry("north", ("Harborview Medical Supply",), (), ("2065550111",)),
        VendorEntry("south", ("Harborview Medical Supply",), (), ("2535550188",)),
    ]
    match = VendorIndex(twins).match(typewritten(INVOICE))
    assert match is not None
    assert match.key == "south"


def test_twins_that_nothing_tells_apart_are_no_match(typewritten: Typewriter) -> None:
    twins = [VendorEntry("a", ("Harborview Medical Supply, Inc.",)), VendorEntry("b", ("Harborview Medical Supply Inc",))]
    assert VendorIndex(twins).match(typewritten(INVOICE)) is None


def test_an_alias_counts_as_a_name(typewritten: Typewriter) -> None:
    entry = VendorEntry("hv", ("HV Holdings LLC", "Harborview Medical Supply, Inc."))
    match = VendorIndex([entry]).match(typewritten(INVOICE))
    assert match is not None
    assert match.key == "hv"


def test_the_right_one_of_thousands(typewritten: Typewriter) -> None:
    rng = random.Random(5)
    parts = ["Harbor", "Medical", "Supply", "Lake", "View", "Central", "Health", "Group", "Oxygen", "Care", "Summit", "Rehab"]
    crowd = [VendorEntry(f"v{n}", (" ".join(rng.sample(parts, 3)) + f" {n} Inc.",)) for n in range(3000)]
    match = VendorIndex([*crowd, HARBORVIEW]).match(typewritten(INVOICE))
    assert match is not None
    assert match.key == "harborview"


def test_an_unknown_sender_is_proposed_with_its_address(typewritten: Typewriter) -> None:
    proposed = VendorIndex([]).propose(typewritten(INVOICE))
    assert proposed is not None
    assert proposed.name == "Harborview Medical Supply, Inc."
    assert proposed.address == "400 Dock Street, Suite 9 Tacoma, WA 98402"
    assert len(proposed.evidence) >= 2


def test_a_blank_page_names_nobody(typewritten: Typewriter) -> None:
    blank = typewritten("")
    assert VendorIndex([HARBORVIEW]).match(blank) is None
    assert VendorIndex([HARBORVIEW]).propose(blank) is None


@pytest.mark.parametrize(
    "line", ["Invoice No 1234 Total 10.00", "INVOICE", "Invoice Date March 5, 2026", "Page 1 of 2", "Account Number", "Amount Due $10.00"]
)
def test_labels_and_their_values_are_nobodys_name(typewritten: Typewriter, line: str) -> None:
    assert VendorIndex([]).propose(typewritten(line)) is None
    below = VendorIndex([]).propose(typewritten(line + "\n\nHarborview Medical Supply, Inc.\n400 Dock Street\nTacoma, WA 98402\n"))
    assert below is not None
    assert below.name == "Harborview Medical Supply, Inc."


@pytest.mark.parametrize("name", ["Total Medical Supplies", "Reference Laboratories Inc", "The Ledger Clinic", "Due Care Pharmacy"])
def test_a_name_with_the_word_of_a_label_in_it_is_a_name(typewritten: Typewriter, name: str) -> None:
    found = VendorIndex([]).propose(typewritten(name + "\n400 Dock Street\nTacoma, WA 98402\n"))
    assert found is not None
    assert found.name == name


def test_the_first_word_of_a_name_needs_the_address_or_the_telephone(typewritten: Typewriter) -> None:
    short = INVOICE.replace("Harborview Medical Supply, Inc.", "HARBORVIEW                     ")
    bare = VendorEntry("harborview", HARBORVIEW.names)
    for entry in (VendorEntry("harborview", HARBORVIEW.names, HARBORVIEW.addresses), HARBORVIEW):
        match = VendorIndex([entry, LAKESIDE]).match(typewritten(short))
        assert match is not None
        assert match.key == "harborview"
    assert VendorIndex([bare, LAKESIDE]).match(typewritten(short)) is None
