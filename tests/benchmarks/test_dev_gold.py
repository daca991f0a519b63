"""Parts of a development set: vendors are in one part only, and halves are made of quarters."""

from __future__ import annotations

import pytest

from benchmarks.dev_data import DevDocument
from benchmarks.dev_gold import HALVES, QUARTERS, dealt, dealt_vendors
from mlcore.documents import DocumentText, GoldExample
from mlcore.schema import InvoiceRecord

MANY = 1000


def document(vendor: int, number: int) -> DevDocument:
    example = GoldExample(DocumentText(()), InvoiceRecord(), f"vendor-{vendor}", {})
    return DevDocument(f"{vendor}-{number}", "small", example, "", None, None)


DOCUMENTS = [document(vendor, number) for vendor in range(23) for number in range(1 + vendor % 4)]


def ids(part: list[DevDocument]) -> set[str]:
    return {one.id for one in part}


def vendors(part: list[DevDocument]) -> set[str]:
    return {one.example.vendor_key for one in part}


@pytest.mark.parametrize("names", [HALVES, QUARTERS], ids=["halves", "quarters"])
def test_every_document_is_in_one_part_and_no_vendor_in_two(names: tuple[str, ...]) -> None:
    parts = dealt(DOCUMENTS, len(names), MANY)
    assert len(parts) == len(names)
    assert sorted(one.id for part in parts for one in part) == sorted(one.id for one in DOCUMENTS)
    assert sum(len(vendors(part)) for part in parts) == len({one.example.vendor_key for one in DOCUMENTS})
    assert all(parts)


def test_a_half_is_the_union_of_its_quarters() -> None:
    halves = dict(zip(HALVES, dealt(DOCUMENTS, len(HALVES), MANY), strict=True))
    quarters = dict(zip(QUARTERS, dealt(DOCUMENTS, len(QUARTERS), MANY), strict=True))
    for name, half in halves.items():
        assert ids(half) == ids(quarters[f"{name}1"]) | ids(quarters[f"{name}2"])


def test_vendors_are_dealt_evenly() -> None:
    sizes = [len(part) for part in dealt_vendors(DOCUMENTS, len(QUARTERS))]
    assert max(sizes) - min(sizes) <= 1


def test_a_part_has_no_more_documents_than_are_asked_for_and_they_stay_the_same() -> None:
    whole = dealt(DOCUMENTS, len(QUARTERS), MANY)
    few = dealt(list(reversed(DOCUMENTS)), len(QUARTERS), 3)
    assert [[one.id for one in part] for part in few] == [[one.id for one in part[:3]] for part in whole]
