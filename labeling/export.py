"""Gold records as JSON Lines, as examples or as CSV, streamed: memory does not grow with their number, no statement per record."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from invoices.spreadsheets import Written, guarded
from labeling.gold import all_examples
from labeling.gold_lookup import export_rows
from labeling.models import GoldRecord
from mlcore.documents import gold_to_json
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS

CHUNK = 200
_ROWS_PER_WRITE = 100
CSV_COLUMNS = (
    "document",
    "file",
    "sha256",
    "confirmed_by",
    "confirmed_at",
    *(spec.name for spec in HEADER_FIELDS),
    "line",
    *(f"line.{spec.name}" for spec in LINE_ITEM_FIELDS),
)


def jsonl_lines() -> Iterator[str]:
    """One gold record in a line: ``{id, document, file, sha256, vendor, record, evidence, provenance, ...}``."""
    buffer: list[str] = []
    for gold in _golds():
        buffer.append(json.dumps(_gold_json(gold), ensure_ascii=False, separators=(",", ":")) + "\n")
        if len(buffer) >= _ROWS_PER_WRITE:
            yield "".join(buffer)
            buffer.clear()
    yield "".join(buffer)


def example_lines() -> Iterator[str]:
    """One gold record in a line together with the words of its document, as ``python -m mlcore build-dataset --gold`` reads it."""
    for gold, example in all_examples():
        named = {"id": f"gold-{gold.pk}", "layout": "", "set": "app"}
        yield json.dumps({**named, **gold_to_json(example)}, ensure_ascii=False, separators=(",", ":")) + "\n"


def csv_lines() -> Iterator[str]:
    """A heading, then one row per line item; a record without line items has one row with an empty ``line``."""
    sink = Written()
    writer = csv.writer(sink)
    writer.writerow(CSV_COLUMNS)
    for count, gold in enumerate(_golds(), start=1):
        writer.writerows(_csv_rows(gold))
        if count % _ROWS_PER_WRITE == 0:
            yield sink.take()
    yield sink.take()


def _golds() -> Iterator[GoldRecord]:
    return export_rows().iterator(chunk_size=CHUNK)


def _confirmed_by(gold: GoldRecord) -> str:
    if gold.annotation:
        return gold.annotation.author.username
    adjudication = getattr(gold, "adjudication", None)
    task = adjudication.task if adjudication else None
    return task.assignee.username if task and task.assignee else ""


def _gold_json(gold: GoldRecord) -> dict[str, Any]:
    return {
        "id": gold.pk,
        "document": gold.document_id,
        "file": gold.document.name,
        "sha256": gold.document.sha256,
        "vendor": gold.vendor.name if gold.vendor else None,
        "confirmed_by": _confirmed_by(gold),
        "confirmed_at": gold.created_at.isoformat().replace("+00:00", "Z"),
        "record": gold.record,
        "evidence": gold.evidence,
        "provenance": gold.provenance,
    }


def _csv_rows(gold: GoldRecord) -> Iterator[list[str]]:
    record = gold.record
    vendor = record.get("vendor") or {}
    flat = {**record, "vendor.name": vendor.get("name"), "vendor.address": vendor.get("address")}
    source = [str(gold.document_id), gold.document.name, gold.document.sha256, _confirmed_by(gold), gold.created_at.isoformat()]
    head = [guarded(cell) for cell in (*source, *(flat.get(spec.name) for spec in HEADER_FIELDS))]
    items = record.get("line_items") or []
    for number, item in enumerate(items, start=1):
        yield [*head, str(number), *(guarded(item.get(spec.name)) for spec in LINE_ITEM_FIELDS)]
    if not items:
        yield [*head, "", *("" for _ in LINE_ITEM_FIELDS)]
