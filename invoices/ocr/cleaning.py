"""A page picture made ready for OCR: even light, less grain, no rules. Only the engine sees it, never a person.

Tesseract takes the rules of a table for letters and drops the rows beside them, and reads nothing at all where grain and
uneven light hide the print. ``benchmarks/ocr_reading.py`` measures what each step brings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_Levels = NDArray[np.float32]
_Mask = NDArray[np.bool_]

_LIGHT_GRID = 8
_LIGHT_REACH = 9
_SMOOTHING = 0.6
_STRONG_SMOOTHING = 1.2
_MUCH_GRAIN = 20.0
"""Grey levels (standard deviation). Below, stronger smoothing costs more letters than the grain does."""

_LEAST_RULE_ACROSS = 0.08
"""A horizontal rule is at least this long, in widths of the page: longer than any dash or underscore of print."""
_LEAST_RULE_DOWN = 0.035
"""A vertical rule is at least this long, in heights of the page: about three lines of print."""
_UNBROKEN = 0.96
_CONTRAST = 14.0
"""Grey levels by which a rule is darker than the paper on both of its sides, after averaging along it."""
_ALONG = 5
_EVEN = 0.5
"""A rule is as dark all along; where a letter ends, the line through its strokes falls below this share of its mean."""
_INK = 0.18
_LEAST_INK = 30.0
_USUAL_LONG_SIDE = 2200
_MEDIAN_TO_DEVIATION = 0.754
"""Median absolute value of a normal distribution of variance 1 + 1/4."""
_THICKNESS = 5


def cleaned(grey: Image.Image) -> Image.Image:
    """The same grey page (mode ``L``, upright and straight, same size) with even light, little grain and without rules."""
    smoothing = _STRONG_SMOOTHING if grain(grey) > _MUCH_GRAIN else _SMOOTHING
    return without_rules(evenly_lit(grey).filter(ImageFilter.GaussianBlur(smoothing)))


def grain(grey: Image.Image) -> float:
    """Standard deviation of the noise in grey levels: how far points are from the mean of their four neighbours."""
    levels = np.asarray(grey, dtype=np.float32)
    if min(levels.shape) < 3:
        return 0.0
    around = (levels[:-2, 1:-1] + levels[2:, 1:-1] + levels[1:-1, :-2] + levels[1:-1, 2:]) / 4
    return float(np.median(np.abs(levels[1:-1, 1:-1] - around)) / _MEDIAN_TO_DEVIATION)


def evenly_lit(grey: Image.Image) -> Image.Image:
    """The page divided by its own paper: shadows, yellowed paper and the grey of a poor copier become white."""
    small = grey.resize((max(1, grey.width // _LIGHT_GRID), max(1, grey.height // _LIGHT_GRID)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(_LIGHT_REACH)).filter(ImageFilter.GaussianBlur(_LIGHT_REACH - 1))
    light = np.asarray(paper.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float32)
    levels = np.asarray(grey, dtype=np.float32) * (255.0 / np.maximum(light, 1.0))
    return Image.fromarray(np.minimum(levels, 255.0).astype(np.uint8))


def without_rules(grey: Image.Image) -> Image.Image:
    """The page with its thin straight lines painted over in the colour of the paper; strokes of letters that cross one stay."""
    pixels = np.array(grey)
    levels = pixels.astype(np.float32)
    height, width = levels.shape
    reach = max(4, round(_THICKNESS * max(height, width) / _USUAL_LONG_SIDE))
    across = _grown(_thin_lines(levels, int(width * _LEAST_RULE_ACROSS), reach))
    down = _grown(_thin_lines(levels.T, int(height * _LEAST_RULE_DOWN), reach).T)
    if not across.any() and not down.any():
        return grey
    paper = float(np.median(levels))
    ink = levels < paper - max(_LEAST_INK, _INK * paper)
    upright_strokes = _in_runs(ink.T, 2 * reach + 2, 1.0).T & across & ~down
    level_strokes = _in_runs(ink, 2 * reach + 2, 1.0) & down & ~across
    pixels[(across | down) & ~upright_strokes & ~level_strokes] = int(paper)
    return Image.fromarray(pixels)


def _thin_lines(levels: _Levels, length: int, reach: int) -> _Mask:
    """Points of horizontal lines of at least ``length``, darker than the paper ``reach`` above and below them."""
    if levels.shape[0] <= 2 * reach or levels.shape[1] <= length or length <= 2 * reach:
        return np.zeros(levels.shape, dtype=np.bool_)
    along = _averaged(levels, _ALONG)
    lighter = np.minimum(along[: -2 * reach], along[2 * reach :]) - along[reach:-reach]
    lines = np.zeros(levels.shape, dtype=np.bool_)
    even = np.maximum(_averaged(lighter, length) * _EVEN, _CONTRAST)
    lines[reach:-reach] = _in_runs(lighter > even, length, _UNBROKEN)
    return lines


def _averaged(levels: _Levels, size: int) -> _Levels:
    """Mean of ``size`` neighbours along each row."""
    half = size // 2
    sums = np.cumsum(np.pad(levels, ((0, 0), (half + 1, half)), mode="edge"), axis=1, dtype=np.float64)
    return ((sums[:, size:] - sums[:, :-size])[:, : levels.shape[1]] / size).astype(np.float32)


def _in_runs(mask: _Mask, length: int, share: float) -> _Mask:
    """Points of ``mask`` that lie in a stretch of ``length`` along their row of which ``share`` is set."""
    if mask.shape[1] <= length:
        return np.zeros(mask.shape, dtype=np.bool_)
    counts = np.cumsum(np.pad(mask, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    full = counts[:, length:] - counts[:, :-length] >= length * share
    starts = np.cumsum(np.pad(full, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    place = np.arange(mask.shape[1])
    first, last = np.clip(place - length + 1, 0, full.shape[1]), np.clip(place + 1, 0, full.shape[1])
    return mask & (starts[:, last] - starts[:, first] > 0)


def _grown(mask: _Mask) -> _Mask:
    """The mask with one point more on every side."""
    return np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(3))) > 0
