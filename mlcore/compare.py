"""THE comparator: ``same`` says that two values are the same, ``compare_records`` scores two records.

Agreement, evaluation, adjudication and the screen all come here. Line items are matched one to one by
maximum equal cells (a row with no equal cell matches nothing), so order does not matter and a missing or
extra row costs its own cells only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mlcore.normalize import comparison_key
from mlcore.schema import (
    HEADER_FIELDS,
    LINE_ITEM_FIELDS,
    FieldSpec,
    InvoiceRecord,
    LineItem,
    Value,
    ValueKind,
    header_value,
    item_value,
)


class Outcome(StrEnum):
    """How a found value relates to the expected one."""

    CORRECT = "correct"
    WRONG = "wrong"
    MISSING = "missing"
    SPURIOUS = "spurious"
    BOTH_ABSENT = "both_absent"


_DIFFERING = 1e-5
_APART = 1e-9
"""Together they stay below one equal cell for as many rows as a record may have."""


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One field. ``name`` has no index (``line_items.total``); rows are indexes into each side or ``None``."""

    name: str
    outcome: Outcome
    expected: Value
    found: Value
    expected_row: int | None = None
    found_row: int | None = None


@dataclass(frozen=True, slots=True)
class RecordComparison:
    """Every labeled field of a document compared."""

    fields: tuple[FieldComparison, ...]

    @property
    def exact(self) -> bool:
        """Whether every labeled field is right."""
        return all(f.outcome in (Outcome.CORRECT, Outcome.BOTH_ABSENT) for f in self.fields)

    def count(self, *outcomes: Outcome) -> int:
        """How many fields ended in one of these outcomes."""
        return sum(f.outcome in outcomes for f in self.fields)

    @property
    def accuracy(self) -> float | None:
        """Right values over values that either side has; ``None`` when neither has any."""
        decided = len(self.fields) - self.count(Outcome.BOTH_ABSENT)
        return self.count(Outcome.CORRECT) / decided if decided else None


def same(kind: ValueKind, left: Value, right: Value) -> bool:
    """Whether two values are the same value. Two absent values are; absent and present are not."""
    return comparison_key(kind, left) == comparison_key(kind, right)


def outcome_of(kind: ValueKind, expected: Value, found: Value) -> Outcome:
    """Compare one value."""
    if expected is None:
        return Outcome.BOTH_ABSENT if found is None else Outcome.SPURIOUS
    if found is None:
        return Outcome.MISSING
    return Outcome.CORRECT if same(kind, expected, found) else Outcome.WRONG


def match_rows(
    expected: Sequence[LineItem], found: Sequence[LineItem], specs: Sequence[FieldSpec] = LINE_ITEM_FIELDS
) -> list[tuple[int, int]]:
    """Pairs ``(expected row, found row)`` with the most equal present cells; ties go to fewer differing cells, then to the closer rows."""
    if not expected or not found:
        return []
    weights = np.zeros((len(expected), len(found)))
    left = [[comparison_key(s.kind, item_value(item, s.name)) for s in specs] for item in expected]
    right = [[comparison_key(s.kind, item_value(item, s.name)) for s in specs] for item in found]
    for i, row in enumerate(left):
        for j, other in enumerate(right):
            equal = sum(a == b != "" for a, b in zip(row, other, strict=True))
            differing = sum(a != b for a, b in zip(row, other, strict=True))
            weights[i, j] = equal - differing * _DIFFERING - abs(i - j) * _APART if equal else 0.0
    from scipy.optimize import linear_sum_assignment  # 35 MB: only a process that aligns rows pays for it

    rows, columns = linear_sum_assignment(weights, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if weights[i, j] > 0]


def compare_records(expected: InvoiceRecord, found: InvoiceRecord, label_fields: Collection[str] | None = None) -> RecordComparison:
    """Compare ``found`` with ``expected`` on the labeled fields.

    ``label_fields`` uses names without indexes (``total``, ``line_items.quantity``; ``line_items`` stands
    for all columns); ``None`` means every field.
    """
    header = [s for s in HEADER_FIELDS if label_fields is None or s.name in label_fields]
    columns = [s for s in LINE_ITEM_FIELDS if _column_labeled(s.name, label_fields)]
    results = []
    for spec in header:
        want, have = header_value(expected, spec.name), header_value(found, spec.name)
        results.append(FieldComparison(spec.name, outcome_of(spec.kind, want, have), want, have))
    if columns:
        results.extend(_compare_items(expected.line_items, found.line_items, columns))
    return RecordComparison(tuple(results))


def _column_labeled(name: str, label_fields: Collection[str] | None) -> bool:
    return label_fields is None or "line_items" in label_fields or f"line_items.{name}" in label_fields


def _compare_items(expected: Sequence[LineItem], found: Sequence[LineItem], columns: Sequence[FieldSpec]) -> list[FieldComparison]:
    pairs = dict(match_rows(expected, found, columns))
    used = set(pairs.values())
    rows: list[tuple[int | None, int | None]] = [(i, pairs.get(i)) for i in range(len(expected))]
    rows.extend((None, j) for j in range(len(found)) if j not in used)
    results = []
    for i, j in rows:
        for spec in columns:
            want = item_value(expected[i], spec.name) if i is not None else None
            have = item_value(found[j], spec.name) if j is not None else None
            outcome = outcome_of(spec.kind, want, have)
            results.append(FieldComparison(f"line_items.{spec.name}", outcome, want, have, i, j))
    return results
