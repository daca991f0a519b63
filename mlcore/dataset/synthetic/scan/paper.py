"""What happens to paper and to the picture of it: light, dirt, folds, blur, noise."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_Pixels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wear:
    """Strengths of the effects; all zero leaves the page clean.

    ``fade`` lightens the ink (0..0.7), ``shade`` darkens one side (0..0.3), ``noise`` is the standard deviation in grey
    levels, ``specks`` their number per million pixels, ``blur`` a radius in pixels, ``folds`` the number of creases.
    ``grey`` scanners see no colour; ``bilevel`` is a fax: black or white only.
    """

    fade: float = 0.0
    shade: float = 0.0
    noise: float = 0.0
    specks: float = 0.0
    blur: float = 0.0
    folds: int = 0
    streaks: int = 0
    grey: bool = True
    bilevel: bool = False
    paper: float = 250.0


def draw_wear(rng: random.Random) -> Wear:
    """A page that was copied (most), photographed, faxed or badly kept."""
    bad = rng.random() < 0.25
    bilevel = rng.random() < 0.15
    return Wear(
        fade=rng.uniform(0.28, 0.5) if rng.random() < 0.15 and not bilevel else rng.uniform(0.0, 0.2),
        shade=rng.uniform(0.05, 0.25) if bad else rng.uniform(0.0, 0.07),
        noise=rng.uniform(8.0, 18.0) if bad else rng.uniform(2.0, 7.0),
        specks=rng.uniform(20.0, 120.0) if bad and not bilevel else rng.uniform(0.0, 25.0),
        blur=rng.uniform(0.6, 1.0) if bad and not bilevel else rng.uniform(0.2, 0.6),
        folds=rng.choice((0, 0, 1, 2)),
        streaks=rng.choice((0, 0, 0, 1, 2)),
        grey=rng.random() < 0.6,
        bilevel=bilevel,
        paper=rng.uniform(236.0, 253.0),
    )


def age_page(image: Image.Image, wear: Wear, noise: np.random.Generator) -> Image.Image:
    """The picture of the worn page in the mode of ``image`` (RGB or L); a fax in mode 1."""
    if wear.blur:
        image = image.filter(ImageFilter.GaussianBlur(wear.blur))
    pixels: _Pixels = np.array(image, dtype=np.float32)
    pixels *= np.float32(wear.paper / 255.0 * (1.0 - wear.fade))
    pixels += np.float32(wear.paper * wear.fade)
    light = _light(pixels.shape[0], pixels.shape[1], wear, noise)
    pixels *= light if pixels.ndim == 2 else light[:, :, None]
    _add_dirt(pixels, wear, noise)
    if wear.noise:
        grain = noise.standard_normal(pixels.shape[:2], dtype=np.float32)
        grain *= np.float32(wear.noise)
        pixels += grain if pixels.ndim == 2 else grain[:, :, None]
    np.clip(pixels, 0, 255, out=pixels)
    result = Image.fromarray(pixels.astype(np.uint8))
    if wear.bilevel:
        return result.point(lambda level: 255 if level > wear.paper * 0.66 else 0).convert("1")
    return result


def _light(height: int, width: int, wear: Wear, noise: np.random.Generator) -> _Pixels:
    """Brightness over the page: falling to one corner, dark along creases and at the book edge."""
    down = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None]
    across = np.linspace(0.0, 1.0, width, dtype=np.float32)[None, :]
    angle = float(noise.uniform(0, 2 * np.pi))
    slope = np.float32(np.cos(angle)) * (across - np.float32(0.5)) + np.float32(np.sin(angle)) * (down - np.float32(0.5))
    light: _Pixels = 1.0 - wear.shade * (slope + np.float32(0.7))
    for fold in range(wear.folds):
        at = (fold + 1) / (wear.folds + 1) + float(noise.normal(0, 0.01))
        rows = slice(int((at - 0.05) * height), int((at + 0.05) * height))
        bent = down[rows] - np.float32(at) - np.float32(0.004 * float(noise.normal(0, 1))) * (across - np.float32(0.5))
        light[rows] *= (1.0 - 0.10 * np.exp(-((bent / 0.0012) ** 2))) * (1.0 - 0.03 * np.exp(-((bent / 0.012) ** 2)))
    return light


def _add_dirt(pixels: _Pixels, wear: Wear, noise: np.random.Generator) -> None:
    """Specks and the vertical streaks of a dirty glass, in place."""
    height, width = pixels.shape[:2]
    for _ in range(int(wear.specks * height * width / 1e6)):
        y, x, size = int(noise.integers(height)), int(noise.integers(width)), int(noise.choice((1, 1, 1, 2, 3)))
        pixels[y : y + size, x : x + size] *= float(noise.uniform(0.1, 0.7))
    for _ in range(wear.streaks):
        x = int(noise.integers(width))
        pixels[:, x : x + int(noise.choice((1, 2)))] *= float(noise.uniform(0.75, 0.9))
