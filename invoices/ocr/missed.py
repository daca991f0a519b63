"""Print that the first reading passed over: ink in the shape of a line of text where no word was found.

Tesseract leaves out whole rows beside filled boxes and at the edges of its blocks. Each such place is read once more by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from invoices.ocr.engine import OcrEngine, OcrWord

MOST_LINES = 24
"""At most this many places are read again: a page of dirt has no end of them."""
SURE = 0.55
"""A word of a second reading that is less sure than this is not print."""

_INK = 0.62
_LEAST_HEIGHT, _MOST_HEIGHT = 0.5, 2.6
_LEAST_WIDTH = 0.8
_LEAST_INK, _MOST_INK = 0.06, 0.7
_BRIDGE = 0.9
_MARGIN = 0.35
_FEWEST_WORDS = 4
_SAME_PRINT = 0.3

_Mask = NDArray[np.bool_]


def read_missed(page: Image.Image, words: Sequence[OcrWord], engine: OcrEngine) -> list[OcrWord]:
    """Words of the grey, cleaned page at places that ``words`` leave out, in pixels of the page."""
    if len(words) < _FEWEST_WORDS:
        return []
    height = median(word.y1 - word.y0 for word in words)
    found: list[OcrWord] = []
    for left, top, right, bottom in _lines_of_ink(page, words, height):
        crop = page.crop((left, top, right, bottom))
        if float(np.median(np.asarray(crop))) < 128:
            crop = Image.eval(crop, lambda level: 255 - level)
        found.extend(
            OcrWord(word.text, word.x0 + left, word.y0 + top, word.x1 + left, word.y1 + top, word.confidence)
            for word in engine.line(crop)
            if word.confidence >= SURE
        )
    return [word for word in found if not any(_overlap(word, other) for other in words)]


def _overlap(word: OcrWord, other: OcrWord) -> bool:
    """Whether a good part of the smaller word lies in the other: the same print, read twice."""
    wide, tall = min(word.x1, other.x1) - max(word.x0, other.x0), min(word.y1, other.y1) - max(word.y0, other.y0)
    smaller = min((one.x1 - one.x0) * (one.y1 - one.y0) for one in (word, other))
    return wide > 0 and tall > 0 and wide * tall > _SAME_PRINT * smaller


def _lines_of_ink(page: Image.Image, words: Sequence[OcrWord], height: float) -> Iterator[tuple[int, int, int, int]]:
    """Boxes in pixels, the largest amount of ink first."""
    levels = np.asarray(page)
    paper = float(np.median(levels))
    ink: _Mask = levels < paper * _INK
    light: _Mask = levels > paper * _INK
    for word in words:
        covered = (slice(max(0, int(word.y0 - 2)), int(word.y1 + 3)), slice(max(0, int(word.x0 - 2)), int(word.x1 + 3)))
        ink[covered] = False
    filled = ndimage.uniform_filter(ink.astype(np.float32), max(3, int(height * 1.2))) > 0.5
    border = ndimage.maximum_filter(filled, max(3, int(height)))
    letters = (ink & ~border) | (light & filled)
    reach = max(1, int(height * _BRIDGE))
    joined = ndimage.maximum_filter1d(letters.astype(np.uint8), 2 * reach + 1, axis=1)
    labels, count = ndimage.label(joined)
    margin = int(height * _MARGIN)
    found: list[tuple[int, tuple[slice[int, int, Any], slice[int, int, Any]]]] = []
    for place, box in enumerate(ndimage.find_objects(labels, count), start=1):
        tall, wide = box[0].stop - box[0].start, box[1].stop - box[1].start - 2 * reach
        if not (_LEAST_HEIGHT * height <= tall <= _MOST_HEIGHT * height) or wide < _LEAST_WIDTH * height:
            continue
        amount = int(letters[box][labels[box] == place].sum())
        if _LEAST_INK <= amount / (tall * max(wide, 1)) <= _MOST_INK:
            found.append((amount, (box[0], box[1])))
    for _, (rows, columns) in sorted(found, key=lambda entry: -entry[0])[:MOST_LINES]:
        yield (
            max(0, columns.start + reach - 2 * margin),
            max(0, rows.start - margin),
            min(page.width, columns.stop - reach + 2 * margin),
            min(page.height, rows.stop + margin),
        )
