"""Development documents read by the product itself: PDFs through their text layer, images through OCR, in the sandbox.

OCR takes seconds a page, so what was read can be kept in a folder between runs (``kept``). It is found again by the bytes
of the file; empty the folder when the reader has changed.
"""

from __future__ import annotations

import hashlib
import json
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
from mlcore.documents import DocumentText, document_from_json, document_to_json


def read_files(documents: Sequence[DevDocument], kept: Path | None = None) -> list[DevDocument]:
    """The documents that have a file, with the text that the product reads from it; unreadable ones are printed."""
    return [read for document in documents if (path := document.image or document.pdf) and (read := _read_path(document, path, kept))]


def read_synthetic_scans(count: int, kept: Path | None = None) -> Iterator[DevDocument]:
    """Synthetic invoices as degraded scans, read through OCR; the scan of a document is drawn from its id."""
    for document in synthetic_documents(count):
        scan = document.scan(random.Random(f"scan:{document.id}"), turn=0)
        base = DevDocument(document.id, "synthetic", document.gold, "", None, None)
        with tempfile.TemporaryFile() as file:
            file.write(scan.data)
            file.flush()
            read = _read(base, file, kept)
        if read is not None:
            yield read


def _read_path(document: DevDocument, path: Path, kept: Path | None) -> DevDocument | None:
    with path.open("rb") as file:
        return _read(document, file, kept)


def _read(document: DevDocument, file: BinaryIO, kept: Path | None) -> DevDocument | None:
    file.seek(0)
    store = kept / f"{hashlib.sha256(file.read()).hexdigest()}.json" if kept else None
    if store is not None and store.is_file():
        text: DocumentText | None = document_from_json(json.loads(store.read_text()))
    else:
        text = _read_now(document.id, file)
        if store is not None and text is not None:
            store.write_text(json.dumps(document_to_json(text)))
    return replace(document, example=replace(document.example, document=text)) if text is not None else None


def _read_now(name: str, file: BinaryIO) -> DocumentText | None:
    file.seek(0)
    media_type = sniff(file.read(SNIFF_BYTES))
    pages: list[ReadPage] = []
    if media_type is None:
        print(f"    {name}: neither PDF nor image")
        return None
    try:
        process_reader().read(file, media_type, Limits(), pages.append)
    except ReadingFailed as error:
        print(f"    {name}: {error}")
        return None
    return DocumentText(tuple(read.page for read in pages))
