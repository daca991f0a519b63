"""The text layer of the PDFs against the ground truth, read by PDFium as an independent witness."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache

import pypdfium2
import pytest

from mlcore.compare import same
from mlcore.dataset.synthetic import SyntheticDocument, generate, vendor_catalogue
from mlcore.documents import Box, Evidence, Word
from mlcore.normalize import DateOrder, NumberStyle, parse_date, parse_decimal
from mlcore.schema import Value, ValueKind, iter_values, spec_for

DOCUMENTS = [document for maker in vendor_catalogue() for document in generate(1, 11, [maker])]


@cache
def pdf_words(data: bytes) -> list[list[Word]]:
    """For each page its words with loose character boxes, in fractions of the page."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [page_words(document[index]) for index in range(len(document))]
    finally:
        document.close()


def page_words(page: pypdfium2.PdfPage) -> list[Word]:
    width, height = page.get_size()
    text = page.get_textpage()
    words: list[Word] = []
    letters, box = "", Box(1, 1, 0, 0)
    chars = text.get_text_range()
    assert len(chars) == text.count_chars()
    for index, char in enumerate(chars):
        if char.strip():
            x0, bottom, x1, top = text.get_charbox(index, loose=True)
            letters, box = letters + char, box.union(Box(x0 / width, 1 - top / height, x1 / width, 1 - bottom / height))
        elif letters:
            words.append(Word(letters, box, 0))
            letters, box = "", Box(1, 1, 0, 0)
    return [*words, Word(letters, box, 0)] if letters else words


def read_at(pages: list[list[Word]], places: tuple[Evidence, ...]) -> str:
    """The text that PDFium finds in the middle of the places, line by line."""
    found: list[str] = []
    for place in places:
        inside = [w for w in pages[place.page - 1] if place.box.x0 <= w.box.center[0] <= place.box.x1 and overlaps(w.box, place.box)]
        found.extend(w.text for w in sorted(inside, key=lambda w: w.box.x0))
    return " ".join(found)


def nearest(found: list[Word], word: Word) -> Box:
    """The box of the same text closest to a word."""
    return min((w.box for w in found if w.text == word.text), key=lambda box: math.dist(box.center, word.box.center))


def overlaps(word: Box, place: Box) -> bool:
    middle = (place.y0 + place.y1) / 2
    return word.y0 < middle < word.y1


def as_value(kind: ValueKind, text: str) -> Value:
    if kind is ValueKind.DATE:
        return parse_date(text, DateOrder.MONTH_FIRST)
    if kind in (ValueKind.MONEY, ValueKind.QUANTITY):
        return parse_decimal(text, NumberStyle.POINT)
    return text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.vendor.key)
def test_pdfium_reads_the_words_that_the_truth_says(document: SyntheticDocument) -> None:
    pages = pdf_words(document.pdf)

    assert len(pages) == len(document.text.pages)
    for page, found in zip(document.text.pages, pages, strict=True):
        assert Counter(w.text for w in found) == Counter(w.text for w in page.words)
        for word in page.words:
            box = nearest(found, word)
            assert math.dist(box.center, word.box.center) < 0.01, word
            assert box.x0 == pytest.approx(word.box.x0, abs=0.004)
            assert box.x1 == pytest.approx(word.box.x1, abs=0.004)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.vendor.key)
def test_every_value_stands_where_its_evidence_says(document: SyntheticDocument) -> None:
    pages = pdf_words(document.pdf)
    for path, value in iter_values(document.record):
        if value is None:
            assert path not in document.evidence
        elif not path.endswith(".type"):
            kind = spec_for(path).kind
            read = read_at(pages, document.evidence[path])
            if path == "vendor.address":
                read = read.replace("|", "")
            assert same(kind, value, as_value(kind, read)), f"{path}: {value!r} is not {read!r}"


def test_the_same_document_gives_the_same_bytes() -> None:
    first, second = (next(generate(1, 3)) for _ in range(2))

    assert first.pdf == second.pdf
    assert first.pdf.startswith(b"%PDF-")
