"""The cells of the item table: what each kind of column prints for a line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mlcore.dataset.synthetic.content import Line
from mlcore.dataset.synthetic.formats import DateStyle, write_date, write_quantity
from mlcore.dataset.synthetic.ink import Span
from mlcore.dataset.synthetic.layout.pen import Pen
from mlcore.schema import ItemType, item_path


class Kind(StrEnum):
    """What a column prints. Columns without a field of the record are there because real tables have them."""

    DESCRIPTION = "description"
    NDC = "ndc_code"
    CODE = "cpt_code"
    QUANTITY = "quantity"
    UNIT_PRICE = "unit_price"
    AMOUNT = "total"
    POSITION = "position"
    SKU = "sku"
    UNIT = "unit"
    ORDERED = "ordered"
    BACKORDERED = "backordered"
    SERVICE_DATE = "service_date"
    LOT = "lot"
    EXPIRY = "expiry"
    MODIFIER = "modifier"
    DISCOUNT = "discount"
    TAXED = "taxed"
    CLASS = "class"


RIGHT = frozenset({Kind.QUANTITY, Kind.UNIT_PRICE, Kind.AMOUNT, Kind.ORDERED, Kind.BACKORDERED, Kind.DISCOUNT})
CENTERED = frozenset({Kind.POSITION, Kind.UNIT, Kind.MODIFIER, Kind.TAXED, Kind.CLASS})
_CLASSES = {
    ItemType.STANDARD_MEDICATION: "STD",
    ItemType.COMPOUND_MEDICATION: "CMP",
    ItemType.DME_RENTAL: "RNT",
    ItemType.BUNDLED_SERVICE: "PKG",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading (``\\n`` breaks it) and its share of the table's width."""

    kind: Kind
    heading: str
    share: float

    @property
    def align(self) -> str:
        """Numbers stand right, short codes in the middle, text left."""
        return "right" if self.kind in RIGHT else "center" if self.kind in CENTERED else "left"


@dataclass(frozen=True, slots=True)
class Beneath:
    """A line under the description: ``label`` and one kind, for example ``NDC`` or ``LOT``."""

    kind: Kind
    label: str


def cell_spans(pen: Pen, line: Line, row: int, kind: Kind) -> list[Span]:
    """The content of a cell; empty when this line has nothing to print there."""
    if kind is Kind.DESCRIPTION:
        return [Span(line.description, item_path(row, "description"))]
    if kind is Kind.NDC:
        return [Span(line.product.ndc, item_path(row, "ndc_code"))] if line.product.ndc else []
    if kind is Kind.CODE:
        return [Span(line.product.code, item_path(row, "cpt_code"))] if line.product.code else []
    if kind is Kind.QUANTITY:
        return [Span(write_quantity(line.quantity, pen.style.quantity_decimals), item_path(row, "quantity"))]
    if kind is Kind.UNIT_PRICE:
        return [Span(pen.amount(line.unit_price), item_path(row, "unit_price"))]
    if kind is Kind.AMOUNT:
        return [Span(pen.amount(line.total), item_path(row, "total"))]
    text = _aside(pen, line, row, kind)
    return [Span(text)] if text else []


def _aside(pen: Pen, line: Line, row: int, kind: Kind) -> str:
    """Columns that are no field."""
    drug = bool(line.product.ndc)
    match kind:
        case Kind.POSITION:
            return str(row + 1)
        case Kind.SKU:
            return line.sku
        case Kind.UNIT:
            return line.product.unit
        case Kind.ORDERED:
            return write_quantity(line.quantity, pen.style.quantity_decimals)
        case Kind.BACKORDERED:
            return write_quantity(Decimal(0), pen.style.quantity_decimals)
        case Kind.SERVICE_DATE:
            return write_date(line.service_date, DateStyle.US_SHORT if pen.style.date is DateStyle.LONG else pen.style.date)
        case Kind.LOT:
            return line.lot if drug else ""
        case Kind.EXPIRY:
            return f"{line.expiry:%m/%y}" if drug else ""
        case Kind.MODIFIER:
            return "RR" if line.kind is ItemType.DME_RENTAL else ""
        case Kind.TAXED:
            return "N" if drug else "Y"
        case Kind.CLASS:
            return _CLASSES[line.kind]
        case _:
            return "0.00"


def beneath_spans(pen: Pen, line: Line, row: int, beneath: tuple[Beneath, ...]) -> list[list[Span]]:
    """The lines under a description; one that has nothing to say is left out. A serial number goes with rentals."""
    lines = []
    for entry in beneath:
        spans = cell_spans(pen, line, row, entry.kind)
        if spans:
            lines.append([Span(f"{entry.label} "), *spans] if entry.label else spans)
    return lines


SECTION_NAMES = {
    "oncology": "Oncology", "supportive": "Supportive care", "hematology": "Hematology", "immunology": "Immunology",
    "antiinfective": "Anti-infectives", "oral": "Oral solids", "diabetes": "Diabetes care", "acute": "Acute care",
    "respiratory": "Respiratory", "vaccine": "Vaccines", "compound": "Compounded preparations", "rental": "Equipment rental",
    "bundle": "Service packages",
}  # fmt: skip


def section_of(line: Line) -> str:
    """The heading under which a line stands in a sectioned table."""
    return SECTION_NAMES[line.product.category]
