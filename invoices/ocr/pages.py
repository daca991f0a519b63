"""OCR of one page picture: turn it upright, take out the skew, read it, and say how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from PIL import Image

from invoices.ocr.cleaning import cleaned
from invoices.ocr.engine import OcrEngine, OcrWord
from invoices.ocr.missed import read_missed
from invoices.ocr.upright import deskewed, is_blank, lies_sideways, skew_angle

READING_LONG_SIDE = 3000
"""Smaller pictures are enlarged towards this many pixels, at most twofold: below, Tesseract loses words."""

MAX_LONG_SIDE = 3600
_SURE = 0.70
_FEW_WORDS = 8
_TURN_LONG_SIDE = 1600


@dataclass(frozen=True, slots=True)
class OcrPage:
    """``image`` is upright; word boxes are fractions of it. ``rotation`` and ``skew`` as in ``mlcore.documents.Page``."""

    image: Image.Image
    words: tuple[OcrWord, ...]
    rotation: int
    skew: float


def ocr_page(image: Image.Image, engine: OcrEngine) -> OcrPage:
    """Read a page picture whose turn is unknown.

    It is read as it stands first; only when that goes badly are the other turns tried, so that an upright
    page costs nothing extra.
    """
    if is_blank(image):
        return OcrPage(image, (), 0, 0.0)
    first = None if lies_sideways(image) else _read(image, 0, engine)
    if first is not None and _surely_read(first):
        return first
    best = first
    for rotation in _turns_to_try(image, engine, tried_upright=first is not None):
        read = _read(image, rotation, engine)
        if best is None or _quality(read) > _quality(best):
            best = read
        if _surely_read(read):
            break
    return best if best is not None else _read(image, 0, engine)


def turned(image: Image.Image, rotation: int) -> Image.Image:
    """The image turned clockwise by 0, 90, 180 or 270 degrees."""
    methods = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    return image.transpose(methods[rotation]) if rotation else image


def _turns_to_try(image: Image.Image, engine: OcrEngine, *, tried_upright: bool) -> list[int]:
    small = image.convert("L")
    small.thumbnail((_TURN_LONG_SIDE, _TURN_LONG_SIDE))
    told = engine.turn(small)
    if tried_upright:
        return [] if told == 0 else [180 if told is None else told]
    likely = [0, 90, 270] if told is None else [told, 0, 90, 270]
    return list(dict.fromkeys(likely))


def _read(image: Image.Image, rotation: int, engine: OcrEngine) -> OcrPage:
    upright = turned(image, rotation)
    angle = skew_angle(upright)
    upright = deskewed(upright, angle)
    reading = sized_for_reading(upright.convert("L"), cleaned)
    width, height = reading.size
    found = engine.words(reading)
    words = tuple(
        OcrWord(w.text, _unit(w.x0 / width), _unit(w.y0 / height), _unit(w.x1 / width), _unit(w.y1 / height), w.confidence)
        for w in (*found, *read_missed(reading, found, engine))
    )
    return OcrPage(upright, words, rotation, angle)


def sized_for_reading(grey: Image.Image, clean: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """The cleaned page at the size that Tesseract reads best; it is cleaned at the smaller of the two sizes."""
    scale = min(2.0, max(1.0, READING_LONG_SIDE / max(grey.size)), MAX_LONG_SIDE / max(grey.size))
    if abs(scale - 1.0) <= 0.05:
        return clean(grey)
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    if scale < 1.0:
        return clean(grey.resize(size, Image.Resampling.BICUBIC))
    return clean(grey).resize(size, Image.Resampling.BICUBIC)


def _unit(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _surely_read(page: OcrPage) -> bool:
    real = [word.confidence for word in page.words if len(word.text) > 2]
    return len(real) >= _FEW_WORDS and fmean(real) >= _SURE


def _quality(page: OcrPage) -> float:
    """Characters of longer words, weighted by how sure they are."""
    return sum(len(word.text) * max(0.0, word.confidence - 0.4) for word in page.words if len(word.text) > 2)
