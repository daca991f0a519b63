"""What is on the paper: positioned text and drawn marks, in points from the top left corner.

A ``Sheet`` records marks; it neither renders (``pdf``) nor splits words (``words``). Text widths are those of the
PDF fonts, without kerning, so a recorded position is exactly where the renderer puts the glyphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

Color: TypeAlias = tuple[float, float, float]
BLACK: Color = (0.0, 0.0, 0.0)
WHITE: Color = (1.0, 1.0, 1.0)


class Span(NamedTuple):
    """Text that belongs to a field of the record (``path``) or, with an empty path, to none."""

    text: str
    path: str = ""


Content: TypeAlias = str | Sequence[Span]


class TextRun(NamedTuple):
    """One line of text drawn at once. ``x`` is its left edge; ``page`` counts from 0."""

    page: int
    x: float
    baseline: float
    spans: tuple[Span, ...]
    font: str
    size: float
    color: Color

    @property
    def text(self) -> str:
        """The whole line."""
        return self.spans[0].text if len(self.spans) == 1 else "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    color: Color
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle, filled or outlined or both."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    fill: Color | None
    outline: Color | None
    radius: float = 0.0
    width: float = 0.7


@dataclass(frozen=True, slots=True)
class Polygon:
    """A filled closed shape."""

    page: int
    points: tuple[tuple[float, float], ...]
    fill: Color


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle; ``width`` 0 means filled, anything else an outline of that width."""

    page: int
    x: float
    y: float
    radius: float
    color: Color
    width: float = 0.0


Mark: TypeAlias = TextRun | Stroke | Panel | Polygon | Disc


class Sheet:
    """The marks of one document in drawing order; all pages have one size."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self.pages = 1
        self.marks: list[Mark] = []


@cache
def register_fonts() -> None:
    """Make the Vera family that comes with reportlab known; the standard PDF fonts need nothing."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in (("Vera", "Vera.ttf"), ("Vera-Bold", "VeraBd.ttf"), ("Vera-Italic", "VeraIt.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))


@lru_cache(maxsize=100_000)
def em_width(text: str, font: str) -> float:
    """Width of the text at size 1."""
    register_fonts()
    return float(pdfmetrics.stringWidth(text, font, 1))


def advance(text: str, font: str, size: float) -> float:
    """Width of the text in points."""
    return em_width(text, font) * size


@cache
def vertical_extent(font: str) -> tuple[float, float]:
    """``(ascent, descent)`` at size 1; the descent is negative."""
    register_fonts()
    ascent, descent = pdfmetrics.getAscentDescent(font, 1)
    return float(ascent), float(descent)
