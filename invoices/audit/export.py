"""Entries as JSON Lines or CSV, oldest first, streamed: memory does not grow with their number, no statement per entry."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.db.models import QuerySet

from invoices.audit.chain import content
from invoices.audit.entries import AuditEntry
from invoices.spreadsheets import Written, guarded

CHUNK: Final = 500
COLUMNS: Final = (
    *("position", "id", "at", "person", "name", "role", "address", "request", "action", "kind", "object", "document"),
    *("before", "after", "once", "previous", "hash"),
)


def entry_json(entry: AuditEntry) -> dict[str, Any]:
    """Everything that is hashed, and the hash: what a check outside of this program needs. No place while it is not sealed."""
    return {**content(entry), "position": entry.position, "previous": entry.previous, "hash": entry.hash}


def jsonl_lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """One entry in a line."""
    lines: list[str] = []
    for entry in _in_order(entries):
        lines.append(json.dumps(entry_json(entry), sort_keys=True, separators=(",", ":")) + "\n")
        if len(lines) >= CHUNK:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def csv_lines(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """A heading, then one row per entry; ``before`` and ``after`` are JSON."""
    sink = Written()
    writer = csv.writer(sink)
    writer.writerow(COLUMNS)
    for count, entry in enumerate(_in_order(entries), start=1):
        writer.writerow(_row(entry))
        if count % CHUNK == 0:
            yield sink.take()
    yield sink.take()


Lines = Callable[[QuerySet[AuditEntry]], Iterator[str]]
FORMATS: Final[dict[str, tuple[Lines, str, str]]] = {
    "jsonl": (jsonl_lines, "application/x-ndjson", "audit.jsonl"),
    "csv": (csv_lines, "text/csv; charset=utf-8", "audit.csv"),
}
"""Name of a format: its lines, its media type, the name of its file."""


def _row(entry: AuditEntry) -> list[str]:
    shown = entry_json(entry)
    for name in ("before", "after"):
        shown[name] = "" if shown[name] is None else json.dumps(shown[name], sort_keys=True, separators=(",", ":"))
    return [guarded("" if shown[name] is None else str(shown[name])) for name in COLUMNS]


def _in_order(entries: QuerySet[AuditEntry]) -> Iterator[AuditEntry]:
    return entries.order_by("at", "pk").iterator(chunk_size=CHUNK)
