"""Reads one document: which kind it is, then page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from invoices.media import sniff
from invoices.ocr.engine import OcrEngine
from invoices.reading.page_image import PageImage
from invoices.reading.pdf import read_pdf
from invoices.reading.picture import read_picture
from invoices.sandbox.failures import Failure, ReadingFailed
from invoices.sandbox.limits import Limits
from mlcore.documents import Page

Deliver = Callable[[Page, PageImage], None]


def read_document(file: BinaryIO, media_type: str, limits: Limits, engine: OcrEngine, deliver: Deliver) -> None:
    """Call ``deliver`` for every page, in order. Raises ``ReadingFailed`` or ``MemoryError``."""
    data = file.read()
    found = sniff(data[:2048])
    if found is None or found != media_type:
        raise ReadingFailed(Failure.NOT_AN_INVOICE_FILE)
    if found == "application/pdf":
        read_pdf(data, limits, engine, deliver)
    else:
        read_picture(data, limits, engine, deliver)
