"""From one compared pair to counts: every statistic is a function of sums of these (``statistics``)."""

from __future__ import annotations

import json

import numpy as np

from mlcore.agreement.outcomes import ROWS, FieldAgreement, PairOutcome
from mlcore.agreement.poisson import Ints
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, ItemType

HEADER: tuple[str, ...] = tuple(spec.name for spec in HEADER_FIELDS)
CELLS: tuple[str, ...] = tuple(f"{ROWS}.{spec.name}" for spec in LINE_ITEM_FIELDS)
TYPES: tuple[str, ...] = tuple(ItemType)
CRITICAL = frozenset(
    [s.name for s in HEADER_FIELDS if s.critical] + [f"{ROWS}.{s.name}" for s in LINE_ITEM_FIELDS if s.critical],
)

_PLAIN = (
    "documents", "valued", "exact", "critical_valued", "critical", "with_rows", "same_row_count", "with_matched",
    "rows_first", "rows_second", "matched", "lone_values", "typed",
)  # fmt: skip
COLUMNS: tuple[str, ...] = (
    *_PLAIN,
    *(f"{name}:{outcome}" for name in (*HEADER, *CELLS) for outcome in FieldAgreement),
    *(f"{name}:documents" for name in CELLS),
    *(f"type:{first}:{second}" for first in TYPES for second in TYPES),
)
"""``valued`` documents have a value on either side, ``critical_valued`` ones a critical value, ``typed`` ones a matched row with two line
types; ``exact`` and ``critical`` count among those alone, so that two empty records do not count as agreement. ``lone_values`` are
the values of rows without a partner; ``NAME:documents`` are documents where a matched row has that cell on either side.
"""

_AT = {name: number for number, name in enumerate(COLUMNS)}


def count_pair(outcome: PairOutcome) -> Ints:
    """One pair's counts, shape ``(len(COLUMNS),)``, in the order of ``COLUMNS``."""
    counts = np.zeros(len(COLUMNS), dtype=np.int64)
    fields = [*outcome.header, *(cell for row in outcome.matched for cell in row.cells)]
    present = {field.name for field in fields if field.outcome is not FieldAgreement.BOTH_ABSENT}
    lone = [
        value
        for difference in outcome.differences
        if difference.is_row
        for value in _row_values(difference.value_first, difference.value_second)
    ]
    for field in fields:
        counts[_AT[f"{field.name}:{field.outcome}"]] += 1
    for name in present.intersection(CELLS):
        counts[_AT[f"{name}:documents"]] = 1
    valued = bool(present or lone)
    critical_valued = bool(CRITICAL.intersection(present) or CRITICAL.intersection(lone))
    plain = {
        "documents": 1,
        "valued": valued,
        "exact": valued and outcome.exact,
        "critical_valued": critical_valued,
        "critical": critical_valued and outcome.critical,
        "with_rows": bool(outcome.rows_first or outcome.rows_second),
        "same_row_count": outcome.rows_first == outcome.rows_second > 0,
        "with_matched": bool(outcome.matched),
        "rows_first": outcome.rows_first,
        "rows_second": outcome.rows_second,
        "matched": len(outcome.matched),
        "lone_values": len(lone),
    }
    for name, count in plain.items():
        counts[_AT[name]] = count
    for row in outcome.matched:
        if row.type_first and row.type_second:
            counts[_AT[f"type:{row.type_first}:{row.type_second}"]] += 1
            counts[_AT["typed"]] = 1
    return counts


def _row_values(first: str | None, second: str | None) -> list[str]:
    """Names of the cells that a lone row has."""
    row: dict[str, str | None] = json.loads(first or second or "{}")
    return [f"{ROWS}.{name}" for name, value in row.items() if value is not None]
