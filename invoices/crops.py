"""A small picture of one place on a page: what stands there, with a little around it."""

from __future__ import annotations

import io
from dataclasses import dataclass

from mlcore.documents import Box

MAX_WIDTH, MAX_HEIGHT = 480, 120
"""A crop is never larger, in pixels."""

_AROUND_X, _AROUND_Y = 0.03, 0.009
"""What is shown beside the place, in shares of the page."""

_QUALITY = 70


@dataclass(frozen=True, slots=True)
class Crop:
    """A picture as bytes of ``media_type``."""

    data: bytes
    media_type: str = "image/webp"


def crop(image: bytes, box: Box) -> Crop:
    """The place ``box`` (shares of the page) of a page picture that this product made, ``MAX_WIDTH`` x ``MAX_HEIGHT`` at most."""
    from PIL import Image  # 10 MB: only a process that cuts pictures pays for it

    with Image.open(io.BytesIO(image)) as page:
        sides = _sides(page.width, page.height, box)
        part = page.convert("L").crop(sides)
    part.thumbnail((MAX_WIDTH, MAX_HEIGHT))
    out = io.BytesIO()
    part.save(out, "WEBP", quality=_QUALITY, method=4)
    return Crop(out.getvalue())


def _sides(width: int, height: int, box: Box) -> tuple[int, int, int, int]:
    """Left, top, right and bottom in pixels, inside of the page and at least one pixel apart."""
    left, top = int(max(0.0, box.x0 - _AROUND_X) * width), int(max(0.0, box.y0 - _AROUND_Y) * height)
    right, bottom = round(min(1.0, box.x1 + _AROUND_X) * width), round(min(1.0, box.y1 + _AROUND_Y) * height)
    return min(left, width - 1), min(top, height - 1), max(right, left + 1), max(bottom, top + 1)
