"""THE field definitions: what a medical invoice record is.

To add a field to the record, add a ``FieldSpec`` to ``HEADER_FIELDS`` or ``LINE_ITEM_FIELDS`` and the
attribute to the matching dataclass; comparison, screen, export and prompt follow from here.

Money and quantities are ``Decimal`` (never floats), dates are ``datetime.date``, ``None`` means "not on
the document". Field paths: ``invoice_number``, ``vendor.name``, ``line_items[2].unit_price`` (rows count
from 0). JSON forms are in ``record_json``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

Value: TypeAlias = str | Decimal | dt.date | None


class ValueKind(StrEnum):
    """How a value is written, normalised and compared."""

    IDENTIFIER = "identifier"
    DATE = "date"
    MONEY = "money"
    QUANTITY = "quantity"
    TEXT = "text"
    NDC = "ndc"
    PROCEDURE = "procedure"
    ITEM_TYPE = "item_type"


class ItemType(StrEnum):
    """The four kinds of line items. The last three are rare (about 4 % each)."""

    STANDARD_MEDICATION = "standard_medication"
    COMPOUND_MEDICATION = "compound_medication"
    DME_RENTAL = "dme_rental"
    BUNDLED_SERVICE = "bundled_service"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of the record.

    ``name`` is the path without a row index (``vendor.name``, ``unit_price``); ``label`` and ``hint`` are
    what a biller reads; ``critical`` fields decide whether a document counts as right for payment.
    """

    name: str
    kind: ValueKind
    label: str
    hint: str
    critical: bool = False


HEADER_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec("vendor.name", ValueKind.TEXT, "Vendor", "Who sends the invoice, as printed", critical=True),
    FieldSpec("vendor.address", ValueKind.TEXT, "Vendor address", "The sender's address, not ship-to or bill-to"),
    FieldSpec("invoice_number", ValueKind.IDENTIFIER, "Invoice number", "Not the account or order number", critical=True),
    FieldSpec("date", ValueKind.DATE, "Invoice date", "Date of the invoice, not due or service date", critical=True),
    FieldSpec("subtotal", ValueKind.MONEY, "Subtotal", "Sum of the lines before tax"),
    FieldSpec("tax", ValueKind.MONEY, "Tax", "Tax amount; 0.00 when printed as zero"),
    FieldSpec("total", ValueKind.MONEY, "Total", "Amount of this invoice", critical=True),
)

LINE_ITEM_FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec("description", ValueKind.TEXT, "Description", "The text of the line, wrapped rows joined"),
    FieldSpec("ndc_code", ValueKind.NDC, "NDC", "National Drug Code: 5-4-2, 5-3-2, 4-4-2 or 11 digits"),
    FieldSpec("cpt_code", ValueKind.PROCEDURE, "CPT/HCPCS", "99213 or J1100; modifiers behind it: 99213-25"),
    FieldSpec("type", ValueKind.ITEM_TYPE, "Type", "Kind of the line"),
    FieldSpec("quantity", ValueKind.QUANTITY, "Qty", "Units billed", critical=True),
    FieldSpec("unit_price", ValueKind.MONEY, "Unit price", "Price of one unit", critical=True),
    FieldSpec("total", ValueKind.MONEY, "Amount", "Amount of the line", critical=True),
)

_HEADER_BY_NAME = {spec.name: spec for spec in HEADER_FIELDS}
_LINE_ITEM_BY_NAME = {spec.name: spec for spec in LINE_ITEM_FIELDS}
_ITEM_PATH = re.compile(r"^line_items\[(\d{1,5})\]\.([a-z_]+)$")


@dataclass(frozen=True, slots=True)
class VendorParty:
    """The sender of the invoice as printed on it."""

    name: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class LineItem:
    """One billed line. ``total`` is the amount of the line."""

    description: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    total: Decimal | None = None
    ndc_code: str | None = None
    cpt_code: str | None = None
    type: ItemType | None = None


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """What a biller confirms: one invoice."""

    invoice_number: str | None = None
    date: dt.date | None = None
    vendor: VendorParty = VendorParty()
    line_items: tuple[LineItem, ...] = ()
    subtotal: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None


def item_path(row: int, name: str) -> str:
    """Path of one cell: ``item_path(2, "total") == "line_items[2].total"``."""
    return f"line_items[{row}].{name}"


def split_item_path(path: str) -> tuple[int, str] | None:
    """``(row, name)`` of a line-item path, or ``None`` for a header path or anything else."""
    match = _ITEM_PATH.match(path)
    return (int(match[1]), match[2]) if match else None


def spec_for(path: str) -> FieldSpec:
    """The definition behind a path, also for ``line_items.total`` without an index.

    Raises ``KeyError`` when no field has that path.
    """
    cell = split_item_path(path)
    if cell is not None:
        return _LINE_ITEM_BY_NAME[cell[1]]
    if path.startswith("line_items."):
        return _LINE_ITEM_BY_NAME[path.removeprefix("line_items.")]
    return _HEADER_BY_NAME[path]


def header_value(record: InvoiceRecord, name: str) -> Value:
    """The value of a header field (``vendor.name``, ``total``, ...)."""
    if name == "vendor.name":
        return record.vendor.name
    if name == "vendor.address":
        return record.vendor.address
    value: Value = getattr(record, _HEADER_BY_NAME[name].name)
    return value


def item_value(item: LineItem, name: str) -> Value:
    """The value of one cell of a line item."""
    value: Value = getattr(item, _LINE_ITEM_BY_NAME[name].name)
    return value


def value_at(record: InvoiceRecord, path: str) -> Value:
    """The value at a path; ``None`` for a row that does not exist. ``KeyError`` for an unknown field."""
    cell = split_item_path(path)
    if cell is None:
        return header_value(record, path)
    row, name = cell
    return item_value(record.line_items[row], name) if row < len(record.line_items) else None


def record_with(values: Mapping[str, Value], rows: int) -> InvoiceRecord:
    """The record of ``rows`` line items with the values at these paths; every other value is absent. Values are taken as they are."""
    header: dict[str, Any] = {spec.name: values.get(spec.name) for spec in HEADER_FIELDS}
    cells: list[dict[str, Any]] = [{spec.name: values.get(item_path(row, spec.name)) for spec in LINE_ITEM_FIELDS} for row in range(rows)]
    party = VendorParty(header.pop("vendor.name"), header.pop("vendor.address"))
    return InvoiceRecord(vendor=party, line_items=tuple(LineItem(**cell) for cell in cells), **header)


def iter_values(record: InvoiceRecord) -> Iterator[tuple[str, Value]]:
    """Every ``(path, value)`` of the record in reading order, absent values included."""
    for spec in HEADER_FIELDS:
        yield spec.name, header_value(record, spec.name)
    for row, item in enumerate(record.line_items):
        for spec in LINE_ITEM_FIELDS:
            yield item_path(row, spec.name), item_value(item, spec.name)
