"""The catalogue: distinct paper, decoys, nothing printed over anything else."""

from __future__ import annotations

import pytest

from mlcore.dataset.synthetic import SyntheticDocument, Vendor, generate, vendor_catalogue
from mlcore.documents import Page, Word

MAKERS = vendor_catalogue()


def test_there_are_at_least_24_vendors_with_layouts_of_their_own() -> None:
    assert len(MAKERS) >= 24
    assert len({maker.key for maker in MAKERS}) == len(MAKERS)
    assert len({maker.name for maker in MAKERS}) == len(MAKERS)
    assert len({repr(maker.layout.items) for maker in MAKERS}) == len(MAKERS)
    assert len({repr(maker.layout.head) for maker in MAKERS}) == len(MAKERS)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.key)
def test_sender_number_date_and_total_are_printed_once(maker: Vendor) -> None:
    for document in generate(12, 21, [maker]):
        for path in ("invoice_number", "date", "total"):
            assert len(document.evidence[path]) == 1, path
        assert document.record.vendor.name
        assert document.record.vendor.address
        assert all(item.description and item.total is not None for item in document.record.line_items)
        assert len(document.record.line_items) == len(document.invoice.lines)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.key)
def test_no_word_overlaps_another_or_leaves_the_page(maker: Vendor) -> None:
    for document in generate(12, 22, [maker]):
        for page in document.text.pages:
            assert all(0.01 < w.box.x0 < w.box.x1 < 0.99 and 0.003 < w.box.y0 < w.box.y1 < 0.997 for w in page.words)
            assert not overlapping(page), f"{document.id} page {page.number}"


def overlapping(page: Page) -> list[tuple[str, str]]:
    """Pairs of words that share more than a sliver."""
    words = sorted(page.words, key=lambda word: word.box.y0)
    pairs = []
    for index, word in enumerate(words):
        for other in words[index + 1 :]:
            if other.box.y0 > word.box.y1:
                break
            if collide(word, other):
                pairs.append((word.text, other.text))
    return pairs


def collide(word: Word, other: Word) -> bool:
    wide = min(word.box.x1, other.box.x1) - max(word.box.x0, other.box.x0)
    high = min(word.box.y1, other.box.y1) - max(word.box.y0, other.box.y0)
    return wide > 0.0005 and high > 0.25 * min(word.box.y1 - word.box.y0, other.box.y1 - other.box.y0)


def printed(document: SyntheticDocument) -> str:
    return document.text.text.casefold()


def test_decoys_are_printed() -> None:
    documents = [next(generate(1, 31, [maker])) for maker in MAKERS]
    texts = [printed(document) for document in documents]

    for words, least in {"due": 12, "ship": 6, "remit": 3, "p.o.": 4, "account": 8, "order": 6, "patient": 3}.items():
        assert sum(words in text for text in texts) >= least, words
    assert any(document.invoice.purchase_order.casefold() in printed(document) for document in documents)


def test_long_tables_repeat_their_heading_and_carry_sums_forward() -> None:
    maker = next(maker for maker in MAKERS if maker.key == "northgate")
    document = next(d for d in generate(60, 23, [maker]) if len(d.text.pages) > 1)
    first, second = ("\n".join(" ".join(w.text for w in line) for line in page.lines) for page in document.text.pages[:2])

    assert "DESCRIPTION" in first
    assert "DESCRIPTION" in second
    assert "Carried forward" in first
    assert "Continued on next page" in first
    assert "Brought forward" in second


def test_lines_of_a_sectioned_table_come_in_printed_order() -> None:
    maker = next(maker for maker in MAKERS if maker.key == "cornerstone_ltc")
    for document in generate(10, 24, [maker]):
        places = [document.evidence[f"line_items[{row}].total"][0] for row in range(len(document.record.line_items))]
        keys = [(place.page, place.box.y0) for place in places]
        assert keys == sorted(keys)
