"""The colours of series are told apart by people who see fewer colours too: simulated, then measured in Lab."""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[3] / "invoices/static/countersign/tokens.css"
SEEN_BY = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopes": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopes": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopes": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Matrices of linear light by Machado, Oliveira and Fernandes (2009), severity 1."""

APART, FIRST_APART = 10.0, 20.0
"""Least distance (CIE 1976) of any two series, and of the first three; 2.3 is just noticeable."""

Colour = tuple[float, float, float]


def series(theme: int) -> dict[str, str]:
    found = re.findall(r"--series-([a-z]): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS.read_text())
    return {name: values[theme] for name, *values in found}


def seen(colour: str, matrix: tuple[tuple[float, ...], ...]) -> Colour:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in matrix)
    return (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
    )


def lab(xyz: Colour) -> Colour:
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("eyes", SEEN_BY)
def test_no_two_series_look_alike(theme: int, eyes: str) -> None:
    palette = {name: lab(seen(colour, SEEN_BY[eyes])) for name, colour in series(theme).items()}
    assert len(palette) == 6
    alike = {
        one + other: round(math.dist(palette[one], palette[other]), 1)
        for one, other in combinations(palette, 2)
        if math.dist(palette[one], palette[other]) < (FIRST_APART if one + other in ("ab", "ac", "bc") else APART)
    }
    assert alike == {}


def test_the_measure_would_notice() -> None:
    def distance(one: str, other: str, eyes: str) -> float:
        return math.dist(lab(seen(one, SEEN_BY[eyes])), lab(seen(other, SEEN_BY[eyes])))

    assert distance("#c2570c", "#8a6d00", "everybody") > 30
    assert distance("#c2570c", "#8a6d00", "protanopes") < 3
