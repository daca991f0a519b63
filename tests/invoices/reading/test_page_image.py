"""Pictures for the screen."""

from __future__ import annotations

import io

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
