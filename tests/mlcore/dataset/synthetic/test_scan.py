"""Scans: readable pictures in four file types whose truth still fits after they are set upright."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from mlcore.dataset.synthetic import SyntheticDocument, generate, vendor_catalogue
from mlcore.dataset.synthetic.scan import ScanSettings, draw_settings, scan_pdf
from mlcore.dataset.synthetic.scan.device import Media
from mlcore.dataset.synthetic.scan.paper import Wear
from mlcore.dataset.synthetic.scan.pencil import Annotations


@pytest.fixture(scope="module")
def document() -> SyntheticDocument:
    maker = next(maker for maker in vendor_catalogue() if maker.key == "greenleaf_rx")
    return next(generate(1, 4, [maker]))


def pictures(data: bytes, media: Media) -> Sequence[Image.Image]:
    if media is Media.PDF:
        pdf = pypdfium2.PdfDocument(data)
        return [pdf[index].render(scale=1).to_pil() for index in range(len(pdf))]
    image = Image.open(io.BytesIO(data))
    frames = []
    for index in range(getattr(image, "n_frames", 1)):
        image.seek(index)
        frames.append(image.copy())
    return frames


@pytest.mark.parametrize("media", list(Media))
def test_every_file_type_opens_and_has_no_text(document: SyntheticDocument, media: Media) -> None:
    scan = scan_pdf(document.pdf, ScanSettings(dpi=60, media=media), random.Random(1), document.evidence)

    (picture,) = pictures(scan.data, media)
    assert picture.height > picture.width
    assert np.asarray(picture.convert("L")).std() > 5
    if media is Media.PDF:
        assert pypdfium2.PdfDocument(scan.data)[0].get_textpage().count_chars() == 0


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_scan_set_upright_shows_ink_where_the_evidence_says(document: SyntheticDocument, turn: int) -> None:
    settings = ScanSettings(dpi=100, turn=turn, tilt=2.0, media=Media.PNG, wear=Wear(noise=4.0), annotations=Annotations())
    scan = scan_pdf(document.pdf, settings, random.Random(2), document.evidence)

    (picture,) = pictures(scan.data, scan.media)
    upright = picture.convert("L").rotate(turn, expand=True).rotate(-settings.tilt, Image.Resampling.BICUBIC, fillcolor=250)
    pixels = np.asarray(upright)
    for path in ("vendor.name", "invoice_number", "total", "line_items[0].total"):
        box = document.evidence[path][0].box
        height, width = pixels.shape
        place = pixels[int(box.y0 * height) : int(box.y1 * height), int(box.x0 * width) : int(box.x1 * width)]
        assert (place < 170).mean() > 0.03, path


def test_the_same_chance_gives_the_same_scan(document: SyntheticDocument) -> None:
    first, second = (document.scan(random.Random(8)) for _ in range(2))

    assert first.settings == second.settings
    assert first.data == second.data


def test_settings_stay_in_their_ranges_and_a_few_are_turned() -> None:
    drawn = [draw_settings(random.Random(seed)) for seed in range(600)]

    assert all(abs(settings.tilt) <= 3 for settings in drawn)
    assert 0.03 < sum(settings.turn > 0 for settings in drawn) / len(drawn) < 0.14
    assert {settings.media for settings in drawn} == set(Media)
    assert any(settings.annotations.stamp for settings in drawn)


def test_several_pages_go_into_one_file() -> None:
    settings = draw_settings(random.Random(1), pages=3)

    assert settings.media in (Media.TIFF, Media.PDF)
