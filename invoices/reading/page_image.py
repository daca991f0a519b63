"""The picture of a page that people see: upright, sized for the screen, small."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

SCREEN_WIDTH = 1500
SCREEN_LONG_SIDE = 3000
_QUALITY = 55
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
    encoded = io.BytesIO()
    shown.save(encoded, "WEBP", quality=_QUALITY, method=2)
    return PageImage(encoded.getvalue(), "image/webp", shown.width, shown.height)


def has_colour(image: Image.Image) -> bool:
    """Whether more than two in a thousand parts of an RGB picture are coloured."""
    small = np.asarray(image.resize((min(200, image.width), min(280, image.height)), Image.Resampling.BOX), dtype=np.int16)
    spread = small.max(axis=2) - small.min(axis=2)
    return bool((spread > _COLOUR_DIFFERENCE).mean() > _COLOURED_SHARE)
