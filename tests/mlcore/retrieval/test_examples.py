"""Which confirmed documents are shown: the vendor's, nearest by layout; never the document itself, nor what nobody labeled whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlcore.dataset.synthetic import generate, vendor_catalogue
from mlcore.documents import DocumentText, GoldExample
from mlcore.prompts import Example, examples_id
from mlcore.retrieval.examples import Confirmed, Shelf, confirmed_of, nearest
from mlcore.schema import InvoiceRecord, VendorParty
from tests.mlcore.conftest import Typewriter

GOLDS = [document.gold for document in generate(24, 5, vendor_catalogue()[:4])]


def confirmed(gold: GoldExample) -> Confirmed:
    found = confirmed_of(gold)
    assert found is not None
    return found


SHELF = Shelf(confirmed(gold) for gold in GOLDS)


@pytest.mark.thorough
def test_the_vendor_goes_before_the_layout_and_a_document_is_never_shown_to_itself() -> None:
    for gold in GOLDS:
        own = [confirmed(other).example for other in GOLDS if other.vendor_key == gold.vendor_key and other is not gold]
        shown = SHELF.shown_to(gold.document, gold.vendor_key, most=3)
        assert len(shown) == min(3, len(own))
        assert all(one in own for one in shown)
        assert SHELF.shown_to(gold.document, gold.vendor_key) == shown[:1]
        assert Shelf([confirmed(gold)]).shown_to(gold.document, gold.vendor_key) == ()


@pytest.mark.thorough
def test_an_unknown_vendor_is_shown_documents_of_its_layout_or_nothing(typewritten: Typewriter) -> None:
    found = 0
    for gold in GOLDS:
        shown = SHELF.shown_to(gold.document, "a vendor that nobody knows")
        own = [confirmed(other).example for other in GOLDS if other.vendor_key == gold.vendor_key and other is not gold]
        assert all(one in own for one in shown)
        found += len(shown)
    assert found > len(GOLDS) / 2
    assert SHELF.shown_to(typewritten("Nothing like any of them"), "unknown") == ()
    assert Shelf().shown_to(GOLDS[0].document, GOLDS[0].vendor_key) == ()


def test_of_documents_that_look_alike_the_last_is_shown(typewritten: Typewriter) -> None:
    golds = [
        GoldExample(typewritten(f"Apex Infusion\nTotal  {n}.00"), InvoiceRecord(vendor=VendorParty("Apex Infusion")), "a") for n in range(4)
    ]
    known = [confirmed(gold) for gold in golds]
    assert nearest(typewritten("Apex Infusion\nTotal  9.00"), known, 2) == (known[3], known[2])
    assert nearest(golds[3].document, known) == (known[2],)


def test_only_what_is_labeled_whole_and_has_words_is_shown() -> None:
    assert confirmed_of(replace(GOLDS[0], label_fields=frozenset({"total", "date"}))) is None
    assert confirmed_of(replace(GOLDS[0], document=DocumentText(()))) is None


def test_an_example_is_text_that_every_tokenizer_takes(typewritten: Typewriter) -> None:
    gold = GoldExample(typewritten("Apex \ud800 Ltd"), InvoiceRecord(vendor=VendorParty("Apex \ud800 Ltd")), "a")
    example = confirmed(gold).example
    assert example == Example("Apex ? Ltd", {"vendor.name": "Apex ? Ltd"})
    example.text.encode()


def test_examples_are_named_by_their_content() -> None:
    one, other = Example("Total 5", {"total": "5"}), Example("Total 5", {"total": "6"})
    assert examples_id(()) == ""
    assert len({examples_id(shown) for shown in ((one,), (other,), (one, other), (other, one))}) == 4
    assert examples_id([Example("Total 5", {"total": "5"})]) == examples_id([one])
