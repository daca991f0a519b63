"""What an OCR engine is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PIL import Image


@dataclass(frozen=True, slots=True)
class OcrWord:
    """One word in pixels of the image that was given; ``confidence`` is 0..1."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float


class OcrEngine(Protocol):
    """Reads grey images. Used by one process, one call at a time."""

    @property
    def name(self) -> str:
        """Name and version, for the health page."""
        ...

    @property
    def program_folders(self) -> Sequence[str]:
        """Folders whose programs the engine has to start; empty when it runs inside the process."""
        ...

    def warm_up(self) -> None:
        """Load language data, so that forked children share it."""
        ...

    def words(self, image: Image.Image) -> list[OcrWord]:
        """The words of an upright page."""
        ...

    def line(self, image: Image.Image) -> list[OcrWord]:
        """The words of an image that shows a single line."""
        ...

    def turn(self, image: Image.Image) -> int | None:
        """The clockwise turn in degrees (0, 90, 180, 270) that makes the page upright; ``None`` when undecided."""
        ...
