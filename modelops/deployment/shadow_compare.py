"""What a candidate reads otherwise than what serves, and which of the two is right where the truth is known. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlcore.compare import FieldComparison, Outcome, RecordComparison, compare_records
from mlcore.schema import InvoiceRecord

MOST_PATHS = 100
_SAME = (Outcome.CORRECT, Outcome.BOTH_ABSENT)
WON, LOST, NEITHER = "won", "lost", ""


@dataclass(frozen=True, slots=True)
class Changed:
    """One value that differs. ``fate``: ``won`` (right now, not before), ``lost``, or ``""``: both wrong, or the truth is not known."""

    path: str
    fate: str = NEITHER

    def to_json(self) -> dict[str, str]:
        """Plain JSON types."""
        return {"path": self.path, "fate": self.fate}


@dataclass(frozen=True, slots=True)
class Difference:
    """Two readings of one document. ``judged`` values have a known truth; ``right_before`` and ``right_after`` of them are right."""

    changed: tuple[Changed, ...]
    judged: int = 0
    right_before: int = 0
    right_after: int = 0

    def count(self, fate: str) -> int:
        """How many values came to this."""
        return sum(one.fate == fate for one in self.changed)


def difference(before: InvoiceRecord, after: InvoiceRecord, truth: InvoiceRecord | None) -> Difference:
    """Compare what serves (``before``) with the candidate, and both with the ``truth`` if there is one.

    A value that only one of them gives counts as judged too where the truth has none: inventing one is wrong, leaving it out is right.
    """
    apart = [field for field in compare_records(before, after).fields if field.outcome not in _SAME]
    if truth is None:
        return Difference(tuple(Changed(_path(field)) for field in apart[:MOST_PATHS]))
    old, new = compare_records(truth, before), compare_records(truth, after)
    was, now = _by_place(old), _by_place(new)
    changed = tuple(
        Changed(_path(field), _fate(was.get((field.name, field.expected_row)), now.get((field.name, field.found_row)))) for field in apart
    )
    known = sum(field.expected is not None for field in old.fields)
    extra_old, extra_new = old.count(Outcome.SPURIOUS), new.count(Outcome.SPURIOUS)
    extra = max(extra_old, extra_new)
    return Difference(
        changed[:MOST_PATHS],
        known + extra,
        old.count(Outcome.CORRECT) + extra - extra_old,
        new.count(Outcome.CORRECT) + extra - extra_new,
    )


def _by_place(compared: RecordComparison) -> Mapping[tuple[str, Any], FieldComparison]:
    """By name and row of what was found; a row that was not found has no place."""
    return {
        (field.name, field.found_row): field for field in compared.fields if field.found_row is not None or "line_items" not in field.name
    }


def _fate(was: FieldComparison | None, now: FieldComparison | None) -> str:
    """A row that one of them has not is right where it is not to be there, and wrong where it is."""
    right_before, right_after = _is_right(was, now), _is_right(now, was)
    return NEITHER if right_before == right_after else WON if right_after else LOST


def _is_right(one: FieldComparison | None, other: FieldComparison | None) -> bool:
    if one is not None:
        return one.outcome in _SAME
    return other is not None and other.expected is None


def _path(field: FieldComparison) -> str:
    row = field.found_row if field.found_row is not None else field.expected_row
    return field.name if row is None else field.name.replace("line_items", f"line_items[{row}]", 1)
