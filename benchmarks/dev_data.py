"""Reads the development sets into gold examples. The folder is an argument and nothing of it is copied.

Sets: ``sroie`` (boxes of whole lines), ``odoo`` (OCR words), ``zugferd`` (words of the first page), ``fcc``, ``small`` (PDFs),
``synthetic`` (hand-made vendors) and ``composed`` (vendors by chance), both generated without a file. ``mlcore/dataset/external.py`` says
how lines are read.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from mlcore.dataset.external import external_entry
from mlcore.dataset.synthetic import SyntheticDocument, generate, vendor_catalogue
from mlcore.dataset.synthetic.composed import compose_vendor
from mlcore.documents import GoldExample

FILES = {
    "sroie": "sroie.jsonl",
    "odoo": "odoo_fr.jsonl",
    "fcc": "fcc_adbuy.jsonl",
    "zugferd": "zugferd.jsonl",
    "small": "small_pdfs.jsonl",
    "silver": "receipts_silver.jsonl",
}
SYNTHETIC_COUNT = 360
SYNTHETIC_SEED = 11
COMPOSED_COUNT = 240
COMPOSED_VENDORS = 240
COMPOSED_SEED = 17
"""No data set that is measured on has vendors of this seed."""


@dataclass(frozen=True)
class DevDocument:
    """One labeled document of a development set. ``layout`` is ``""`` where the set names none."""

    id: str
    set: str
    example: GoldExample
    layout: str
    image: Path | None
    pdf: Path | None


def load(folder: Path, name: str, limit: int | None = None) -> list[DevDocument]:
    """Documents of one set. Raises ``SystemExit`` with a sentence when the file is missing."""
    if name == "synthetic":
        return _generated(name, synthetic_documents(limit or SYNTHETIC_COUNT))
    if name == "composed":
        return _generated(name, composed_documents(limit or COMPOSED_COUNT))
    path = folder / FILES[name]
    if not path.is_file():
        raise SystemExit(f"{path} is not there. Give the folder that holds {', '.join(FILES.values())}.")
    with path.open(encoding="utf-8") as lines:
        documents = [_document(folder, name, json.loads(line, parse_float=Decimal)) for line in lines]
    return documents if limit is None else whole_vendors(documents, limit)


def whole_vendors(documents: Sequence[DevDocument], limit: int) -> list[DevDocument]:
    """About ``limit`` documents: all documents of vendors (and layouts) drawn by a hash, so that a sample stays one."""
    groups: dict[str, list[DevDocument]] = {}
    for document in documents:
        groups.setdefault(f"{document.layout}:{document.example.vendor_key}", []).append(document)
    chosen: list[DevDocument] = []
    for key in sorted(groups, key=lambda key: zlib.crc32(key.encode())):
        if len(chosen) >= limit:
            break
        chosen.extend(groups[key])
    return chosen


def synthetic_documents(count: int) -> Iterator[SyntheticDocument]:
    """Generated invoices, every vendor of the catalogue equally often."""
    makers = vendor_catalogue()
    return generate(count, SYNTHETIC_SEED, makers, weights=tuple(1.0 for _ in makers))


def composed_documents(count: int) -> Iterator[SyntheticDocument]:
    """Generated invoices of vendors whose name, layout and wording were drawn by chance."""
    return generate(count, COMPOSED_SEED, [compose_vendor(index, COMPOSED_SEED) for index in range(COMPOSED_VENDORS)])


def _generated(name: str, documents: Iterator[SyntheticDocument]) -> list[DevDocument]:
    return [DevDocument(document.id, name, document.gold, "", None, None) for document in documents]


def _document(folder: Path, name: str, row: dict[str, Any]) -> DevDocument:
    entry = external_entry(row)
    image, pdf = row.get("image"), row.get("pdf")
    return DevDocument(entry.id, name, entry.gold, entry.layout, folder / image if image else None, folder / pdf if pdf else None)
