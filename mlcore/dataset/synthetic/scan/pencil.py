"""What people in the office add: stamps, initials, ticks, a punched margin."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import reportlab
from PIL import Image, ImageChops, ImageDraw, ImageFont

from mlcore.documents import Box

_STAMPS = ("RECEIVED", "POSTED", "APPROVED", "COPY", "SCANNED", "ENTERED")
_INKS = ((170, 30, 40), (30, 50, 150), (60, 60, 70), (20, 110, 70))
_FONT = Path(reportlab.__file__).parent / "fonts" / "VeraBd.ttf"


@dataclass(frozen=True, slots=True)
class Annotations:
    """What is on the page besides the print. ``stamp`` is its word, empty for none."""

    stamp: str = ""
    stamp_date: str = ""
    initials: bool = False
    ticks: int = 0
    punched: bool = False


def draw_annotations(rng: random.Random) -> Annotations:
    """By chance: about every second page has something."""
    stamped = rng.random() < 0.35
    return Annotations(
        stamp=rng.choice(_STAMPS) if stamped else "",
        stamp_date=f"{rng.choice(('JAN', 'APR', 'JUL', 'OCT'))} {rng.randint(1, 28):02d} {rng.choice((2024, 2025))}" if stamped else "",
        initials=rng.random() < 0.25,
        ticks=rng.choice((0, 0, 0, 3, 5)),
        punched=rng.random() < 0.15,
    )


def mark_page(image: Image.Image, annotations: Annotations, rng: random.Random, taken: Sequence[Box]) -> Image.Image:
    """The page with the marks multiplied in, as ink on paper is; stamps and initials look for an empty place."""
    layer = Image.new("RGB", image.size, (255, 255, 255))
    if annotations.stamp:
        _stamp(layer, annotations, rng, taken)
    pen = ImageDraw.Draw(layer)
    if annotations.initials:
        _initials(pen, layer.size, rng, taken)
    for _ in range(annotations.ticks):
        _tick(pen, layer.size, rng, taken)
    if annotations.punched:
        for at in (0.27, 0.73):
            radius = image.height * 0.011
            x, y = image.width * 0.03, image.height * at
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(70, 70, 70))
    return ImageChops.multiply(image, layer)


def _free_place(rng: random.Random, taken: Sequence[Box], width: float, height: float) -> tuple[float, float]:
    """Top left corner, in fractions, of the emptiest of some random places of that size."""
    best, fewest = (0.5, 0.5), math.inf
    for _ in range(40):
        x, y = rng.uniform(0.04, max(0.05, 0.94 - width)), rng.uniform(0.03, max(0.04, 0.95 - height))
        hits = sum(box.x0 < x + width and x < box.x1 and box.y0 < y + height and y < box.y1 for box in taken)
        if hits < fewest:
            best, fewest = (x, y), hits
        if not hits:
            break
    return best


def _stamp(layer: Image.Image, annotations: Annotations, rng: random.Random, taken: Sequence[Box]) -> None:
    size = int(min(layer.width, layer.height) * 0.034)
    large, small = ImageFont.truetype(str(_FONT), size), ImageFont.truetype(str(_FONT), int(size * 0.6))
    width, height = int(size * (len(annotations.stamp) * 0.82 + 1.4)), int(size * 2.7)
    ink = rng.choice(_INKS)
    plate = Image.new("RGB", (width, height), (255, 255, 255))
    draw = ImageDraw.Draw(plate)
    draw.rounded_rectangle((2, 2, width - 3, height - 3), radius=size // 4, outline=ink, width=max(2, size // 10))
    draw.text((width / 2, size * 0.95), annotations.stamp, font=large, fill=ink, anchor="mm")
    draw.text((width / 2, size * 2.0), annotations.stamp_date, font=small, fill=ink, anchor="mm")
    plate = plate.rotate(rng.uniform(-12, 12), Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))
    pale = rng.uniform(0.15, 0.4)
    plate = Image.blend(plate, Image.new("RGB", plate.size, (255, 255, 255)), pale)
    x, y = _free_place(rng, taken, plate.width / layer.width, plate.height / layer.height)
    layer.paste(plate, (int(x * layer.width), int(y * layer.height)))


def _initials(pen: ImageDraw.ImageDraw, size: tuple[int, int], rng: random.Random, taken: Sequence[Box]) -> None:
    """A scribble in ball-point blue."""
    x, y = _free_place(rng, taken, 0.12, 0.04)
    left, middle, scale = x * size[0], (y + 0.02) * size[1], size[0] * 0.012
    phase = rng.uniform(0, 6)
    points = [
        (left + t * scale * 0.45, middle + math.sin(t * 1.1 + phase) * scale * (1.6 - t * 0.05) + math.sin(t * 2.7) * scale * 0.5)
        for t in (step / 6 for step in range(int(rng.uniform(70, 120))))
    ]
    pen.line(points, fill=(35, 45, 140), width=max(2, size[0] // 500), joint="curve")


def _tick(pen: ImageDraw.ImageDraw, size: tuple[int, int], rng: random.Random, taken: Sequence[Box]) -> None:
    """A check mark beside some printed value."""
    if not taken:
        return
    box = rng.choice(taken)
    x, y = (box.x1 + 0.004) * size[0], (box.y0 + box.y1) / 2 * size[1]
    unit = size[0] * 0.006
    pen.line([(x, y), (x + unit * 0.7, y + unit), (x + unit * 2.2, y - unit * 1.6)], fill=(190, 40, 40), width=max(2, size[0] // 480))
