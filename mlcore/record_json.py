"""The JSON form of an ``InvoiceRecord``: written one way, read with every problem reported together.

Decimals are written as strings in plain notation (``"45.00"``, digits kept as entered), dates as ISO 8601.
Reading also takes JSON numbers and printed forms (``"$1,234.50"``), because people paste them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mlcore import normalize
from mlcore.errors import FieldProblem, RecordError
from mlcore.schema import (
    HEADER_FIELDS,
    LINE_ITEM_FIELDS,
    FieldSpec,
    InvoiceRecord,
    ItemType,
    LineItem,
    Value,
    ValueKind,
    VendorParty,
    header_value,
    item_path,
    item_value,
    split_item_path,
)

MAX_TEXT = 2_000
MAX_ROWS = 2_000
MAX_DECIMALS = 6


def value_to_json(value: Value) -> str | None:
    """One value as it stands in JSON: ``Decimal("45.00")`` is ``"45.00"``, a date is ISO 8601."""
    if value is None or isinstance(value, ItemType):
        return value.value if value is not None else None
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, dt.date) else value


def value_from_json(path: str, text: str | None) -> Value:
    """Inverse of ``value_to_json`` for the field behind ``path`` (``line_items[2].total``, ``line_items.total``, ``vendor.name``).

    Raises ``RecordError`` for a text that is no such value.
    """
    name = path.rpartition(".")[2]
    if split_item_path(path) or path.startswith("line_items."):
        return item_value(record_from_json({"line_items": [{name: text}]}).line_items[0], name)
    return header_value(record_from_json({"vendor": {name: text}} if path.startswith("vendor.") else {path: text}), path)


def record_to_json(record: InvoiceRecord) -> dict[str, Any]:
    """The record as plain JSON types, every key present."""
    header = {spec.name: value_to_json(header_value(record, spec.name)) for spec in HEADER_FIELDS}
    vendor = {"name": header.pop("vendor.name"), "address": header.pop("vendor.address")}
    items = [{spec.name: value_to_json(item_value(item, spec.name)) for spec in LINE_ITEM_FIELDS} for item in record.line_items]
    return {"vendor": vendor, **header, "line_items": items}


def record_from_json(data: object, *, ignore_unknown: bool = False) -> InvoiceRecord:
    """Read a record. Raises ``RecordError`` with all problems at once.

    Absent keys are ``None``. Unknown keys are a problem unless ``ignore_unknown`` (foreign data sets).
    """
    problems: list[FieldProblem] = []
    if not isinstance(data, Mapping):
        raise RecordError((FieldProblem("", "not_an_object", "The record must be a JSON object."),))
    vendor = data.get("vendor") or {}
    if not isinstance(vendor, Mapping):
        problems.append(FieldProblem("vendor", "not_an_object", "The vendor must be an object with name and address."))
        vendor = {}
    if not ignore_unknown:
        _report_unknown(data, {*(s.name for s in HEADER_FIELDS if "." not in s.name), "vendor", "line_items"}, "", problems)
        _report_unknown(vendor, {"name", "address"}, "vendor.", problems)
    header: dict[str, Any] = {}
    for spec in HEADER_FIELDS:
        raw = vendor.get(spec.name.removeprefix("vendor.")) if spec.name.startswith("vendor.") else data.get(spec.name)
        header[spec.name] = _collect(spec, raw, spec.name, problems)
    items = _read_items(data.get("line_items"), ignore_unknown, problems)
    if problems:
        raise RecordError(tuple(problems))
    party = VendorParty(header.pop("vendor.name"), header.pop("vendor.address"))
    return InvoiceRecord(vendor=party, line_items=items, **header)


def _read_items(raw: object, ignore_unknown: bool, problems: list[FieldProblem]) -> tuple[LineItem, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list):
        problems.append(FieldProblem("line_items", "not_a_list", "The line items must be a list of objects."))
        return ()
    if len(raw) > MAX_ROWS:
        problems.append(FieldProblem("line_items", "too_many_rows", f"{len(raw)} rows; the limit is {MAX_ROWS}. Split the document."))
        return ()
    items = []
    for row, entry in enumerate(raw):
        if not isinstance(entry, Mapping):
            problems.append(FieldProblem(f"line_items[{row}]", "not_an_object", "A line item must be an object."))
            continue
        if not ignore_unknown:
            _report_unknown(entry, {spec.name for spec in LINE_ITEM_FIELDS}, f"line_items[{row}].", problems)
        cells = {s.name: _collect(s, entry.get(s.name), item_path(row, s.name), problems) for s in LINE_ITEM_FIELDS}
        items.append(LineItem(**cells))
    return tuple(items)


def _report_unknown(data: Mapping[Any, Any], known: set[str], prefix: str, problems: list[FieldProblem]) -> None:
    for key in data:
        if key not in known:
            message = f"There is no field {key!r}; known are {', '.join(sorted(known))}."
            problems.append(FieldProblem(f"{prefix}{key}", "unknown_field", message))


def _collect(spec: FieldSpec, raw: object, path: str, problems: list[FieldProblem]) -> Any:
    outcome = read_value(spec.kind, raw)
    if isinstance(outcome, _Problem):
        problems.append(FieldProblem(path, outcome.code, outcome.message))
        return None
    return outcome


class _Problem:
    __slots__ = ("code", "message")

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message


def read_value(kind: ValueKind, raw: object) -> Value | _Problem:
    """One JSON value as a typed value; blank text is ``None``."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if kind in (ValueKind.MONEY, ValueKind.QUANTITY):
        return _read_decimal(raw)
    if not isinstance(raw, str):
        return _Problem("not_text", f"{raw!r} must be text.")
    text = normalize.collapse_spaces(raw)
    if len(text) > MAX_TEXT:
        return _Problem("too_long", f"{len(text)} characters; the limit is {MAX_TEXT}.")
    if "\x00" in text:
        return _Problem("bad_character", "The text has a NUL character; remove it.")
    if kind is ValueKind.DATE:
        date = normalize.parse_date(text)
        return date or _Problem("not_a_date", f"{text!r} is not a date; write it as YYYY-MM-DD.")
    if kind is ValueKind.ITEM_TYPE:
        try:
            return ItemType(text)
        except ValueError:
            return _Problem("not_an_item_type", f"{text!r} is no line type; choose one of {', '.join(ItemType)}.")
    return text


def _read_decimal(raw: object) -> Decimal | _Problem:
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        return _Problem("not_a_number", f"{raw!r} is not a number; write it as 1234.50.")
    value = normalize.parse_decimal(raw) if isinstance(raw, str) else _from_json_number(raw)
    if value is None:
        return _Problem("not_a_number", f"{str(raw)[:60]!r} is not a number within ±{normalize.MAX_MONEY}; write it as 1234.50.")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MAX_DECIMALS:
        return _Problem("too_many_decimals", f"{value} has {-exponent} decimals; the limit is {MAX_DECIMALS}.")
    return value


def _from_json_number(raw: int | float | Decimal) -> Decimal | None:
    value = Decimal(str(raw))
    return value if value.is_finite() and abs(value) <= normalize.MAX_MONEY else None
