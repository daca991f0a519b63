"""The colours of tokens.css have the contrast that WCAG 2.2 AA asks for, in light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[3] / "invoices/static/countersign/tokens.css"
TEXT, EDGE = 4.5, 3.0
STATES = ("invalid", "confirm", "confirmed", "untouched", "info")
SURFACES = ("canvas", "surface", "raised", "hover")
PAIRS = [
    *[(text, surface, TEXT) for text in ("text", "muted") for surface in (*SURFACES, "accent-soft")],
    *[("accent", surface, TEXT) for surface in (*SURFACES, "accent-soft")],
    *[("text", f"{state}-soft", TEXT) for state in STATES],
    *[(state, f"{state}-soft", TEXT) for state in STATES],
    *[(state, surface, TEXT) for state in STATES for surface in ("surface", "raised", "accent-soft")],
    *[(f"series-{letter}", surface, EDGE) for letter in "abcdef" for surface in ("surface", "raised")],
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("on-invalid", "invalid", TEXT),
    ("muted", "desk", TEXT),
    *[("edge", surface, EDGE) for surface in SURFACES],
    *[("focus", surface, EDGE) for surface in (*SURFACES, "desk", "accent-soft")],
]


def colours(theme: int) -> dict[str, str]:
    pairs = re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS.read_text())
    return {name: values[theme] for name, *values in pairs}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_pair_has_enough_contrast(theme: int) -> None:
    palette = colours(theme)
    weak = {
        f"{one} on {other}": round(contrast(palette[one], palette[other]), 2)
        for one, other, least in PAIRS
        if contrast(palette[one], palette[other]) < least
    }
    assert weak == {}


def test_contrast_is_the_published_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
