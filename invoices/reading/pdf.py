"""PDF pages: their own words when these can be believed, else OCR of the rendered page."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from invoices.ocr.engine import OcrEngine
from invoices.ocr.pages import ocr_page, turned
from invoices.reading.page_image import SCREEN_LONG_SIDE, SCREEN_WIDTH, PageImage, screen_image
from invoices.reading.pdf_words import PdfText, PdfWord, page_text, turn_box
from invoices.reading.picture import page_from_ocr
from invoices.reading.usable import inked, is_garbled, is_picture, matches_picture
from invoices.sandbox.failures import Failure, ReadingFailed
from invoices.sandbox.limits import Limits
from mlcore.documents import Page, TextSource, Word
from mlcore.text_layout import in_reading_order

_OCR_SCALE = 300 / 72
_MIN_SIDE = 1.0


def read_pdf(data: bytes, limits: Limits, engine: OcrEngine, deliver: Callable[[Page, PageImage], None]) -> None:
    """Deliver every page of a PDF. Raises ``ReadingFailed`` or ``MemoryError``."""
    with _open(data) as document:
        count = len(document)
        if count == 0:
            raise ReadingFailed(Failure.NO_PAGES)
        if count > limits.pages:
            raise ReadingFailed(Failure.TOO_MANY_PAGES, str(count), str(limits.pages))
        for index in range(count):
            page, picture = _read_page(document, index, limits, engine)
            deliver(page, screen_image(picture))


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        if getattr(error, "err_code", None) in locked or "password" in str(error).lower():
            raise ReadingFailed(Failure.ENCRYPTED) from error
        raise ReadingFailed(Failure.DAMAGED) from error


def _read_page(document: pdfium.PdfDocument, index: int, limits: Limits, engine: OcrEngine) -> tuple[Page, Image.Image]:
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        raise ReadingFailed(Failure.DAMAGED) from error
    try:
        width, height = page.get_size()
        if min(width, height) <= 0:
            raise ReadingFailed(Failure.DAMAGED)
        if max(width, height) > limits.page_points:
            value, limit = f"{max(width, height):.0f} points long", f"{limits.page_points:.0f} points"
            raise ReadingFailed(Failure.TOO_LARGE_PAGE, value, limit)
        width, height = max(width, _MIN_SIDE), max(height, _MIN_SIDE)
        text = page_text(page)
        picture = _render(page, width, height, min(SCREEN_WIDTH / width, SCREEN_LONG_SIDE / height))
        words = _believable_words(page, text, picture, engine)
        if words is not None:
            return _page_from_text(index + 1, width, height, text.turn, words), turned(picture, text.turn)
        scale = min(_OCR_SCALE, limits.render_pixels / max(width, height))
        found = ocr_page(_render(page, width, height, scale), engine)
        if found.rotation in (90, 270):
            width, height = height, width
        return page_from_ocr(index + 1, width, height, found), found.image
    except pdfium.PdfiumError as error:
        raise ReadingFailed(Failure.DAMAGED) from error
    finally:
        page.close()


def _believable_words(page: pdfium.PdfPage, text: PdfText, picture: Image.Image, engine: OcrEngine) -> list[PdfWord] | None:
    """The words to take from the text layer, or ``None`` when the page has to be read by OCR."""
    grey = np.asarray(picture.convert("L"))
    seen = inked(text.words, grey)
    visible = [word for word in seen if not word.hidden]
    share = _image_share(page)
    if is_garbled(text):
        return None
    if not is_picture(share, visible):
        return visible if visible or _is_blank(grey) else None
    under_scan = [word for word in seen if word.hidden]
    believed = len(under_scan) >= 10 and text.turn == 0 and matches_picture(under_scan, picture, engine)
    return visible + under_scan if believed else None


def _is_blank(grey: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bool:
    return int(grey.max()) - int(grey.min()) < 40


def _page_from_text(number: int, width: float, height: float, turn: int, words: list[PdfWord]) -> Page:
    if turn in (90, 270):
        width, height = height, width
    loose = [Word(word.text, turn_box(word.box, turn), 0) for word in words]
    return Page(number, width, height, in_reading_order(loose, width, height), TextSource.TEXT_LAYER, turn)


def _render(page: pdfium.PdfPage, width: float, height: float, scale: float) -> Image.Image:
    """The page as displayed, on white, in RGB; at least one pixel in each direction."""
    scale = max(scale, 1.01 / min(width, height)) if min(width, height) * scale < 1 else scale
    bitmap = page.render(scale=scale, rev_byteorder=True, fill_color=(255, 255, 255, 255))
    try:
        image: Image.Image = bitmap.to_pil()
        return image if image.mode in ("L", "RGB") else image.convert("RGB")
    finally:
        bitmap.close()


def _image_share(page: pdfium.PdfPage) -> float:
    """The part of the page that the largest image covers, 0..1."""
    x0, y0, x1, y1 = (float(side) for side in page.get_bbox())
    area = max((x1 - x0) * (y1 - y0), 1e-9)
    largest = 0.0
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = (float(side) for side in thing.get_bounds())
        across, up = min(right, x1) - max(left, x0), min(top, y1) - max(bottom, y0)
        largest = max(largest, max(across, 0.0) * max(up, 0.0))
    return min(largest / area, 1.0)
