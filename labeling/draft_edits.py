"""Merging edits into a draft, without the database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlcore.record_json import value_to_json
from mlcore.schema import HEADER_FIELDS, item_path

_HEADER_NAMES = frozenset(spec.name for spec in HEADER_FIELDS)

Cells = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit as sent. ``cell`` is the whole cell after it; ``None`` takes the cell back to the pre-fill."""

    id: uuid.UUID
    key: str
    cell: Mapping[str, Any] | None
    at: dt.datetime
    active_ms: int = 0
    keystrokes: int = 0


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """One save of a draft. ``rows`` counts only when ``sets_rows``; totals are for the whole document."""

    version: int
    edits: tuple[Edit, ...] = ()
    rows: list[str] | None = None
    sets_rows: bool = False
    active_ms: int = 0
    keystrokes: int = 0

    @property
    def is_heartbeat(self) -> bool:
        """Whether it only extends the lease."""
        return not self.edits and not self.sets_rows


def split_key(key: str) -> tuple[str, str]:
    """``("", "vendor.name")`` for a header cell, ``("p0", "unit_price")`` for a cell of a row."""
    if key in _HEADER_NAMES or "." not in key:
        return "", key
    row_id, _, name = key.partition(".")
    return row_id, name


def merge(cells: Cells, edits: Iterable[Edit]) -> Cells:
    """The cells after the edits, in the order sent. The argument is not changed."""
    merged = dict(cells)
    for edit in edits:
        if edit.cell is None:
            merged.pop(edit.key, None)
        else:
            merged[edit.key] = dict(edit.cell)
    return merged


def is_stale(
    *,
    request: DraftRequest,
    version: int,
    rows: list[str] | None,
    rows_version: int,
    known: Mapping[uuid.UUID, int],
    since: Collection[int],
) -> bool:
    """Whether the draft holds changes that this window has not seen.

    ``known`` maps the request's edit ids that are stored to the version they made; ``since`` are the
    versions after the request's that edits made. A window that retries after a lost answer knows the edits
    it sent itself, so a version made by those is not news to it.
    """
    if request.version == version:
        return False
    if request.version > version:
        return True
    explained = set(known.values())
    if rows_version > request.version and not (request.sets_rows and request.rows == rows):
        return True
    return any(made not in explained for made in since)


def text_of(cell: Mapping[str, Any] | None) -> str:
    """The value of a cell as text, ``""`` when absent."""
    return str(cell.get("value") or "") if cell else ""


def text_before(key: str, cells: Cells, prefill: Mapping[str, Any] | None) -> str:
    """What stood in a cell: the draft's value, else the pre-fill's, else ``""``."""
    if key in cells:
        return text_of(cells[key])
    row_id, name = split_key(key)
    if prefill is None:
        return ""
    if not row_id:
        found = (prefill.get("vendor") or {}).get(name.removeprefix("vendor.")) if name.startswith("vendor.") else prefill.get(name)
        return _text(found)
    row = prefilled_row(row_id)
    items = prefill.get("line_items") or []
    return _text(items[row].get(name)) if row is not None and row < len(items) else ""


def prefilled_row(row_id: str) -> int | None:
    """The row of the pre-fill behind a row id: 3 for ``p3``; ``None`` for a row that a person added."""
    digits = row_id.removeprefix("p")
    return int(digits) if row_id.startswith("p") and digits.isascii() and digits.isdigit() and len(digits) <= 5 else None


def row_ids(rows: Sequence[str] | None, prefilled: int) -> list[str]:
    """The ordered row ids of a draft: its own, or those of a pre-fill with that many rows."""
    return list(rows) if rows is not None else [f"p{row}" for row in range(prefilled)]


def paths_of_rows(ids: Sequence[str]) -> dict[str, str]:
    """Row id to the start of its field paths: ``{"p0": "line_items[0]."}``."""
    return {row_id: item_path(index, "") for index, row_id in enumerate(ids)}


def _text(value: Any) -> str:
    return "" if value is None else str(value_to_json(value) if not isinstance(value, (int, float)) else value)
