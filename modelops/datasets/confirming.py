"""How far the labels of one gold record are trusted: fields that nobody looked at, and labels confirmed faster than anybody reads.

No database. Provenance is that of ``GoldRecord``: path -> ``{source, by, model_id, change?, verified_by?}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, split_item_path
from modelops.datasets.rules import Rules

Provenance = Mapping[str, Mapping[str, Any]]

FIELDS = frozenset((*(spec.name for spec in HEADER_FIELDS), *(f"line_items.{spec.name}" for spec in LINE_ITEM_FIELDS)))
"""Every field of a record, a column of the line items once."""

_LEFT_AS_IT_WAS = "confirmed"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's label of one document: whether the pre-fill was ``shown``, the active time, and what was done."""

    shown: bool
    active_ms: int
    keystrokes: int
    pages: int


def looked_at(provenance: Provenance) -> frozenset[str] | None:
    """The fields that are labels, ``None`` for all of them.

    A value whose entry names no person was never looked at: it is what a machine said. A column with such a value in any row is no label,
    since training and scoring know columns alone.
    """
    unseen = {_field(path) for path, entry in provenance.items() if not (entry.get("by") or entry.get("verified_by"))}
    return FIELDS - unseen if unseen & FIELDS else None


def too_fast(provenance: Provenance, sitting: Sitting | None, rules: Rules) -> str:
    """Why a label counts less, ``""`` when it does not: it says exactly what the pre-fill said, nothing was typed, and it took less time
    than a look at each page and each value does.

    Rule ``fast-confirm-1``: ``page_seconds`` a page and ``value_seconds`` a value. A fixation of the eye takes about a quarter of a second,
    and a value cannot be compared with less than one; so whoever was faster did not compare them all. Values that were verified in a batch
    before, or that two people agreed on, need no second look and are not counted.
    """
    if sitting is None or not sitting.shown or sitting.keystrokes or not provenance:
        return ""
    kept = [entry for entry in provenance.values() if (entry.get("change") or entry.get("source")) == _LEFT_AS_IT_WAS]
    if len(kept) != len(provenance):
        return ""
    values = sum(not entry.get("verified_by") for entry in kept)
    needed = rules.page_seconds * max(sitting.pages, 1) + rules.value_seconds * values
    taken = sitting.active_ms / 1000
    if not values or taken >= needed:
        return ""
    pages = f"{sitting.pages} pages" if sitting.pages > 1 else "a page"
    return f"Confirmed without a change in {taken:.1f} s; {values} values on {pages} take {needed:.1f} s to see."


def _field(path: str) -> str:
    cell = split_item_path(path)
    return path if cell is None else f"line_items.{cell[1]}"
