"""Picture files: every mode and turn becomes one plain page."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from invoices.reading.picture import plain, read_picture
from invoices.sandbox.failures import Failure, ReadingFailed
from invoices.sandbox.limits import Limits
from mlcore.documents import Page
from tests.invoices import paper
from tests.invoices.reading.test_pdf import FakeEyes


def read(data: bytes, limits: Limits | None = None) -> list[Page]:
    pages: list[Page] = []
    read_picture(data, limits or Limits(), FakeEyes(), lambda page, _: pages.append(page))
    return pages


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_mode_becomes_black_on_white(mode: str) -> None:
    grey = paper.page_picture(["Total"], size=(300, 200))
    if mode in ("I;16", "I", "F"):
        values = np.asarray(grey, dtype=np.float64) * (257 if mode != "F" else 1 / 255)
        image = Image.fromarray(values.astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]))
    else:
        image = grey.convert("RGB").convert(mode) if mode != "L" else grey
    made = plain(image)
    assert made.mode in ("L", "RGB")
    grey_levels = np.asarray(made.convert("L"))
    assert grey_levels.min() < 60
    assert grey_levels.max() > 200
    assert grey_levels.mean() > 128


def test_transparency_is_white() -> None:
    assert plain(Image.new("RGBA", (4, 4), (0, 0, 0, 0))).getpixel((0, 0)) == (255, 255, 255)


def test_every_frame_of_a_tiff_is_a_page() -> None:
    frames = [paper.page_picture(size=(300, 400)) for _ in range(3)]
    pages = read(paper.encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:], dpi=(150, 150)))
    assert [page.number for page in pages] == [1, 2, 3]
    assert (pages[0].width, pages[0].height) == pytest.approx((144, 192))


def test_the_turn_of_the_camera_is_taken_out() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    [page] = read(paper.encoded(paper.page_picture(size=(400, 300)), "JPEG", exif=exif))
    assert page.height > page.width


def test_too_many_frames() -> None:
    frames = [Image.new("L", (20, 20), 255) for _ in range(4)]
    with pytest.raises(ReadingFailed) as failed:
        read(paper.encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:]), Limits(pages=3))
    assert failed.value.failure is Failure.TOO_MANY_PAGES


@pytest.mark.parametrize("kept", [30, 200, 2000])
def test_cut_off_files_are_damaged(kept: int) -> None:
    with pytest.raises(ReadingFailed) as failed:
        read(paper.encoded(paper.page_picture(), "JPEG")[:kept])
    assert failed.value.failure is Failure.DAMAGED
