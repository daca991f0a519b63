"""Skew and sideways pages from the ink alone."""

from __future__ import annotations

import pytest
from PIL import Image

from invoices.ocr.upright import is_blank, lies_sideways, skew_angle
from tests.invoices.paper import page_picture


@pytest.mark.parametrize("angle", [-6.0, -2.0, -0.5, 0.5, 1.0, 3.0, 6.0])
def test_small_tilts_are_measured(angle: float) -> None:
    assert skew_angle(page_picture().rotate(-angle, fillcolor=255, resample=Image.Resampling.BICUBIC)) == pytest.approx(angle, abs=0.25)


def test_a_straight_page_is_left_alone() -> None:
    assert skew_angle(page_picture()) == 0.0


def test_blank_paper_has_neither_text_nor_tilt() -> None:
    for shade in (255, 230):
        paper = Image.new("L", (800, 1000), shade)
        assert is_blank(paper)
        assert skew_angle(paper) == 0.0
        assert not lies_sideways(paper)


def test_sideways_pages_are_noticed() -> None:
    page = page_picture()
    assert not lies_sideways(page)
    assert lies_sideways(page.transpose(Image.Transpose.ROTATE_90))
