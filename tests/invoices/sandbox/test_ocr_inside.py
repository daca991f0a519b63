"""Both OCR engines work inside the sandbox, and can ask there which way up a page is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pytest

from invoices.sandbox.client import ReadPage, SandboxedReader
from invoices.sandbox.failures import ReadingFailed
from invoices.sandbox.limits import Limits
from mlcore.documents import TextSource
from tests.invoices.ocr.conftest import engine_named
from tests.invoices.paper import encoded, invoice_pdf, page_picture


@pytest.fixture(params=[pytest.param("program", marks=pytest.mark.thorough), "library"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxedReader]:
    engine_named(request.param)
    monkeypatch.setenv("COUNTERSIGN_OCR_ENGINE", request.param)
    made = SandboxedReader()
    yield made
    made.close()


def test_an_upright_page_and_one_upside_down(reader: SandboxedReader) -> None:
    pages: list[ReadPage] = []
    with tempfile.TemporaryFile() as file:
        first = page_picture()
        file.write(encoded(first, "TIFF", save_all=True, append_images=[first.rotate(180)]))
        file.flush()
        assert reader.read(file, "image/tiff", Limits(), pages.append) == 2
    for page in pages:
        assert {"Infusion", "03/04/2026"} <= {word.text for word in page.page.words}
        assert page.page.source is TextSource.OCR
    assert [page.page.rotation for page in pages] == [0, 180]
    assert reader.engine_name.startswith("tesseract")


def test_without_an_engine_digital_pdfs_are_read_and_pictures_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_OCR_ENGINE", "program")
    monkeypatch.setenv("PATH", "")
    made = SandboxedReader()
    pages: list[ReadPage] = []
    try:
        for data, media_type in ((invoice_pdf(), "application/pdf"), (encoded(page_picture()), "image/png")):
            with tempfile.TemporaryFile() as file:
                file.write(data)
                file.flush()
                if media_type == "application/pdf":
                    made.read(file, media_type, Limits(), pages.append)
                else:
                    with pytest.raises(ReadingFailed, match="no OCR"):
                        made.read(file, media_type, Limits(), pages.append)
    finally:
        made.close()
    assert len(pages) == 1
    assert made.engine_name == "none"
