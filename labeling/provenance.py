"""Where each value of a submitted record comes from, and what the pre-fill saved. No database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labeling.draft_edits import prefilled_row
from mlcore.compare import match_rows, same
from mlcore.record_json import value_to_json
from mlcore.schema import InvoiceRecord, item_path, iter_values, spec_for, split_item_path, value_at

CONFIRMED = "confirmed"
CORRECTED = "corrected"
TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Origins:
    """``source`` and ``prefilled`` (the path of the value in the pre-fill) for the paths of the record.

    ``source`` has no entry where neither side has a value; ``kept_characters`` is the length of all values
    that the person left as they were pre-filled.
    """

    source: dict[str, str]
    prefilled: dict[str, str]
    kept_characters: int

    def keystrokes_saved(self, keystrokes: int) -> int:
        """Characters of correct pre-filled values that were kept, minus the keystrokes spent on the whole
        document. Negative when correcting took more keys than the pre-fill spared. A value counts with the
        characters of its JSON form (``"45.00"`` is 5), once, when it is the same value as the pre-filled one."""
        return self.kept_characters - keystrokes


def origins(record: InvoiceRecord, prefill: InvoiceRecord | None, row_ids: Sequence[str] | None) -> Origins:
    """Compare a submitted record with the pre-fill that the person was shown.

    ``row_ids`` are the draft's ordered row ids, which tie rows to rows of the pre-fill; without them, or
    when their number is not that of the record's rows, rows are matched by their cells.
    """
    rows = _row_pairs(record, prefill, row_ids)
    source: dict[str, str] = {}
    prefilled: dict[str, str] = {}
    kept = 0
    for path, value in iter_values(record):
        theirs = _path_before(path, rows)
        before = value_at(prefill, theirs) if prefill is not None and theirs is not None else None
        if value is None and before is None:
            continue
        if before is None or theirs is None:
            source[path] = TYPED
            continue
        prefilled[path] = theirs
        if same(spec_for(path).kind, value, before):
            source[path] = CONFIRMED
            kept += len(value_to_json(value) or "")
        else:
            source[path] = CORRECTED
    return Origins(source, prefilled, kept)


def provenance_json(found: Origins, *, by: int, model_id: str | None) -> dict[str, dict[str, Any]]:
    """Path to ``{source, by, model_id}``; ``model_id`` is ``None`` for a value that was typed."""
    return {path: {"source": source, "by": by, "model_id": None if source == TYPED else model_id} for path, source in found.source.items()}


def gold_evidence(
    found: Origins, clicked: Mapping[str, list[dict[str, Any]]], predicted: Sequence[Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Places of the values: where the person clicked, else where the pre-fill found a value that was kept."""
    places = {str(field["path"]): list(field.get("evidence") or ()) for field in predicted}
    evidence = {path: boxes for path, boxes in clicked.items() if boxes}
    for path, theirs in found.prefilled.items():
        if path not in evidence and found.source[path] == CONFIRMED and places.get(theirs):
            evidence[path] = places[theirs]
    return evidence


def _row_pairs(record: InvoiceRecord, prefill: InvoiceRecord | None, row_ids: Sequence[str] | None) -> dict[int, int]:
    if prefill is None:
        return {}
    if row_ids is None or len(row_ids) != len(record.line_items):
        return dict(match_rows(record.line_items, prefill.line_items))
    pairs = ((row, prefilled_row(row_id)) for row, row_id in enumerate(row_ids))
    return {row: theirs for row, theirs in pairs if theirs is not None and theirs < len(prefill.line_items)}


def _path_before(path: str, rows: Mapping[int, int]) -> str | None:
    cell = split_item_path(path)
    if cell is None:
        return path
    row, name = cell
    return item_path(rows[row], name) if row in rows else None
