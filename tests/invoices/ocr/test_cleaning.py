"""The picture that the engine sees: even light, no rules, letters untouched."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from invoices.ocr.cleaning import cleaned, evenly_lit, grain, without_rules

_FONT = ImageFont.load_default(26)


def _page(width: int = 1200, height: int = 1600) -> Image.Image:
    page = Image.new("L", (width, height), 245)
    for row in range(12):
        text = f"{row} Meropenem illicit vial HHHH 1,305.76"
        ImageDraw.Draw(page).text((130, 200 + 60 * row), text, fill=30, font=_FONT)
    return page


def _ruled(page: Image.Image, ink: int) -> Image.Image:
    ruled = page.copy()
    draw = ImageDraw.Draw(ruled)
    for y in range(190, 920, 60):
        draw.line((100, y, 1100, y), fill=ink, width=3)
    for x in (100, 700, 900, 1100):
        draw.line((x, 190, x, 910), fill=ink, width=2)
    return ruled


def _ink(page: Image.Image) -> int:
    return int((np.asarray(page) < 150).sum())


@pytest.mark.parametrize("ink", [40, 150, 205], ids=["black", "grey", "faint"])
def test_rules_go_and_letters_stay(ink: int) -> None:
    page = _page()
    clean = without_rules(_ruled(page, ink))
    assert np.abs(np.asarray(clean).astype(int) - np.asarray(page)).mean() < 0.6
    assert _ink(clean) > 0.97 * _ink(page)


def test_a_page_without_rules_is_left_alone() -> None:
    page = _page()
    assert without_rules(page).tobytes() == page.tobytes()


def test_rules_are_found_under_grain() -> None:
    noise = np.random.default_rng(3).normal(0, 12, (1600, 1200))
    ruled = Image.fromarray(np.clip(np.asarray(_ruled(_page(), 150)) + noise, 0, 255).astype("uint8"))
    clean = np.asarray(without_rules(ruled)).astype(float)
    left, paper = clean[195:905, 700].mean(), clean[1000:1500, 700].mean()
    assert abs(left - paper) < 6
    assert np.asarray(ruled).astype(float)[195:905, 700].mean() < paper - 80


def test_uneven_light_becomes_white() -> None:
    shade = np.linspace(0.55, 1.0, 1200)[None, :] * np.ones((1600, 1))
    shaded = Image.fromarray((np.asarray(_page()) * shade).astype("uint8"))
    lit = np.asarray(evenly_lit(shaded))
    corners = [lit[:100, :100], lit[:100, -100:], lit[-100:, :100], lit[-100:, -100:]]
    assert min(corner.mean() for corner in corners) > 225, "it was 135 in the dark corners"
    assert _ink(Image.fromarray(lit)) == pytest.approx(_ink(_page()), rel=0.15)


def test_grain_is_measured_in_grey_levels() -> None:
    noise = np.random.default_rng(5).normal(0, 10, (600, 600))
    assert grain(Image.fromarray((128 + noise).astype("uint8"))) == pytest.approx(10, rel=0.05)
    assert grain(Image.new("L", (300, 300), 200)) == 0.0


@pytest.mark.parametrize("size", [(1, 1), (2, 40), (40, 2), (9, 300)])
def test_tiny_pictures_are_cleaned_too(size: tuple[int, int]) -> None:
    assert cleaned(Image.new("L", size, 128)).size == size
