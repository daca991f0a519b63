"""The block of numbers and dates: the invoice's own among those of orders, accounts and deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mlcore.dataset.synthetic.ink import WHITE, Span
from mlcore.dataset.synthetic.layout.pen import GREY, LIGHT, Frame, Pen


class Meta(StrEnum):
    """What can stand in the block. Only the first two are fields of the record."""

    NUMBER = "number"
    DATE = "date"
    DUE_DATE = "due_date"
    ORDER_DATE = "order_date"
    SHIP_DATE = "ship_date"
    TERMS = "terms"
    ORDER_NUMBER = "order_number"
    PURCHASE_ORDER = "purchase_order"
    ACCOUNT = "account"
    DELIVERY = "delivery"
    PAGE = "page"
    REPRESENTATIVE = "representative"
    PATIENT = "patient"
    PATIENT_ACCOUNT = "patient_account"
    BIRTH_DATE = "birth_date"
    PRESCRIBER = "prescriber"
    TAX_ID = "tax_id"
    TOTAL = "total"
    CARRIER = "carrier"


Entry = tuple[str, Meta]
"""A label as printed and what stands behind it."""


def meta_span(pen: Pen, meta: Meta, field: bool = True) -> Span:
    """The value as printed; ``field`` off prints it without meaning it as the field (running heads, stubs)."""
    invoice = pen.invoice
    if meta is Meta.NUMBER:
        return Span(invoice.number, "invoice_number" if field else "")
    if meta is Meta.DATE:
        return Span(pen.date(invoice.date), "date" if field else "")
    if meta is Meta.TOTAL:
        return Span(pen.amount(invoice.total, total=True))
    dates = {
        Meta.DUE_DATE: invoice.due_date,
        Meta.ORDER_DATE: invoice.order_date,
        Meta.SHIP_DATE: invoice.ship_date,
        Meta.BIRTH_DATE: invoice.birth_date,
    }
    if meta in dates:
        return Span(pen.date(dates[meta]))
    texts = {
        Meta.TERMS: f"Net {invoice.terms_days}",
        Meta.ORDER_NUMBER: invoice.order_number,
        Meta.PURCHASE_ORDER: invoice.purchase_order,
        Meta.ACCOUNT: invoice.account,
        Meta.DELIVERY: invoice.delivery_number,
        Meta.PAGE: str(pen.page + 1),
        Meta.REPRESENTATIVE: invoice.representative,
        Meta.PATIENT: invoice.patient,
        Meta.PATIENT_ACCOUNT: invoice.patient_account,
        Meta.PRESCRIBER: invoice.prescriber,
        Meta.TAX_ID: pen.vendor.tax_id,
        Meta.CARRIER: ("UPS Ground", "FedEx", "Own truck", "Courier")[int(invoice.delivery_number[-1]) % 4],
    }
    return Span(texts[meta])


@dataclass(frozen=True, slots=True)
class MetaList:
    """Labels and values below each other.

    ``form``: ``columns`` (values in a column of their own), ``right`` (values flush right), ``colon`` (value right
    after the label), ``boxed`` (a grid of label and value).
    """

    entries: tuple[Entry, ...]
    form: str = "columns"
    label_share: float = 0.5
    size: float = 0.0
    bold_labels: bool = True
    field: bool = True

    def draw(self, pen: Pen, frame: Frame) -> float:
        """One line for each entry."""
        size = self.size or pen.style.size
        weight = "bold" if self.bold_labels else "regular"
        step = size * 1.75 if self.form == "boxed" else size * 1.38
        middle = frame.x0 + frame.width * self.label_share
        y = frame.y
        for label, meta in self.entries:
            span = meta_span(pen, meta, self.field)
            if self.form == "colon":
                width = pen.text(frame.x0, y, f"{label} ", size=size, weight=weight)
                pen.text(frame.x0 + width, y, [span], size=size)
            elif self.form == "right":
                pen.text(frame.x0, y, label, size=size, weight=weight)
                pen.text(frame.x1, y, [span], size=size, align="right")
            elif self.form == "boxed":
                pen.panel(frame.x0, y, middle, y + step, fill=LIGHT, outline=GREY)
                pen.panel(middle, y, frame.x1, y + step, outline=GREY)
                pen.text(frame.x0 + 4, y + step * 0.2, label, size=size, weight=weight)
                pen.text(middle + 5, y + step * 0.2, [span], size=size)
            else:
                pen.text(middle - 6, y, label, size=size, weight=weight, align="right")
                pen.text(middle, y, [span], size=size)
            y += step
        return y


@dataclass(frozen=True, slots=True)
class MetaStrip:
    """Labels over values in a row of cells across the page; ``shares`` are the cells' widths."""

    entries: tuple[Entry, ...]
    shares: tuple[float, ...] = ()
    filled: bool = True
    grid: bool = True
    size: float = 0.0
    field: bool = True

    def draw(self, pen: Pen, frame: Frame) -> float:
        """Two lines: labels and values."""
        size = self.size or pen.style.size
        shares = self.shares or tuple(1 / len(self.entries) for _ in self.entries)
        head, body = size * 1.55, size * 1.75
        if self.filled:
            pen.panel(frame.x0, frame.y, frame.x1, frame.y + head, fill=pen.style.accent)
        x = frame.x0
        for (label, meta), share in zip(self.entries, shares, strict=True):
            width = frame.width * share
            middle = x + width / 2
            color = WHITE if self.filled else GREY
            pen.text(middle, frame.y + head * 0.14, label, size=size * 0.85, weight="bold", align="center", color=color)
            pen.text(middle, frame.y + head + body * 0.16, [meta_span(pen, meta, self.field)], size=size, align="center")
            if self.grid:
                pen.panel(x, frame.y, x + width, frame.y + head + body, outline=pen.style.accent if self.filled else GREY)
            x += width
        if not self.grid:
            pen.rule(frame.x0, frame.x1, frame.y + head + body, 0.6, GREY)
        return frame.y + head + body


