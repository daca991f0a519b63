"""The picture of a page that people see: upright, sized for the screen, small.

A clean page (drawn from a PDF, or a clean copy) is stored without loss in sixteen steps of each channel: smaller than a
lossy picture of it, and its letters have no halo. A noisy page would grow many times over that way and is stored with loss.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

SCREEN_WIDTH = 1500
SCREEN_LONG_SIDE = 3000
_QUALITY = 40
_STEPS = 16
_LOSSLESS_EFFORT = 40
_CLEAN_CHANGES = 0.15
_COLOUR_DIFFERENCE = 24
_COLOURED_SHARE = 0.002


@dataclass(frozen=True, slots=True)
class PageImage:
    """An encoded picture of ``width`` x ``height`` pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


def screen_image(image: Image.Image) -> PageImage:
    """A WebP picture of at most 1,500 pixels width, grey where the page has no colour."""
    shown = image if image.mode in ("L", "RGB") else image.convert("RGB")
    scale = min(1.0, SCREEN_WIDTH / shown.width, SCREEN_LONG_SIDE / shown.height)
    if scale < 1.0:
        size = (max(1, round(shown.width * scale)), max(1, round(shown.height * scale)))
        shown = shown.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if shown.mode == "RGB" and not has_colour(shown):
        shown = shown.convert("L")
    return PageImage(_encoded(shown), "image/webp", shown.width, shown.height)


def _encoded(shown: Image.Image) -> bytes:
    encoded = io.BytesIO()
    if is_clean(shown):
        stepped = shown.point([_step(value) for value in range(256)] * len(shown.getbands()))
        stepped.save(encoded, "WEBP", lossless=True, quality=_LOSSLESS_EFFORT, method=2)
    else:
        shown.save(encoded, "WEBP", quality=_QUALITY, method=2)
    return encoded.getvalue()


def _step(value: int) -> int:
    """The nearest of the evenly spaced steps; black and white stay what they are."""
    return round(round(value * (_STEPS - 1) / 255) * 255 / (_STEPS - 1))


def is_clean(image: Image.Image) -> bool:
    """Whether few pixels differ from the one to their left: letters and lines do, noise does everywhere."""
    grey = np.asarray(image.convert("L"))
    return grey.shape[1] < 2 or float((grey[:, 1:] != grey[:, :-1]).mean()) <= _CLEAN_CHANGES


def has_colour(image: Image.Image) -> bool:
    """Whether more than two in a thousand parts of an RGB picture are coloured."""
    small = np.asarray(image.resize((min(200, image.width), min(280, image.height)), Image.Resampling.BOX), dtype=np.int16)
    spread = small.max(axis=2) - small.min(axis=2)
    return bool((spread > _COLOUR_DIFFERENCE).mean() > _COLOURED_SHARE)
