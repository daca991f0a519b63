"""Reads the development sets into gold examples. The folder is an argument and nothing of it is copied.

Sets: ``sroie`` (boxes of whole lines, cut into words in proportion to their letters), ``odoo`` (OCR words),
``zugferd`` (words of the first page), ``fcc``, ``small`` (PDFs), ``synthetic`` (generated, no file). Pages without
words get a plain grid: the column is the character, the row is the line.

Odoo labels whose date has day and month turned (33 of layout ``model_2``; the invoice number names the month) are
not scored for the date.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from mlcore.dataset.synthetic import SyntheticDocument, generate, vendor_catalogue
from mlcore.documents import Box, DocumentText, GoldExample, Page, TextSource, Word
from mlcore.readers.layout import group_rows
from mlcore.record_json import record_from_json
from mlcore.schema import InvoiceRecord

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
_NUMBERED_BY_MONTH = re.compile(r"^(?:FA|INV/)(?P<first>\d{2})/20\d{2}/|^FACTU/20\d{2}/(?P<second>\d{2})/")
_PAGE_PIXELS = {"odoo": (1654, 2339), "zugferd": (595, 842)}


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
        return _synthetic(limit or SYNTHETIC_COUNT)
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


def _synthetic(count: int) -> list[DevDocument]:
    return [DevDocument(document.id, "synthetic", document.gold, "", None, None) for document in synthetic_documents(count)]


def _document(folder: Path, name: str, row: dict[str, Any]) -> DevDocument:
    pixels = row.get("image_size") or _PAGE_PIXELS.get(name)
    texts = (row.get("text") or "").split("\f")
    pages = [_page(row.get("words") if n == 1 else None, pixels, text, n) for n, text in enumerate(texts, start=1)]
    record = record_from_json(row["label"], ignore_unknown=True)
    vendor = str(row.get("vendor_group") or row.get("vendor") or row["id"])
    labeled = frozenset(str(field) for field in row.get("label_fields") or ())
    fields = None if "all" in labeled else frozenset(field for field in labeled if "partial" not in field)
    if fields is not None and _date_is_turned(record):
        fields = fields - {"date"}
    example = GoldExample(DocumentText(tuple(pages)), record, vendor, {}, fields)
    image, pdf = row.get("image"), row.get("pdf")
    return DevDocument(
        row["id"], name, example, str(row.get("layout") or ""), folder / image if image else None, folder / pdf if pdf else None
    )


def _date_is_turned(record: InvoiceRecord) -> bool:
    """Whether an Odoo label has day and month turned: the invoice number names the month, and it is the label's day."""
    named = _NUMBERED_BY_MONTH.match(record.invoice_number or "")
    if named is None or record.date is None:
        return False
    month = int(named["first"] or named["second"])
    return record.date.month != month and record.date.day == month


def _page(words: Sequence[Sequence[Any]] | None, pixels: Sequence[int] | None, text: str, number: int) -> Page:
    if not words or pixels is None:
        return _grid_page(text, number)
    width, height = pixels
    cut = [piece for word in words for piece in _split(word)]
    loose = [
        Word(t, Box(_unit(x0 / width), _unit(y0 / height), _unit(x1 / width), _unit(y1 / height)), 0)
        for t, x0, y0, x1, y1 in cut
        if x1 >= x0 and y1 >= y0
    ]
    return Page(number, float(width), float(height), _in_lines(loose, width, height), TextSource.OCR)


def _unit(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)


def _split(word: Sequence[Any]) -> Iterator[tuple[str, float, float, float, float]]:
    x0, y0, x1, y1, text = float(word[0]), float(word[1]), float(word[2]), float(word[3]), str(word[4])
    step = (x1 - x0) / max(len(text), 1)
    start = 0
    for part in text.split(" "):
        if part:
            yield part, x0 + start * step, y0, x0 + (start + len(part)) * step, y1
        start += len(part) + 1


def _in_lines(words: Sequence[Word], width: float, height: float) -> tuple[Word, ...]:
    rows = group_rows(words, width, height)
    return tuple(Word(words[i].text, words[i].box, line, words[i].confidence) for line, row in enumerate(rows) for i in row)


def _grid_page(text: str, number: int) -> Page:
    lines = text.split("\n")
    columns = max([90, *(len(line) for line in lines)])
    rows = max(60, len(lines))
    words = []
    for y, line in enumerate(lines):
        start = 0
        for part in line.split(" "):
            if part:
                box = Box(start / columns, (y + 0.1) / rows, (start + len(part)) / columns, (y + 0.9) / rows)
                words.append(Word(part, box, y))
            start += len(part) + 1
    return Page(number, columns * 5.0, rows * 12.0, tuple(words), TextSource.TEXT_LAYER)