@dataclass(frozen=True, slots=True)
class MetaGrid:
    """Small captions over values in a grid, as on forms."""

    entries: tuple[Entry, ...]
    columns: int = 2
    size: float = 0.0
    outlined: bool = True
    field: bool = True

    def draw(self, pen: Pen, frame: Frame) -> float:
        """Cells from left to right, row by row."""
        size = self.size or pen.style.size
        width, height = frame.width / self.columns, size * 2.75
        for index, (label, meta) in enumerate(self.entries):
            x, y = frame.x0 + width * (index % self.columns), frame.y + height * (index // self.columns)
            if self.outlined:
                pen.panel(x, y, x + width, y + height, outline=GREY)
            pen.text(x + 4, y + 2, label, size=size * 0.72, color=GREY)
            pen.text(x + 4, y + 2 + size * 1.05, [meta_span(pen, meta, self.field)], size=size, weight="bold")
        return frame.y + height * -(-len(self.entries) // self.columns)


@dataclass(frozen=True, slots=True)
class MetaSentence:
    """The numbers within running text; ``before`` and ``between`` are the words around number and date."""

    before: str = "Invoice"
    between: str = "of"
    after: str = ""
    size: float = 0.0
    align: str = "left"
    weight: str = "bold"
    field: bool = True

    def draw(self, pen: Pen, frame: Frame) -> float:
        """One line."""
        size = self.size or pen.style.size
        number, date = meta_span(pen, Meta.NUMBER, self.field), meta_span(pen, Meta.DATE, self.field)
        spans = [Span(f"{self.before} "), number, Span(f" {self.between} "), date, Span(f" {self.after}" if self.after else "")]
        pen.aligned(frame, frame.y, spans, self.align, size=size, weight=self.weight)
        return frame.y + size * 1.4
