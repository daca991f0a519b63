"""Rows that a first reading leaves out are read by themselves."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from invoices.ocr.engine import OcrEngine
from invoices.ocr.missed import read_missed

_FONT = ImageFont.load_default(30)
_LINES = ("Description of service", "Injection carboplatin 450", "Ondansetron tablet 300", "Sodium chloride bag 24", "Amount due 1305.76")


def _page() -> Image.Image:
    page = Image.new("L", (1100, 700), 255)
    draw = ImageDraw.Draw(page)
    for row, text in enumerate(_LINES[:-1]):
        draw.text((80, 60 + 90 * row), text, fill=20, font=_FONT)
    draw.rectangle((60, 520, 700, 600), fill=40)
    draw.text((80, 540), _LINES[-1], fill=250, font=_FONT)
    return page


def test_what_was_left_out_is_found_at_its_place(engine: OcrEngine) -> None:
    page = _page()
    every = engine.words(page)
    kept = [word for word in every if word.y0 < 140 or 250 < word.y0 < 500]
    found = read_missed(page, kept, engine)
    assert {"Injection", "carboplatin"} <= {word.text for word in found}
    place = next(word for word in found if word.text == "carboplatin")
    assert 200 < place.x0 < 300
    assert 150 <= place.y0 < place.y1 <= 200


def test_light_print_in_a_filled_box_is_found(engine: OcrEngine) -> None:
    page = _page()
    kept = [word for word in engine.words(page) if word.y0 < 500]
    assert "1305.76" in {word.text for word in read_missed(page, kept, engine)}


def test_a_page_that_was_read_whole_is_not_read_again(engine: OcrEngine) -> None:
    page = _page()
    every = [*engine.words(page)]
    every.extend(read_missed(page, every, engine))

    class Counting:
        asked = 0

        def line(self, image: Image.Image) -> list[object]:
            self.asked += 1
            return []

    counting = Counting()
    read_missed(page, every, counting)  # type: ignore[arg-type]
    assert counting.asked == 0
