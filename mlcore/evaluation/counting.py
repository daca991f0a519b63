"""From one case to a row of counts. Every metric is a ratio of sums of these counts (``measures``), so that one matrix of
counts serves the point, every group and every resample."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlcore.compare import FieldComparison, Outcome, RecordComparison, compare_records
from mlcore.evaluation.anls import anls_star, tree_of
from mlcore.evaluation.case import Case
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, InvoiceRecord, ItemType

Counts = NDArray[np.float64]

FIELDS: tuple[str, ...] = (*(s.name for s in HEADER_FIELDS), *(f"line_items.{s.name}" for s in LINE_ITEM_FIELDS))
CRITICAL: frozenset[str] = frozenset(
    [s.name for s in HEADER_FIELDS if s.critical] + [f"line_items.{s.name}" for s in LINE_ITEM_FIELDS if s.critical]
)
GUIDE_HEADER = frozenset({"invoice_number", "date", "total"})
"""The header fields that the specification's ``field_level_accuracy`` counts."""

_PLAIN = (
    "documents", "failed", "exact", "critical_exact", "anls", "guide_right", "guide_slots",
    "rows_expected", "rows_found", "rows_matched", "rows_right",
)  # fmt: skip
COLUMNS: tuple[str, ...] = (
    *_PLAIN,
    *(f"{name}:{outcome}" for name in FIELDS for outcome in Outcome),
    *(f"type:{kind}:{part}" for kind in ItemType for part in ("hit", "missed", "false")),
)
"""What the columns of a row of counts mean. ``hit``, ``missed`` and ``false`` are true positives, false negatives and
false positives of a line type; ``anls`` is the sum of a score, everything else is a count."""

_AT = {name: index for index, name in enumerate(COLUMNS)}
_RIGHT = (Outcome.CORRECT, Outcome.BOTH_ABSENT)


def at(name: str) -> int:
    """The column of one count."""
    return _AT[name]


@dataclass(frozen=True, slots=True)
class Counted:
    """One compared document: its counts (shape ``(len(COLUMNS),)``) and the labeled fields that are not right."""

    counts: Counts
    wrong_fields: tuple[str, ...]


def count_case(case: Case) -> Counted:
    """Compare and count one case. A case without a record counts as an empty record and is never exact."""
    comparison = compare_records(case.expected, case.found or InvoiceRecord(), case.label_fields)
    counts = np.zeros(len(COLUMNS))
    failed = case.found is None
    wrong = tuple(dict.fromkeys(f.name for f in comparison.fields if f.outcome not in _RIGHT))
    counts[at("documents")] = 1
    counts[at("failed")] = failed
    counts[at("exact")] = comparison.exact and not failed
    counts[at("critical_exact")] = not failed and not CRITICAL.intersection(wrong)
    for field in comparison.fields:
        counts[at(f"{field.name}:{field.outcome}")] += 1
    _count_guide(comparison, failed, counts)
    _count_rows(comparison, counts)
    _count_types(comparison, counts)
    counts[at("anls")] = 0.0 if failed else round(_anls(case), 6)
    return Counted(counts, wrong)


def _count_guide(comparison: RecordComparison, failed: bool, counts: Counts) -> None:
    for field in comparison.fields:
        if "line_items." not in field.name and field.name not in GUIDE_HEADER:
            continue
        unmatched_row = field.name.startswith("line_items.") and (field.expected_row is None or field.found_row is None)
        counts[at("guide_slots")] += 1
        counts[at("guide_right")] += field.outcome in _RIGHT and not unmatched_row and not failed


def _count_rows(comparison: RecordComparison, counts: Counts) -> None:
    rows: dict[tuple[int | None, int | None], bool] = {}
    for field in _cells(comparison.fields):
        key = field.expected_row, field.found_row
        rows[key] = rows.get(key, True) and field.outcome in _RIGHT
    for (expected, found), right in rows.items():
        counts[at("rows_expected")] += expected is not None
        counts[at("rows_found")] += found is not None
        counts[at("rows_matched")] += expected is not None and found is not None
        counts[at("rows_right")] += expected is not None and found is not None and right


def _count_types(comparison: RecordComparison, counts: Counts) -> None:
    for field in comparison.fields:
        if field.name != "line_items.type":
            continue
        if field.outcome is Outcome.CORRECT:
            counts[at(f"type:{field.expected}:hit")] += 1
            continue
        if isinstance(field.expected, ItemType):
            counts[at(f"type:{field.expected}:missed")] += 1
        if isinstance(field.found, ItemType):
            counts[at(f"type:{field.found}:false")] += 1


def _cells(fields: Iterable[FieldComparison]) -> Iterable[FieldComparison]:
    return (field for field in fields if field.name.startswith("line_items."))


def _anls(case: Case) -> float:
    labeled: Collection[str] | None = case.label_fields
    return anls_star(tree_of(case.expected, labeled), tree_of(case.found or InvoiceRecord(), labeled))
