"""Documents that are nearly the same are flagged, never dropped."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from invoices.models import Document, Prediction, Vendor
from invoices.near_duplicates import settle
from mlcore.documents import Box, DocumentText, Page, Word
from mlcore.near_text import SAME_TEXT, similarity, text_signature
from tests.invoices.paper import LINES, invoice_pdf

MANY = (*LINES, *(f"Item {n} tablets lot number {n * 7919} expires" for n in range(14)))


def text_of(words: list[str]) -> DocumentText:
    return DocumentText((Page(1, 612, 792, tuple(Word(word, Box(0, 0, 1, 1), 0) for word in words)),))


def test_nearly_the_same_text_is_flagged_with_a_reason(read: Callable[..., Document]) -> None:
    first = read(invoice_pdf(MANY))
    other = read(invoice_pdf([line[::-1] for line in MANY]))
    again = read(invoice_pdf([*MANY, "copy"]))
    assert first.near_duplicate_of is None
    assert other.near_duplicate_of is None
    assert again.near_duplicate_of_id == first.pk
    assert "% of the text is the same" in again.near_duplicate_reason
    assert Document.objects.count() == 3


def prediction(document: Document, number: str, total: str) -> Prediction:
    record = {"invoice_number": number, "total": total}
    return Prediction.objects.create(document=document, model_id="m", record=record, fields=[], checks=[], route="review")


def stored(sha256: str, vendor: Vendor, **more: object) -> Document:
    return Document.objects.create(sha256=sha256 * 64, name="a.pdf", media_type="application/pdf", size=1, vendor=vendor, **more)


def test_the_same_vendor_number_and_total_is_flagged(db: None) -> None:
    vendor = Vendor.objects.create(name="Apex")
    first, second, third = (stored(mark, vendor) for mark in "abc")
    settle(first.pk, vendor, prediction(first, "INV-1", "90.00"))
    settle(second.pk, vendor, prediction(second, "INV-1", "90.00"))
    settle(third.pk, vendor, prediction(third, "INV-1", "91.00"))
    flags = dict(Document.objects.values_list("pk", "near_duplicate_of"))
    assert flags == {first.pk: None, second.pk: first.pk, third.pk: None}


def test_another_invoice_number_clears_a_flag_of_the_text(db: None) -> None:
    vendor = Vendor.objects.create(name="Apex")
    first = stored("a", vendor)
    second = stored("b", vendor, near_duplicate_of=first, near_duplicate_reason="95 % of the text is the same.")
    settle(first.pk, vendor, prediction(first, "INV-1", "90.00"))
    settle(second.pk, vendor, prediction(second, "INV-2", "90.00"))
    second.refresh_from_db()
    assert (second.near_duplicate_of, second.near_duplicate_reason) == (None, "")


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=4), min_size=12, max_size=80))
def test_a_text_is_wholly_similar_to_itself_and_short_ones_to_nothing(words: list[str]) -> None:
    signature = text_signature(text_of(words))
    assert similarity(signature, signature) == 1.0
    assert text_signature(text_of(words[:11])) == []
    assert similarity(signature, []) == 0.0


def test_the_estimate_follows_the_share_of_equal_text() -> None:
    words = [f"word{n}" for n in range(400)]
    half = [*words[:200], *(f"other{n}" for n in range(200))]
    nearly = [*words[:396], "a", "b", "c", "d"]
    assert similarity(text_signature(text_of(words)), text_signature(text_of(half))) < 0.6
    assert similarity(text_signature(text_of(words)), text_signature(text_of(nearly))) >= SAME_TEXT
