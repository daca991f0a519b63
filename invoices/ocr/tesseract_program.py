"""The system's Tesseract through ``pytesseract``: one short-lived program for each page, inside the same limits."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

import pytesseract
from PIL import Image

from invoices.ocr.engine import OcrWord
from invoices.ocr.table import turn_from_report, words_from_table
from invoices.sandbox.failures import Failure, ReadingFailed


def program() -> str | None:
    """Path of a Tesseract that has English data, or ``None``."""
    path = shutil.which("tesseract")
    if path is None:
        return None
    try:
        return path if "eng" in pytesseract.get_languages(config="") else None
    except (OSError, pytesseract.TesseractError, pytesseract.TesseractNotFoundError):
        return None


class TesseractProgram:
    """``OcrEngine`` that starts the Tesseract program."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._languages = set(pytesseract.get_languages(config=""))

    @property
    def name(self) -> str:
        """Name and version."""
        return f"tesseract {pytesseract.get_tesseract_version()} (program)"

    @property
    def program_folders(self) -> Sequence[str]:
        """The program and the libraries that it loads."""
        folder = str(Path(os.path.realpath(self._path)).parent)
        return (folder, "/usr/lib", "/lib", "/lib64", "/usr/lib64")

    def warm_up(self) -> None:
        """Bring the program and its data into the file cache."""
        self.words(Image.new("L", (200, 60), 255))

    def words(self, image: Image.Image) -> list[OcrWord]:
        """The words of an upright page, read row by row."""
        return _table(image, "--psm 4")

    def line(self, image: Image.Image) -> list[OcrWord]:
        """The words of one line."""
        return _table(image, "--psm 7")

    def turn(self, image: Image.Image) -> int | None:
        """The clockwise turn that makes the page upright; ``None`` when there is too little text to tell."""
        if "osd" not in self._languages:
            return None
        try:
            report = pytesseract.image_to_osd(_uncompressed(image), output_type=pytesseract.Output.DICT)
        except pytesseract.TesseractError:
            return None
        return turn_from_report(int(report["orientation"]), float(report["orientation_conf"]))


def _table(image: Image.Image, config: str) -> list[OcrWord]:
    """What the program reads. It inherits the limit of computing time: raises ``ReadingFailed`` when that ended it."""
    try:
        return words_from_table(pytesseract.image_to_data(_uncompressed(image), lang="eng", config=config))
    except pytesseract.TesseractError as error:
        if error.status in (-signal.SIGXCPU, -signal.SIGKILL):
            raise ReadingFailed(Failure.TIMEOUT, limit="the computing time for one page") from None
        raise


def _uncompressed(image: Image.Image) -> Image.Image:
    """The same picture, to be handed over as BMP: packing it as PNG and unpacking it again costs 0.1 s a page."""
    copy = image.copy()
    copy.format = "BMP"
    return copy
