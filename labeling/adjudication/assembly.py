"""The record that two labels and the settled differences make together. No database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlcore.compare import match_rows
from mlcore.record_json import record_from_json, value_from_json, value_to_json
from mlcore.schema import (
    HEADER_FIELDS,
    LINE_ITEM_FIELDS,
    InvoiceRecord,
    LineItem,
    VendorParty,
    header_value,
    item_path,
    item_value,
    split_item_path,
)

ROWS = "line_items"
"""The name of a difference in whole rows."""

RowPair = tuple[int | None, int | None]
_ROW_PATH = re.compile(r"^line_items\[(\d{1,5})\]$")


@dataclass(frozen=True, slots=True)
class Settled:
    """One settled difference. ``value`` is what holds: a text form, the JSON of a row, or ``None`` for "not on the document".

    ``origin`` is its entry of the provenance.
    """

    path_first: str
    path_second: str
    value: str | None
    origin: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of a path of the record comes from: its paths in the two labels, and what settled it (``None``: agreed)."""

    path_first: str
    path_second: str
    settled: Settled | None


@dataclass(frozen=True, slots=True)
class Assembled:
    """``origins`` has an entry for every path of the record."""

    record: InvoiceRecord
    origins: dict[str, Origin]


def row_of(path: str) -> int | None:
    """The row that a path is in, of a cell or of a whole row; ``None`` for a header field and for ``""``."""
    whole = _ROW_PATH.match(path)
    cell = split_item_path(path)
    return int(whole[1]) if whole else cell[0] if cell else None


def aligned_rows(first: Sequence[LineItem], second: Sequence[LineItem], paths: Iterable[tuple[str, str]] = ()) -> list[RowPair]:
    """Pairs of row numbers in reading order, ``None`` where a label has no such row.

    Rows are paired as the comparator pairs them, except where ``paths`` of differences say which belong together. A row that only
    the second label has stands behind the row that it follows there.
    """
    said = [(row_of(a), row_of(b)) for a, b in paths]
    pairs = {i: j for i, j in said if i is not None and j is not None}
    lone = {i for i, j in said if j is None}, {j for i, j in said if i is None}
    rest_first = [i for i in range(len(first)) if i not in pairs and i not in lone[0]]
    rest_second = [j for j in range(len(second)) if j not in set(pairs.values()) and j not in lone[1]]
    matched = match_rows([first[i] for i in rest_first], [second[j] for j in rest_second])
    pairs |= {rest_first[i]: rest_second[j] for i, j in matched}
    merged: list[RowPair] = [(i, pairs.get(i)) for i in range(len(first))]
    taken = set(pairs.values())
    for j in range(len(second)):
        if j not in taken:
            before = next((place for place, (_, other) in enumerate(merged) if other == j - 1), -1)
            merged.insert(before + 1, (None, j))
    return merged


def assemble(first: InvoiceRecord, second: InvoiceRecord, settled: Sequence[Settled]) -> Assembled:
    """The agreed values of both labels, in the first one's spelling, with the settled differences in their places.

    A row that only one label has is there when its difference says so, and left out when it has no difference: then it is empty.
    """
    by_paths = {(s.path_first, s.path_second): s for s in settled}
    origins: dict[str, Origin] = {}
    header: dict[str, Any] = {}
    for spec in HEADER_FIELDS:
        change = by_paths.get((spec.name, spec.name))
        header[spec.name] = value_from_json(spec.name, change.value) if change else header_value(first, spec.name)
        origins[spec.name] = Origin(spec.name, spec.name, change)
    items: list[LineItem] = []
    for pair in aligned_rows(first.line_items, second.line_items, by_paths):
        built = _row(first, second, pair, by_paths)
        if built is None:
            continue
        item, cells = built
        origins |= {item_path(len(items), name): origin for name, origin in cells.items()}
        items.append(item)
    party = VendorParty(header.pop("vendor.name"), header.pop("vendor.address"))
    return Assembled(InvoiceRecord(vendor=party, line_items=tuple(items), **header), origins)


def _row(
    first: InvoiceRecord, second: InvoiceRecord, pair: RowPair, by_paths: dict[tuple[str, str], Settled]
) -> tuple[LineItem, dict[str, Origin]] | None:
    i, j = pair
    change = by_paths.get((row_path(i), row_path(j)))
    if change is not None:
        item = row_from_text(change.value)
        paths = {s.name: Origin(cell_path(i, s.name), cell_path(j, s.name), change) for s in LINE_ITEM_FIELDS}
        return (item, paths) if item is not None else None
    if i is None or j is None:
        return None
    cells: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for spec in LINE_ITEM_FIELDS:
        paths_here = item_path(i, spec.name), item_path(j, spec.name)
        cell = by_paths.get(paths_here)
        cells[spec.name] = value_from_json(paths_here[0], cell.value) if cell else item_value(first.line_items[i], spec.name)
        origins[spec.name] = Origin(*paths_here, cell)
    return LineItem(**cells), origins


def row_path(row: int | None) -> str:
    """The path of a whole row, ``""`` for none."""
    return "" if row is None else f"{ROWS}[{row}]"


def cell_path(row: int | None, name: str) -> str:
    """The path of a cell, ``""`` when there is no such row."""
    return "" if row is None else item_path(row, name)


def row_from_text(text: str | None) -> LineItem | None:
    """The row behind the JSON of a row; ``None`` when the row is not on the document. Raises ``RecordError``."""
    if text is None:
        return None
    try:
        row = json.loads(text)
    except ValueError:
        row = text
    return record_from_json({ROWS: [row]}).line_items[0]


def row_to_text(item: LineItem) -> str:
    """The JSON of a row, every column present."""
    return json.dumps({spec.name: value_to_json(item_value(item, spec.name)) for spec in LINE_ITEM_FIELDS}, ensure_ascii=False)
