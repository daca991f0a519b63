"""PNG, JPEG and TIFF: decoded under guards, turned as the camera says, then read by OCR."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from invoices.ocr.engine import OcrEngine
from invoices.ocr.pages import OcrPage, ocr_page
from invoices.reading.page_image import PageImage, screen_image
from invoices.sandbox.failures import Failure, ReadingFailed
from invoices.sandbox.limits import Limits
from mlcore.documents import Box, Page, TextSource, Word
from mlcore.text_layout import in_reading_order

_FORMATS = ("PNG", "JPEG", "TIFF")
_USUAL_DPI = 200.0
_BELIEVABLE_DPI = (60.0, 1200.0)


def read_picture(data: bytes, limits: Limits, engine: OcrEngine, deliver: Callable[[Page, PageImage], None]) -> None:
    """Deliver every frame of a picture file as a page. Raises ``ReadingFailed`` or ``MemoryError``."""
    Image.MAX_IMAGE_PIXELS = limits.image_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            for number, (frame, dpi) in enumerate(_frames(data, limits), start=1):
                found = ocr_page(frame, engine)
                width, height = (side * 72.0 / dpi for side in found.image.size)
                deliver(page_from_ocr(number, width, height, found), screen_image(found.image))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise ReadingFailed(Failure.TOO_LARGE_PAGE, limit=f"{limits.image_pixels // 1_000_000} million pixels") from error
        except UnidentifiedImageError as error:
            raise ReadingFailed(Failure.DAMAGED) from error
        except (OSError, SyntaxError, ValueError, EOFError, KeyError, TypeError, IndexError, OverflowError) as error:
            # What Pillow's decoders raise on broken files; a fault of our own ends here too, and the document as "damaged".
            raise ReadingFailed(Failure.DAMAGED) from error


def page_from_ocr(number: int, width: float, height: float, found: OcrPage) -> Page:
    """A page of ``width`` x ``height`` points from what OCR found on it."""
    loose = [Word(word.text, Box(word.x0, word.y0, word.x1, word.y1), 0, word.confidence) for word in found.words]
    words = in_reading_order(loose, width, height)
    return Page(number, width, height, words, TextSource.OCR, found.rotation, found.skew)


def _frames(data: bytes, limits: Limits) -> Iterator[tuple[Image.Image, float]]:
    """Each frame upright as far as its metadata says, as ``L`` or ``RGB`` on white, with its dots per inch."""
    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        count = getattr(picture, "n_frames", 1)
        if count < 1:
            raise ReadingFailed(Failure.NO_PAGES)
        if count > limits.pages:
            raise ReadingFailed(Failure.TOO_MANY_PAGES, str(count), str(limits.pages))
        for frame in ImageSequence.Iterator(picture) if picture.format == "TIFF" else [picture]:
            if frame.width * frame.height > limits.image_pixels:
                raise Image.DecompressionBombError
            dpi = _dots_per_inch(frame)
            yield plain(ImageOps.exif_transpose(frame) or frame), dpi


def _dots_per_inch(frame: Image.Image) -> float:
    told = frame.info.get("dpi")
    try:
        dpi = float(told[0]) if told else 0.0
    except (TypeError, ValueError, ZeroDivisionError):
        dpi = 0.0
    return dpi if _BELIEVABLE_DPI[0] <= dpi <= _BELIEVABLE_DPI[1] else _USUAL_DPI


def plain(image: Image.Image) -> Image.Image:
    """Any mode as ``L`` or ``RGB``: 16 bits scaled to 8, transparency on white, CMYK and palettes converted."""
    if image.mode in ("L", "RGB"):
        return image.copy()
    if image.mode == "1":
        return image.convert("L")
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float64)
        low, high = float(values.min()), float(values.max())
        top = 65535.0 if image.mode.startswith("I;16") or high > 255 else 255.0
        if image.mode == "F" and high <= 1.0 and low >= 0.0:
            top = 1.0
        return Image.fromarray(np.clip(values * (255.0 / max(top, high)), 0, 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA", "P"):
        return _on_white(image)
    return image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    layered = image.convert("RGBA")
    ground = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(ground, layered).convert("RGB")
