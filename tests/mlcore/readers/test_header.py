from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from mlcore.documents import DocumentText, Page
from mlcore.readers.context import Context
from mlcore.readers.header import Hints, read_header
from mlcore.readers.layout import build_layout
from mlcore.schema import HEADER_FIELDS

RECEIPT = """
        GOLDEN LEAF TRADING SDN BHD
              (867388-U)
        NO 12, JALAN TAMPOI 7/4,
        81200 JOHOR BAHRU, JOHOR
        TEL : 07-3886880
        GST ID NO: 002069884928
             TAX INVOICE
INV NO.: CS-0130363
DATE : 14/12/2017 12:48:02
ITEM            QTY         TOTAL
PAPER A4          2         20.00
PEN BLUE          1          4.02
TOTAL AMOUNT                24.02
ROUNDING ADJ                -0.02
NETT TOTAL                  24.00
CASH                        50.00
CHANGE                      26.00
"""
INVOICE = """
Harborview Medical Supply, Inc.                 INVOICE
400 Dock Street, Suite 9
Tacoma, WA 98402                Invoice number  HV-20991
Phone (253) 555-0188            Invoice date    03/28/2024
                                Due date        04/27/2024
                                Account number  77120-4
Bill to                         Ship to
Lakeside Infusion Center        Lakeside Infusion Center
900 Lakeshore Drive             Dock 4
Erie, PA 16501                  Erie, PA 16501

Description            Qty      Price       Amount
Nitrile gloves           10      12.00       120.00
Saline flush             20       3.50        70.00

                                Subtotal      190.00
                                Tax            15.20
                                Total due    $205.20
"""


def best(document: DocumentText, name: str) -> object:
    found = read_header(Context(build_layout(document)))[name]
    return found[0].value if found else None


def test_a_till_receipt(typewritten: Callable[..., DocumentText]) -> None:
    document = typewritten(RECEIPT)
    assert best(document, "vendor.name") == "GOLDEN LEAF TRADING SDN BHD"
    assert best(document, "date") == dt.date(2017, 12, 14)
    assert best(document, "total") == Decimal("24.00")
    assert best(document, "vendor.address") == "NO 12, JALAN TAMPOI 7/4, 81200 JOHOR BAHRU, JOHOR"


def test_an_invoice_with_decoys(typewritten: Callable[..., DocumentText]) -> None:
    document = typewritten(INVOICE)
    assert best(document, "vendor.name") == "Harborview Medical Supply, Inc."
    assert best(document, "invoice_number") == "HV-20991"
    assert best(document, "date") == dt.date(2024, 3, 28)
    assert best(document, "total") == Decimal("205.20")
    assert best(document, "subtotal") == Decimal("190.00")
    assert best(document, "tax") == Decimal("15.20")


def test_scores_are_probabilities_and_sorted(typewritten: Callable[..., DocumentText]) -> None:
    for found in read_header(Context(build_layout(typewritten(INVOICE)))).values():
        scores = [candidate.score for candidate in found]
        assert scores == sorted(scores, reverse=True)
        assert 0 <= sum(scores) <= 1 + 1e-9


def test_every_candidate_names_its_words(typewritten: Callable[..., DocumentText]) -> None:
    document = typewritten(INVOICE)
    for found in read_header(Context(build_layout(document))).values():
        for candidate in found:
            words = document.pages[candidate.page - 1].words
            assert candidate.evidence
            assert all(0 <= index < len(words) for index in candidate.word_indexes)


def test_reading_twice_gives_the_same(typewritten: Callable[..., DocumentText]) -> None:
    document = typewritten(INVOICE)
    assert read_header(Context(build_layout(document))) == read_header(Context(build_layout(document)))


def test_an_empty_page_has_no_candidates() -> None:
    answer = read_header(Context(build_layout(DocumentText((Page(1, 600, 800, ()),)))), Hints())
    assert {name: found for name, found in answer.items() if found} == {}
    assert set(answer) == {spec.name for spec in HEADER_FIELDS}


def test_an_address_far_under_a_large_letterhead_is_among_the_candidates(typewritten: Callable[..., DocumentText]) -> None:
    text = (
        "Harborview Medical Supply, Inc.\n\n\n\n400 Dock Street - Suite 9 - Tacoma, WA 98402\n" + INVOICE.partition("Tacoma, WA 98402")[2]
    )
    context = Context(build_layout(typewritten(text)))
    assert "400 Dock Street - Suite 9 - Tacoma, WA 98402" in [one.value for one in read_header(context)["vendor.address"]]


def test_the_address_under_the_letterhead_goes_before_where_payments_are_sent(typewritten: Callable[..., DocumentText]) -> None:
    stub = """
                 Please detach and return with your payment

Remit to                                 Invoice     HV-20991
Harborview Medical Supply, Inc.          Account     77120-4
P.O. Box 1592                            Amount due  $205.20
Dallas, TX 75320                         Due         04/27/2024
"""
    text = INVOICE.replace(
        "Harborview Medical Supply, Inc.                 INVOICE", "STATEMENT OF CHARGES\n\nHarborview Medical Supply, Inc."
    )
    assert best(typewritten(text + stub), "vendor.address") == "400 Dock Street, Suite 9 Tacoma, WA 98402"
