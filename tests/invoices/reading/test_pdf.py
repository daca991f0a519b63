"""Words of PDF pages as people see them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from invoices.ocr.engine import OcrWord
from invoices.reading.page_image import PageImage
from invoices.reading.pdf import read_pdf
from invoices.sandbox.limits import Limits
from mlcore.documents import Page, TextSource
from tests.invoices import paper


class FakeEyes:
    """An OCR engine that says where it was asked to look; for pages whose own text must not be used."""

    name = "eyes"
    program_folders = ()

    def __init__(self, said: str = "") -> None:
        self.said = said

    def warm_up(self) -> None:
        return

    def words(self, image: Image.Image) -> list[OcrWord]:
        return [OcrWord("seen", 10, 10, 60, 30, 0.9)]

    def line(self, image: Image.Image) -> list[OcrWord]:
        return [OcrWord(text, 0, 0, 1, 1, 0.9) for text in self.said.split()]

    def turn(self, image: Image.Image) -> int | None:
        return None


def read(data: bytes, engine: FakeEyes | None = None) -> list[tuple[Page, PageImage]]:
    pages: list[tuple[Page, PageImage]] = []
    read_pdf(data, Limits(), engine or FakeEyes(), lambda page, image: pages.append((page, image)))
    return pages


def texts(data: bytes) -> list[str]:
    [(page, _)] = read(data)
    return [word.text for word in page.words]


def test_words_lines_and_picture_of_a_digital_invoice() -> None:
    [(page, image)] = read(paper.invoice_pdf())
    assert [" ".join(word.text for word in line) for line in page.lines] == [" ".join(line.split()) for line in paper.LINES]
    assert (page.source, page.rotation, page.width, page.height) == (TextSource.TEXT_LAYER, 0, 612, 792)
    first = page.words[0]
    assert (first.text, first.confidence) == ("Apex", 1.0)
    assert first.box.x0 == pytest.approx(72 / 612, abs=0.005)
    assert first.box.y0 < 72 / 792 < first.box.y1 + 0.002
    picture = Image.open(io.BytesIO(image.data))
    assert (picture.format, picture.size) == ("WEBP", (image.width, image.height))
    assert image.width <= 1500
    assert len(image.data) < 150_000


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_and_shown_upright(turn: int) -> None:
    [(page, image)] = read(paper.invoice_pdf(rotate=turn))
    assert page.rotation == (360 - turn) % 360
    assert (page.width, page.height) == (612, 792)
    assert image.height > image.width
    [(upright, _)] = read(paper.invoice_pdf())
    for turned, straight in zip(page.words, upright.words, strict=True):
        assert turned.text == straight.text
        assert turned.box.to_json() == pytest.approx(straight.box.to_json(), abs=1e-3)


def test_ink_stands_where_the_boxes_say() -> None:
    [(page, image)] = read(paper.invoice_pdf(rotate=90))
    picture = Image.open(io.BytesIO(image.data)).convert("L")
    for word in page.words:
        box = word.box
        cut = picture.crop((int(box.x0 * image.width), int(box.y0 * image.height), int(box.x1 * image.width), int(box.y1 * image.height)))
        assert np.asarray(cut).min() < 128, word.text


HIDDEN = {
    "white on white": "1 1 1 rg BT /F1 11 Tf 72 600 Td (FORGED) Tj ET",
    "invisible": "BT 3 Tr /F1 11 Tf 72 600 Td (FORGED) Tj ET",
    "too small": "BT /F1 2 Tf 72 600 Td (FORGED) Tj ET",
    "a little too small": "BT /F1 3.9 Tf 72 600 Td (FORGED) Tj ET",
    "scaled too small": "q 0.2 0 0 0.2 0 0 cm BT /F1 12 Tf 300 2000 Td (FORGED) Tj ET Q",
    "too small and tilted": "BT /F1 3.6 Tf 0.87 0.5 -0.5 0.87 72 600 Tm (FORGED) Tj ET",
    "off the page": "BT /F1 11 Tf 900 600 Td (FORGED) Tj ET",
    "painted over": "BT /F1 11 Tf 72 600 Td (FORGED) Tj ET 1 1 1 rg 60 590 200 30 re f",
}


@pytest.mark.parametrize("trick", list(HIDDEN))
def test_text_that_nobody_sees_is_not_read(trick: str) -> None:
    assert texts(paper.drawn("BT /F1 11 Tf 72 700 Td (Total 45.00) Tj ET", HIDDEN[trick])) == ["Total", "45.00"]


def test_a_page_without_text_is_read_by_ocr() -> None:
    [(page, _)] = read(paper.scanned_pdf(paper.page_picture()))
    assert page.source is TextSource.OCR
    assert [word.text for word in page.words] == ["seen"]


def test_an_empty_page_is_a_page() -> None:
    [(page, _)] = read(paper.invoice_pdf([]))
    assert (page.words, page.source) == ((), TextSource.TEXT_LAYER)


@pytest.mark.thorough
def test_invisible_text_of_a_scan_is_used_when_the_scan_says_the_same() -> None:
    lines = ["one two three four", "five six seven eight", "nine ten eleven twelve"]
    scan = paper.scanned_pdf(paper.page_picture(lines), hidden=lines)
    [(believed, _)] = read(scan, FakeEyes("five six seven eight"))
    assert believed.source is TextSource.OCR, "two of three lines differ"

    class Honest(FakeEyes):
        def line(self, image: Image.Image) -> list[OcrWord]:
            self.said = lines.pop(0) if lines else ""
            return super().line(image)

    said = sorted(lines, key=lambda line: -len(line.replace(" ", "")))
    lines = said
    [(used, _)] = read(scan, Honest())
    assert used.source is TextSource.TEXT_LAYER
    assert "eleven" in {word.text for word in used.words}


def test_a_garbled_encoding_is_not_believed() -> None:
    """Bytes above 0x80 of a font without an encoding say nothing."""
    nonsense = "".join(f"\\{code:o}" for code in (0o201, 0o215, 0o217, 0o220, 0o235)) * 3
    [(page, _)] = read(paper.drawn(*(f"BT /F1 11 Tf 72 {700 - 20 * row} Td ({nonsense}) Tj ET" for row in range(8))))
    assert page.source is TextSource.OCR
