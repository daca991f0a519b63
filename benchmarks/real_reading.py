"""Development documents read by the product itself: PDFs through their text layer, images through OCR, in the sandbox."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from benchmarks.dev_data import DevDocument, synthetic_documents
from invoices.media import SNIFF_BYTES, sniff
from invoices.sandbox.client import ReadPage, process_reader
from invoices.sandbox.failures import ReadingFailed
from invoices.sandbox.limits import Limits
from mlcore.documents import DocumentText


def read_files(documents: Sequence[DevDocument]) -> list[DevDocument]:
    """The documents that have a file, with the text that the product reads from it; unreadable ones are printed."""
    return [read for document in documents if (path := document.image or document.pdf) and (read := _read_path(document, path))]


def read_synthetic_scans(count: int) -> Iterator[DevDocument]:
    """Synthetic invoices as degraded scans, read through OCR; the scan of a document is drawn from its id."""
    for document in synthetic_documents(count):
        scan = document.scan(random.Random(f"scan:{document.id}"), turn=0)
        base = DevDocument(document.id, "synthetic", document.gold, "", None, None)
        with tempfile.TemporaryFile() as file:
            file.write(scan.data)
            file.flush()
            read = _read(base, file)
        if read is not None:
            yield read


def _read_path(document: DevDocument, path: Path) -> DevDocument | None:
    with path.open("rb") as file:
        return _read(document, file)


def _read(document: DevDocument, file: BinaryIO) -> DevDocument | None:
    file.seek(0)
    media_type = sniff(file.read(SNIFF_BYTES))
    pages: list[ReadPage] = []
    if media_type is None:
        print(f"    {document.id}: neither PDF nor image")
        return None
    try:
        process_reader().read(file, media_type, Limits(), pages.append)
    except ReadingFailed as error:
        print(f"    {document.id}: {error}")
        return None
    text = DocumentText(tuple(read.page for read in pages))
    return replace(document, example=replace(document.example, document=text))
