"""Small skew, from the ink alone: at the right angle the rows of a page are darkest and the gaps emptiest."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MAX_SKEW = 7.0
"""Degrees; a larger tilt is not looked for."""

MIN_SKEW = 0.25
"""Degrees; a smaller tilt is left alone."""

_GAIN = 1.1
_CLEAR_GAIN = 1.6
_LARGE_SKEW = 2.0
"""Degrees; a tilt above has to show clearly: a picture without rows of text has a sharpest angle too."""

_LONG_SIDE = 1000
_MIN_INK = 200
_FEWEST_INK = 12
_MAX_INK = 60_000


def skew_angle(image: Image.Image) -> float:
    """Degrees by which the rows of a grey image fall to the right (clockwise tilt); 0.0 when there is nothing to correct."""
    rows, columns = _ink(image)
    if len(rows) < _MIN_INK:
        return 0.0
    coarse = _best(rows, columns, np.arange(-MAX_SKEW, MAX_SKEW + 0.01, 0.5))
    fine = _best(rows, columns, np.arange(coarse - 0.5, coarse + 0.51, 0.1))
    if abs(fine) < MIN_SKEW or abs(fine) > MAX_SKEW:
        return 0.0
    straight, found = (_sharpness(rows, columns, angle) for angle in (0.0, fine))
    needed = _CLEAR_GAIN if abs(fine) > _LARGE_SKEW else _GAIN
    return round(float(fine), 2) if found > needed * straight else 0.0


def deskewed(image: Image.Image, angle: float) -> Image.Image:
    """The image turned back by ``angle`` degrees, its size kept, white where nothing was."""
    if not angle:
        return image
    return image.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor="white" if image.mode == "RGB" else 255)


def lies_sideways(image: Image.Image) -> bool:
    """Whether the ink forms columns rather than rows: a page turned by 90 or 270 degrees."""
    rows, columns = _ink(image)
    if len(rows) < _MIN_INK:
        return False
    return _sharpness(columns, rows, 0.0) > 1.5 * _sharpness(rows, columns, 0.0)


def is_blank(image: Image.Image) -> bool:
    """Whether there is nothing to read: fewer dark points than a few letters have."""
    rows, _ = _ink(image)
    return len(rows) < _FEWEST_INK


def _ink(image: Image.Image) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rows and columns of dark pixels of a reduced copy."""
    small = image.convert("L")
    small.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.float64)
    dark = grey < min(float(np.median(grey)) - 40.0, 200.0)
    rows, columns = np.nonzero(dark)
    step = max(1, len(rows) // _MAX_INK)
    return rows[::step].astype(np.float64), columns[::step].astype(np.float64)


def _best(rows: NDArray[np.float64], columns: NDArray[np.float64], angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda angle: _sharpness(rows, columns, float(angle))))


def _sharpness(rows: NDArray[np.float64], columns: NDArray[np.float64], angle: float) -> float:
    """Sum of squared differences between neighbouring rows of the ink profile at ``angle`` degrees."""
    shifted = rows - columns * math.tan(math.radians(angle)) + _LONG_SIDE
    profile = np.bincount(shifted.astype(np.int64))
    return float(np.square(np.diff(profile.astype(np.float64))).sum())
