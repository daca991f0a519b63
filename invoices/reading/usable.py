"""Whether the text layer of a PDF page may be believed, or the page has to be read by OCR."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from invoices.ocr.engine import OcrEngine
from invoices.reading.pdf_words import PdfText, PdfWord
from mlcore.documents import Box

MIN_CONTRAST = 40
"""Grey levels between the lightest and the darkest point of a word's box; less is not readable for people."""

_MAX_BROKEN = 0.1
_MIN_WORDS = 5
_MIN_TEXTLIKE = 0.5
_IMAGE_ONLY = 0.5
_SAMPLED_LINES = 3
_SAME = 0.7
_TEXTLIKE = re.compile(r"[A-Za-zÀ-ɏ]{2,}|\d")
_SYMBOLS_INSIDE = re.compile(r"[^\W\d_][^\w\s.,:;'’\-/&()@+#%*$€£!?\"<>=\[\]|°]{1,}[^\W\d_]")


def inked(words: Sequence[PdfWord], grey: NDArray[np.uint8]) -> list[PdfWord]:
    """The words whose box shows contrast on the rendered page: not white on white, not painted over."""
    height, width = grey.shape
    kept = []
    for word in words:
        box = word.box
        x0, x1 = int(box.x0 * width), max(int(box.x1 * width), int(box.x0 * width) + 1)
        y0, y1 = int(box.y0 * height), max(int(box.y1 * height), int(box.y0 * height) + 1)
        part = grey[y0:y1, x0:x1]
        if part.size and int(part.max()) - int(part.min()) >= MIN_CONTRAST:
            kept.append(word)
    return kept


def is_garbled(text: PdfText) -> bool:
    """Characters without a meaning, or words that are no words: the font's encoding is lost."""
    if text.characters and text.broken / text.characters > _MAX_BROKEN:
        return True
    longer = [word.text for word in text.words if len(word.text) >= 3]
    if len(longer) < _MIN_WORDS:
        return False
    textlike = sum(1 for word in longer if _TEXTLIKE.search(word) and not _SYMBOLS_INSIDE.search(word))
    return textlike / len(longer) < _MIN_TEXTLIKE


def is_picture(image_share: float, visible: Sequence[PdfWord]) -> bool:
    """A scan with at most a stamp of real text on it. ``image_share`` is the part of the page under images."""
    covered = sum((word.box.x1 - word.box.x0) * (word.box.y1 - word.box.y0) for word in visible)
    return image_share > _IMAGE_ONLY and (len(visible) < 30 or covered < 0.01)


def matches_picture(words: Sequence[PdfWord], picture: Image.Image, engine: OcrEngine) -> bool:
    """Whether the invisible text of a scan says what the scan shows, by reading its three longest lines again."""
    rows: dict[int, list[PdfWord]] = {}
    for word in words:
        rows.setdefault(round(word.box.center[1] * 150), []).append(word)
    lines = sorted(rows.values(), key=lambda row: -sum(len(word.text) for word in row))[:_SAMPLED_LINES]
    same = 0
    for line in lines:
        ordered = sorted(line, key=lambda word: word.box.x0)
        said = " ".join(word.text for word in ordered)
        seen = " ".join(word.text for word in engine.line(_cut(picture, [word.box for word in ordered])))
        same += SequenceMatcher(None, said.casefold(), seen.casefold()).ratio() >= _SAME
    return bool(lines) and same * 3 >= 2 * len(lines)


def _cut(picture: Image.Image, boxes: Sequence[Box]) -> Image.Image:
    around = boxes[0]
    for box in boxes[1:]:
        around = around.union(box)
    margin = 0.3 * (around.y1 - around.y0)
    sides = (around.x0 - 0.005, around.y0 - margin, around.x1 + 0.005, around.y1 + margin)
    x0, y0, x1, y1 = (min(max(side, 0.0), 1.0) for side in sides)
    width, height = picture.size
    left, top = int(x0 * width), int(y0 * height)
    return picture.crop((left, top, max(int(x1 * width), left + 8), max(int(y1 * height), top + 8)))
