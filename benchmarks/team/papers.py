"""The documents of the run, each with its truth: synthetic ones as digital PDFs, real ones from a folder outside of the repository."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dev_data import FILES, DevDocument, load
from mlcore.dataset.synthetic import SyntheticDocument, generate
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, InvoiceRecord, LineItem, VendorParty, header_value, item_value

REAL_SETS = ("zugferd", "small", "odoo")
"""Sets whose files are there and whose labels have invoice numbers or rows."""
_SCANS_IN = 20


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to send in under a name that says nothing about its sender, and what is true of it."""

    name: str
    data: bytes
    media_type: str
    truth: InvoiceRecord
    is_real: bool


def synthetic_papers(count: int, seed: int) -> Iterator[Paper]:
    """Invoices of the generator, one in ``_SCANS_IN`` as a scan that has to be read by OCR."""
    for number, document in enumerate(generate(count, seed)):
        yield _scanned(document) if number % _SCANS_IN == _SCANS_IN - 1 else _digital(document)


def real_papers(folder: Path, count: int, seed: int) -> list[Paper]:
    """At most ``count`` documents of the development sets that have a file. Raises ``SystemExit`` when the folder has none.

    Fields that a set does not label count as absent from the document, for everybody in the simulation.
    """
    if not any((folder / FILES[name]).is_file() for name in REAL_SETS):
        raise SystemExit(f"{folder} has none of {', '.join(FILES[name] for name in REAL_SETS)}. Name the folder of the development sets.")
    found = [document for name in REAL_SETS if (folder / FILES[name]).is_file() for document in load(folder, name) if _file_of(document)]
    random.Random(seed).shuffle(found)
    return [_real(number, document) for number, document in enumerate(found[:count])]


def _digital(document: SyntheticDocument) -> Paper:
    return Paper(f"{document.id}.pdf", document.pdf, "application/pdf", document.record, is_real=False)


def _scanned(document: SyntheticDocument) -> Paper:
    scan = document.scan(random.Random(document.id), turn=0)
    media = scan.media.value
    return Paper(f"{document.id}-scan.{media.rpartition('/')[2]}", scan.data, media, document.record, is_real=False)


def _file_of(document: DevDocument) -> Path | None:
    path = document.pdf or document.image
    return path if path is not None and path.is_file() else None


def _real(number: int, document: DevDocument) -> Paper:
    path = _file_of(document)
    assert path is not None
    media = "application/pdf" if path.suffix == ".pdf" else f"image/{path.suffix.removeprefix('.').replace('jpg', 'jpeg')}"
    return Paper(f"real-{number:04d}{path.suffix}", path.read_bytes(), media, _labeled_alone(document), is_real=True)


def _labeled_alone(document: DevDocument) -> InvoiceRecord:
    """The label with every field that was not labeled taken out."""
    record, labeled = document.example.record, document.example.label_fields
    if labeled is None:
        return record
    header = {spec.name: header_value(record, spec.name) if spec.name in labeled else None for spec in HEADER_FIELDS}
    columns = [spec.name for spec in LINE_ITEM_FIELDS if "line_items" in labeled or f"line_items.{spec.name}" in labeled]
    rows = (LineItem(**{name: item_value(item, name) for name in columns}) for item in record.line_items)  # type: ignore[arg-type]  # cells have their column's type
    items = tuple(row for row in rows if row != LineItem())
    party = VendorParty(header.pop("vendor.name"), header.pop("vendor.address"))  # type: ignore[arg-type]  # texts
    return InvoiceRecord(vendor=party, line_items=items, **header)  # type: ignore[arg-type]  # header values have their field's type
