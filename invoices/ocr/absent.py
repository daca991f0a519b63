"""What stands in where no OCR engine is installed: digital PDFs are read all the same, pictures fail and say why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from PIL import Image

from invoices.ocr.engine import OcrWord
from invoices.sandbox.failures import Failure, ReadingFailed


class AbsentEngine:
    """``OcrEngine`` that cannot read."""

    name = "none"
    program_folders: Sequence[str] = ()

    def warm_up(self) -> None:
        """There is nothing to load."""

    def words(self, image: Image.Image) -> list[OcrWord]:
        """Raises ``ReadingFailed``."""
        self._refuse()

    def line(self, image: Image.Image) -> list[OcrWord]:
        """Raises ``ReadingFailed``."""
        self._refuse()

    def turn(self, image: Image.Image) -> int | None:
        """Undecided."""
        return None

    @staticmethod
    def _refuse() -> NoReturn:
        raise ReadingFailed(Failure.NO_OCR)
