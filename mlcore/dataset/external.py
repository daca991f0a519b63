"""Labeled documents of other projects as gold examples: one JSON object a line with ``id``, ``text``, ``label`` and, where they are known,
``words`` (``[x0, y0, x1, y1, text, ...]`` in pixels of the first page), ``image_size``, ``vendor``, ``vendor_group``, ``layout``.

``label`` has the keys of the record, ``label_fields`` names the fields that were labeled (``["all"]``: every one; ``line_items(partial)``
counts as unlabeled): the others are neither trained on nor scored. Boxes of whole lines are cut into words in proportion to their
letters. Pages without words get a plain grid: the column is the character, the row is the line.

Line items none of which has a type were not labeled for it: every line of ours has one, and an e-invoice of other goods states none.
Odoo labels whose date has day and month turned (33 of layout ``model_2``; the invoice number names the month) are not labeled for the date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mlcore.dataset.directory import Entry
from mlcore.documents import Box, DocumentText, GoldExample, Page, TextSource, Word
from mlcore.record_json import record_from_json
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, InvoiceRecord
from mlcore.text_layout import in_reading_order

_NUMBERED_BY_MONTH = re.compile(r"^(?:FA|INV/)(?P<first>\d{2})/20\d{2}/|^FACTU/20\d{2}/(?P<second>\d{2})/")
_ITEMS = "line_items"
_PAGE_PIXELS = {"odoo_fr": (1654, 2339), "zugferd": (595, 842)}
"""Sets whose lines do not say how large the page is that the words stand on."""


def external_entry(row: Mapping[str, Any]) -> Entry:
    """One line as an entry. Raises ``RecordError`` for a label that is no record, ``KeyError`` for a line without id or label, and
    ``ValueError`` or ``TypeError`` for other keys that hold something else."""
    name = str(row.get("set") or "")
    pixels = row.get("image_size") or _PAGE_PIXELS.get(name)
    texts = str(row.get("text") or "").split("\f")
    pages = [_page(row.get("words") if n == 1 else None, pixels, text, n) for n, text in enumerate(texts, start=1)]
    record = record_from_json(row["label"], ignore_unknown=True)
    vendor = str(row.get("vendor_group") or row.get("vendor") or row["id"])
    told = row.get("label_fields") or ()
    if isinstance(told, str):
        raise ValueError(f"label_fields is {told!r}; it is a list of names")
    labeled = frozenset(str(field) for field in told)
    fields = None if "all" in labeled else frozenset(field for field in labeled if "partial" not in field)
    if record.line_items and all(item.type is None for item in record.line_items):
        fields = _without_types(fields)
    if fields is not None and _date_is_turned(record):
        fields = fields - {"date"}
    gold = GoldExample(DocumentText(tuple(pages)), record, vendor, {}, fields)
    return Entry(str(row["id"]), str(row.get("layout") or ""), gold, name)


def _without_types(fields: frozenset[str] | None) -> frozenset[str]:
    named = frozenset(spec.name for spec in HEADER_FIELDS) | {_ITEMS} if fields is None else fields
    columns = {f"{_ITEMS}.{spec.name}" for spec in LINE_ITEM_FIELDS} if _ITEMS in named else set()
    return frozenset((named | columns) - {_ITEMS, f"{_ITEMS}.type"})


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
    width, height = (float(side) for side in pixels)
    if width <= 0 or height <= 0:
        raise ValueError(f"image_size is {list(pixels)}; width and height in pixels are positive")
    cut = [piece for word in words for piece in _split(word)]
    loose = [
        Word(t, Box(_unit(x0 / width), _unit(y0 / height), _unit(x1 / width), _unit(y1 / height)), 0)
        for t, x0, y0, x1, y1 in cut
        if x1 >= x0 and y1 >= y0
    ]
    return Page(number, width, height, in_reading_order(loose, width, height), TextSource.OCR)


def _unit(value: float) -> float:
    return min(max(float(value), 0.0), 1.0)


def _split(word: Sequence[Any]) -> Iterator[tuple[str, float, float, float, float]]:
    if len(word) < 5:
        raise ValueError(f"a word is {list(word)}; it is [x0, y0, x1, y1, text]")
    x0, y0, x1, y1, text = float(word[0]), float(word[1]), float(word[2]), float(word[3]), str(word[4])
    step = (x1 - x0) / max(len(text), 1)
    start = 0
    for part in text.split(" "):
        if part:
            yield part, x0 + start * step, y0, x0 + (start + len(part)) * step, y1
        start += len(part) + 1


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
