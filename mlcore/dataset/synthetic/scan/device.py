"""From PDF bytes to the bytes of a scan."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mlcore.dataset.synthetic.scan.paper import Wear, age_page, draw_wear
from mlcore.dataset.synthetic.scan.pencil import Annotations, draw_annotations, mark_page
from mlcore.documents import Box, Evidence


class Media(StrEnum):
    """File types of scans, by media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    PDF = "application/pdf"


SUFFIX = {Media.JPEG: "jpg", Media.PNG: "png", Media.TIFF: "tif", Media.PDF: "pdf"}


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How bad a scan is. ``turn`` is the clockwise quarter turn of the whole document in degrees, ``tilt`` a small angle.

    ``quality`` is that of the JPEG compression; PNG files and faxes have none.
    """

    dpi: int = 170
    tilt: float = 0.0
    turn: int = 0
    quality: int = 70
    media: Media = Media.JPEG
    wear: Wear = field(default_factory=Wear)
    annotations: Annotations = field(default_factory=Annotations)


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as it comes from the scanner."""

    data: bytes
    media: Media
    settings: ScanSettings

    @property
    def suffix(self) -> str:
        """File name extension without the dot."""
        return SUFFIX[self.media]


def draw_settings(rng: random.Random, pages: int = 1, turn: int | None = None) -> ScanSettings:
    """Settings by chance: most scans decent, some bad, about one in twelve on its side or upside down.

    Documents of several pages become TIFF or PDF files.
    """
    kinds = (Media.TIFF, Media.PDF) if pages > 1 else (Media.JPEG, Media.JPEG, Media.PNG, Media.TIFF, Media.PDF)
    wear = draw_wear(rng)
    turned = rng.choice((90, 180, 270, 180)) if rng.random() < 0.08 else 0
    return ScanSettings(
        dpi=200 if wear.bilevel else rng.choice((150, 170, 200, 200)),
        tilt=max(-3.0, min(3.0, rng.gauss(0.0, 1.0))),
        turn=turned if turn is None else turn,
        quality=rng.randint(38, 85),
        media=rng.choice(kinds),
        wear=wear,
        annotations=draw_annotations(rng),
    )


def scan_pdf(pdf: bytes, settings: ScanSettings, rng: random.Random, evidence: Mapping[str, tuple[Evidence, ...]]) -> Scan:
    """Print, handle and scan a PDF. Pencil and stamps keep away from the places in ``evidence``.

    The same arguments and state of ``rng`` give the same bytes.
    """
    noise = np.random.default_rng(rng.getrandbits(64))
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    try:
        for index in range(len(document)):
            taken = [place.box for places in evidence.values() for place in places if place.page == index + 1]
            pages.append(_scan_page(document, index, settings, rng, noise, taken))
    finally:
        document.close()
    return Scan(_encode(pages, settings), settings.media, settings)


def _scan_page(
    document: pypdfium2.PdfDocument, index: int, settings: ScanSettings, rng: random.Random, noise: np.random.Generator, taken: list[Box]
) -> Image.Image:
    bitmap = document[index].render(scale=settings.dpi / 72)
    image = bitmap.to_pil().convert("RGB")
    if index == 0:
        image = mark_page(image, settings.annotations, rng, taken)
    if settings.wear.grey or settings.wear.bilevel:
        image = image.convert("L")
    image = image.rotate(settings.tilt, Image.Resampling.BILINEAR, fillcolor=(250, 250, 248) if image.mode == "RGB" else 250)
    image = age_page(image, settings.wear, noise)
    if settings.turn:
        image = image.rotate(-settings.turn, expand=True)
    return image


def _encode(pages: list[Image.Image], settings: ScanSettings) -> bytes:
    buffer = io.BytesIO()
    if settings.media is Media.PDF:
        return _image_pdf(pages, settings)
    if settings.media is Media.JPEG:
        pages[0].save(buffer, "JPEG", quality=settings.quality, dpi=(settings.dpi, settings.dpi))
    elif settings.media is Media.PNG:
        (pages[0] if pages[0].mode == "1" else pages[0].convert("L")).save(
            buffer, "PNG", compress_level=4, dpi=(settings.dpi, settings.dpi)
        )
    else:
        compression = "group4" if settings.wear.bilevel else "jpeg"
        pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], compression=compression, dpi=(settings.dpi, settings.dpi))
    return buffer.getvalue()


def _image_pdf(pages: list[Image.Image], settings: ScanSettings) -> bytes:
    """A PDF of pictures, without a text layer."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for page in pages:
        width, height = page.width * 72 / settings.dpi, page.height * 72 / settings.dpi
        picture = io.BytesIO()
        page.convert("L" if page.mode == "1" else page.mode).save(picture, "JPEG", quality=settings.quality)
        picture.seek(0)
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(picture), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()
