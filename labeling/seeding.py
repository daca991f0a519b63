"""One pre-filled value made wrong on purpose, in a way in which machines and eyes go wrong. No database.

The person sees it with the confidence and the place of the right value. Which value it is, is known to nobody but the task.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from mlcore.compare import same
from mlcore.record_json import value_to_json
from mlcore.schema import InvoiceRecord, Value, ValueKind, item_value, iter_values, spec_for, split_item_path

Seeds = Mapping[str, Mapping[str, str]]
"""Field path of the pre-fill to ``{"right": value, "wrong": value}``, both in their JSON form."""

_SEEDED = frozenset({ValueKind.MONEY, ValueKind.DATE, ValueKind.IDENTIFIER, ValueKind.NDC})


def choose(record: InvoiceRecord, dates: Iterable[dt.date], chance: float) -> dict[str, dict[str, str]]:
    """One value of the pre-fill and what stands in its place, drawn with ``chance`` (0..1); empty when no value can be made wrong
    plausibly. ``dates`` are those that stand on the pages."""
    printed = sorted(set(dates))
    options = [(path, value, wrong) for path, value in iter_values(record) if (wrong := _wrong(record, path, value, printed)) is not None]
    if not options:
        return {}
    path, right, wrong = options[min(int(chance * len(options)), len(options) - 1)]
    return {path: {"right": value_to_json(right) or "", "wrong": wrong}}


def seeded_record(record: Mapping[str, Any], seeds: Seeds) -> dict[str, Any]:
    """The JSON of a pre-filled record as the person is shown it; the argument is not changed."""
    shown = copy.deepcopy(dict(record)) if seeds else dict(record)
    for path, values in seeds.items():
        cell = split_item_path(path)
        if cell is not None:
            shown["line_items"][cell[0]][cell[1]] = values["wrong"]
        else:
            shown[path] = values["wrong"]
    return shown


def seeded_fields(fields: Sequence[Mapping[str, Any]], seeds: Seeds) -> list[Mapping[str, Any]]:
    """The predicted fields as the person is shown them: confidence and place stay."""
    wrong = {path: values["wrong"] for path, values in seeds.items()}
    return [{**field, "value": wrong[field["path"]], "raw": wrong[field["path"]]} if field["path"] in wrong else field for field in fields]


def seeded_checks(checks: Sequence[Mapping[str, Any]], seeds: Seeds) -> list[Mapping[str, Any]]:
    """The checks of the pre-fill that do not speak of a seeded value: they were made with the right one."""
    return [check for check in checks if not set(seeds) & set(check.get("paths") or ())]


def _wrong(record: InvoiceRecord, path: str, value: Value, dates: Sequence[dt.date]) -> str | None:
    kind = spec_for(path).kind
    if value is None or kind not in _SEEDED:
        return None
    if isinstance(value, dt.date):
        return next((date.isoformat() for date in dates if date != value), None)
    found = _other_amount(record, path, value) if isinstance(value, Decimal) else None
    wrong = found or _transposed(value_to_json(value) or "")
    return wrong if wrong and not same(kind, value, Decimal(wrong) if isinstance(value, Decimal) else wrong) else None


def _other_amount(record: InvoiceRecord, path: str, value: Decimal) -> str | None:
    """The amount of the next row that has another one in this column."""
    cell = split_item_path(path)
    if cell is None:
        return None
    row, name = cell
    items = record.line_items[row + 1 :] + record.line_items[:row]
    others = (item_value(item, name) for item in items)
    return next((value_to_json(other) for other in others if other is not None and other != value), None)


def _transposed(text: str) -> str | None:
    """The text with the last two neighbouring digits that differ exchanged, but for a first digit that would become 0."""
    for at in range(len(text) - 2, -1, -1):
        left, right = text[at], text[at + 1]
        if left.isdigit() and right.isdigit() and left != right and not (at == 0 and right == "0"):
            return f"{text[:at]}{right}{left}{text[at + 2 :]}"
    return None
