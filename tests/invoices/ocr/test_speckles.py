"""A scan with speckles is read although Tesseract alone sees nothing in it."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from invoices.ocr.engine import OcrEngine
from invoices.ocr.pages import ocr_page


def test_a_speckled_page_is_smoothed_and_read(engine: OcrEngine) -> None:
    page = Image.new("L", (1000, 1300), 205)
    for row in range(12):
        text = f"Invoice line {row} saline bag amount 100.00"
        ImageDraw.Draw(page).text((80, 90 + 80 * row), text, fill=40, font=ImageFont.load_default(26))
    noise = np.random.default_rng(7).normal(0, 45, (1300, 1000))
    speckled = Image.fromarray(np.clip(np.asarray(page) + noise, 0, 255).astype("uint8"))
    read = " ".join(word.text for word in ocr_page(speckled, engine).words)
    assert read.count("saline") >= 9
