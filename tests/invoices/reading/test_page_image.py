"""Pictures for the screen."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw

from invoices.reading.page_image import has_colour, screen_image
from tests.invoices.paper import page_picture


def test_a_grey_page_loses_its_colour_channels_and_its_excess_pixels() -> None:
    made = screen_image(page_picture(size=(2480, 3508)).convert("RGB"))
    assert made.width == 1500
    shown = Image.open(io.BytesIO(made.data))
    assert not has_colour(shown.convert("RGB"))


def test_a_coloured_stamp_keeps_its_colour() -> None:
    page = page_picture(size=(800, 1000)).convert("RGB")
    ImageDraw.Draw(page).ellipse((500, 700, 700, 900), outline="red", width=8)
    assert has_colour(Image.open(io.BytesIO(screen_image(page).data)).convert("RGB"))


def test_a_long_receipt_stays_within_the_long_side() -> None:
    made = screen_image(Image.new("L", (900, 9000), 255))
    assert made.height == 3000


def test_a_clean_page_is_shown_as_it_was_drawn_and_is_smaller_than_with_loss() -> None:
    page = page_picture(size=(1500, 1940)).convert("L")
    made = screen_image(page)
    shown = np.asarray(Image.open(io.BytesIO(made.data)).convert("L"), dtype=np.int16)
    assert int(np.abs(shown - np.asarray(page, dtype=np.int16)).max()) <= 9
    lossy = io.BytesIO()
    page.save(lossy, "WEBP", quality=55, method=2)
    assert len(made.data) < lossy.tell()


def test_a_noisy_page_is_stored_with_loss() -> None:
    page = np.asarray(page_picture(size=(900, 1200)).convert("L"), dtype=np.float64)
    noisy = Image.fromarray(np.clip(page + np.random.default_rng(3).normal(0, 9, page.shape), 0, 255).astype(np.uint8))
    less = io.BytesIO()
    noisy.save(less, "WEBP", lossless=True, quality=40, method=2)
    assert len(screen_image(noisy).data) < less.tell() / 3


def test_a_page_one_pixel_wide_has_a_picture() -> None:
    assert screen_image(Image.new("RGB", (1, 40), "white")).width == 1
