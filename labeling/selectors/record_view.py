"""A record as the document page shows it: predicted values beside confirmed ones, with confidence and places."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlcore.compare import match_rows, same
from mlcore.record_json import value_to_json
from mlcore.schema import HEADER_FIELDS, LINE_ITEM_FIELDS, FieldSpec, InvoiceRecord, Value, ValueKind, header_value, item_path, item_value

MARKS = {"blank": "blank on the document", "illegible": "illegible", "not_applicable": "not applicable"}
"""What a person said about a value that is not there."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value. ``places`` is the JSON of its evidence; ``changed`` says that the confirmed value is another one.

    ``mark`` says in words why a confirmed value is empty, if a person said so.
    """

    path: str
    label: str
    kind: ValueKind
    value: str
    predicted: str
    changed: bool
    percent: int | None
    note: str
    places: str
    mark: str

    @property
    def is_numeric(self) -> bool:
        """Whether it stands at the right edge of its column."""
        return self.kind in (ValueKind.MONEY, ValueKind.QUANTITY)

    @property
    def is_code(self) -> bool:
        """Whether it is set in the monospaced face."""
        return self.kind in (ValueKind.IDENTIFIER, ValueKind.NDC, ValueKind.PROCEDURE)


@dataclass(frozen=True, slots=True)
class RecordView:
    """Header fields in reading order, and the rows of the line items.

    ``columns`` are those with a value or a mark in any row, ``absent`` the labels of the others.
    """

    header: list[ShownValue]
    columns: tuple[FieldSpec, ...]
    absent: tuple[str, ...]
    rows: list[list[ShownValue]]
    confirmed: bool


def record_view(
    predicted: InvoiceRecord | None,
    fields: Sequence[Mapping[str, Any]],
    confirmed: InvoiceRecord | None,
    confirmed_places: Mapping[str, Sequence[Mapping[str, Any]]],
    marks: Mapping[str, str],
) -> RecordView:
    """The confirmed record where there is one, else the predicted one. Rows are paired as the comparator pairs them.

    ``confirmed_places`` and ``marks`` are by field path of the confirmed record.
    """
    shown = confirmed or predicted or InvoiceRecord()
    by_path = {str(field["path"]): field for field in fields}
    pairs = dict(match_rows(confirmed.line_items, predicted.line_items)) if confirmed and predicted else {}

    def value(spec: FieldSpec, path: str, current: Value, predicted_path: str, before: Value) -> ShownValue:
        field = by_path.get(predicted_path, {})
        places = confirmed_places.get(path) or field.get("evidence") or []
        confidence = field.get("confidence")
        return ShownValue(
            path=path,
            label=spec.label,
            kind=spec.kind,
            value=value_to_json(current) or "",
            predicted=value_to_json(before) or "",
            changed=confirmed is not None and predicted is not None and not same(spec.kind, current, before),
            percent=round(100 * confidence) if confidence is not None and current is not None else None,
            note=str(field.get("note") or ""),
            places=json.dumps(places, separators=(",", ":")),
            mark=MARKS.get(marks.get(path, ""), "") if current is None else "",
        )

    header = [
        value(spec, spec.name, header_value(shown, spec.name), spec.name, header_value(predicted or shown, spec.name))
        for spec in HEADER_FIELDS
    ]
    rows = []
    for index, item in enumerate(shown.line_items):
        twin = pairs.get(index) if confirmed else index
        source = predicted.line_items[twin] if predicted and twin is not None else None
        rows.append(
            [
                value(
                    spec,
                    item_path(index, spec.name),
                    item_value(item, spec.name),
                    item_path(twin, spec.name) if twin is not None else "",
                    item_value(source, spec.name) if source else None,
                )
                for spec in LINE_ITEM_FIELDS
            ]
        )
    used = [any(_is_shown(row[column]) for row in rows) for column in range(len(LINE_ITEM_FIELDS))]
    return RecordView(
        header=header,
        columns=tuple(spec for spec, is_used in zip(LINE_ITEM_FIELDS, used, strict=True) if is_used),
        absent=tuple(spec.label for spec, is_used in zip(LINE_ITEM_FIELDS, used, strict=True) if not is_used),
        rows=[[cell for cell, is_used in zip(row, used, strict=True) if is_used] for row in rows],
        confirmed=confirmed is not None,
    )


def _is_shown(cell: ShownValue) -> bool:
    return bool(cell.value or cell.predicted or cell.mark)
