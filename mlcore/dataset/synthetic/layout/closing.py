"""What stands below the items: totals, payment stubs, notices, ageing, feet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mlcore.dataset.synthetic.content import CENT
from mlcore.dataset.synthetic.ink import WHITE, Span
from mlcore.dataset.synthetic.layout.meta import Entry, MetaList
from mlcore.dataset.synthetic.layout.parties import AddressBlock, Role
from mlcore.dataset.synthetic.layout.pen import GREY, LIGHT, Frame, Pen


class Sum(StrEnum):
    """A line of the totals block. ``SUBTOTAL``, ``TAX`` and ``TOTAL`` are fields; the rest never changes a sum."""

    SUBTOTAL = "subtotal"
    TAX = "tax"
    TOTAL = "total"
    FREIGHT = "freight"
    DISCOUNT = "discount"
    PAID = "paid"
    PREVIOUS = "previous"
    BALANCE = "balance"
    ITEMS = "items"


SumEntry = tuple[str, Sum]


def sum_span(pen: Pen, kind: Sum, field: bool = True) -> Span | None:
    """The amount as printed, or ``None`` when this invoice does not print that line."""
    invoice = pen.invoice
    if kind is Sum.ITEMS:
        return Span(str(len(invoice.lines)))
    if kind is Sum.TAX and invoice.tax_rate is None:
        return None
    amounts = {
        Sum.SUBTOTAL: invoice.subtotal,
        Sum.TAX: invoice.tax,
        Sum.TOTAL: invoice.total,
        Sum.PREVIOUS: invoice.previous_balance,
        Sum.BALANCE: invoice.previous_balance + invoice.total,
    }
    paths = {Sum.SUBTOTAL: "subtotal", Sum.TAX: "tax", Sum.TOTAL: "total"}
    return Span(pen.amount(amounts.get(kind, Decimal("0.00")), total=True), paths.get(kind, "") if field else "")


def sum_label(pen: Pen, label: str) -> str:
    """The label with the tax rate in place of ``{rate}``."""
    rate = (pen.invoice.tax_rate or Decimal(0)) * 100
    return label.replace("{rate}", f"{rate.normalize():f}%")


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums.

    ``form``: ``plain``, ``ruled`` (a line above the total), ``grid`` (boxed cells), ``band`` (the total on a coloured
    band), ``dotted`` (dots lead to the amount), ``dashes`` (typewriter rules). ``field`` off for a second printing.
    """

    entries: tuple[SumEntry, ...] = (("Subtotal", Sum.SUBTOTAL), ("Tax", Sum.TAX), ("Total", Sum.TOTAL))
    form: str = "ruled"
    size: float = 0.0
    total_scale: float = 1.15
    inset: float = 0.0
    field: bool = True

    def draw(self, pen: Pen, frame: Frame) -> float:
        """One line for each sum that is printed."""
        size = self.size or pen.style.size
        y, right = frame.y, frame.x1 - self.inset
        for label, kind in self.entries:
            span = sum_span(pen, kind, self.field)
            if span is None:
                continue
            main = (label, kind) == self.entries[-1]
            scale = size * self.total_scale if main else size
            step = scale * (1.75 if self.form in ("grid", "band") else 1.45)
            self._decorate(pen, frame, y, step, main, right)
            color = WHITE if main and self.form == "band" else None
            weight = "bold" if main else "regular"
            pad = 5.0 if self.form in ("grid", "band") else 0.0
            top = y + (step - scale * 1.2) / 2
            written = pen.text(frame.x0 + pad, top, sum_label(pen, label), size=scale, weight=weight, color=color)
            length = pen.text(right - pad, top, [span], size=scale, weight=weight, align="right", color=color)
            if self.form == "dotted":
                dots = int((right - length - frame.x0 - written - 12) / pen.width(".", scale, weight))
                pen.text(right - length - 6, top, "." * max(0, dots), size=scale, weight=weight, align="right", color=GREY)
            y += step
        if self.form == "dashes":
            pen.text(right, y, "=" * 12, size=size, align="right")
            y += size * 1.2
        return y

    def _decorate(self, pen: Pen, frame: Frame, y: float, step: float, main: bool, right: float) -> None:
        if self.form == "grid":
            pen.panel(frame.x0, y, right, y + step, fill=LIGHT if main else None, outline=GREY)
        elif self.form == "band" and main:
            pen.panel(frame.x0, y, right, y + step, fill=pen.style.accent)
        elif self.form == "ruled" and main:
            pen.rule(frame.x0, right, y, 0.9)


@dataclass(frozen=True, slots=True)
class TotalsStrip:
    """The sums side by side in captioned cells across the page, as on form paper."""

    entries: tuple[SumEntry, ...]
    size: float = 0.0
    filled: bool = False

    def draw(self, pen: Pen, frame: Frame) -> float:
        """A row of cells."""
        size = self.size or pen.style.size
        shown = [(label, span) for label, kind in self.entries if (span := sum_span(pen, kind)) is not None]
        width, height = frame.width / len(shown), size * 3.1
        for index, (label, span) in enumerate(shown):
            x, last = frame.x0 + width * index, index == len(shown) - 1
            fill = pen.style.accent if last and self.filled else None
            color = WHITE if fill else None
            pen.panel(x, frame.y, x + width, frame.y + height, fill=fill, outline=pen.style.accent)
            pen.text(x + 5, frame.y + 3, sum_label(pen, label), size=size * 0.78, color=color or GREY)
            weight = "bold" if last else "regular"
            pen.text(x + width - 6, frame.y + size * 1.35, [span], size=size * 1.15, weight=weight, align="right", color=color)
        return frame.y + height


@dataclass(frozen=True, slots=True)
class Notice:
    """Lines of text; ``{due}``, ``{discount}``, ``{total}``, ``{web}``, ``{phone}``, ``{tax_id}`` are filled in."""

    lines: tuple[str, ...]
    size: float = 7.5
    align: str = "left"
    weight: str = "regular"
    boxed: bool = False
    muted: bool = True
    inset: float = 10.0

    def draw(self, pen: Pen, frame: Frame) -> float:
        """The lines, wrapped to the frame."""
        pad = 5.0 if self.boxed else 0.0
        right = frame.x1 - self.inset
        inner = Frame(frame.x0 + pad, right - pad, frame.y + pad)
        contents = [spans for line in self.lines for spans in pen.wrap(fill_in(pen, line), inner.width, self.size, self.weight)]
        color = GREY if self.muted else pen.style.ink
        bottom = pen.lines(inner, contents, self.align, size=self.size, weight=self.weight, color=color) + pad
        if self.boxed:
            pen.panel(frame.x0, frame.y, right, bottom, outline=GREY)
        return bottom


def fill_in(pen: Pen, text: str) -> str:
    """Placeholders replaced by this invoice's values."""
    invoice = pen.invoice
    early = (invoice.total * Decimal("0.98")).quantize(CENT)
    values = {
        "{due}": pen.date(invoice.due_date),
        "{discount}": pen.amount(early, total=True),
        "{total}": pen.amount(invoice.total, total=True),
        "{web}": pen.vendor.web,
        "{phone}": pen.vendor.phone,
        "{tax_id}": pen.vendor.tax_id,
        "{name}": pen.vendor.name,
    }
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


@dataclass(frozen=True, slots=True)
class Stub:
    """A payment coupon to cut off: the numbers a second time and where the money goes."""

    entries: tuple[Entry, ...]
    heading: str = "Please detach and return with your payment"

    def draw(self, pen: Pen, frame: Frame) -> float:
        """A dashed line, the remittance address, the numbers."""
        y, size = frame.y + 4, pen.style.size
        pen.rule(frame.x0, frame.x1, y, 0.6, GREY, (3.0, 3.0))
        pen.aligned(frame, y + 4, self.heading, "center", size=size * 0.8, weight="italic", color=GREY)
        top = y + 8 + size * 1.3
        middle = frame.x0 + frame.width * 0.55
        left = AddressBlock(Role.REMIT_TO, "Remit to").draw(pen, Frame(frame.x0, middle, top))
        right = MetaList(self.entries, form="right", field=False).draw(pen, Frame(middle, frame.x1, top))
        return max(left, right)


@dataclass(frozen=True, slots=True)
class Ageing:
    """The account by age of debt: five amounts that are not this invoice's."""

    def draw(self, pen: Pen, frame: Frame) -> float:
        """A small table."""
        size, width = pen.style.size * 0.85, frame.width / 5
        old = pen.invoice.previous_balance
        values = (pen.invoice.total, old, Decimal("0.00"), Decimal("0.00"), pen.invoice.total + old)
        for index, (label, value) in enumerate(
            zip(("Current", "31-60 days", "61-90 days", "Over 90", "Account balance"), values, strict=True)
        ):
            x = frame.x0 + width * index
            pen.panel(x, frame.y, x + width, frame.y + size * 3.2, outline=GREY)
            pen.text(x + width / 2, frame.y + 2, label, size=size, align="center", color=GREY)
            pen.text(x + width / 2, frame.y + size * 1.65, pen.amount(value), size=size, align="center")
        return frame.y + size * 3.2


@dataclass(frozen=True, slots=True)
class Foot:
    """Small print at the bottom of every page, with the page number."""

    text: str = "{web}  |  {phone}  |  Federal Tax ID {tax_id}"
    page: str = "Page {n} of {m}"
    rule: bool = True
    size: float = 7.0

    def draw(self, pen: Pen, frame: Frame) -> float:
        """A line of text left and the page number right."""
        if self.rule:
            pen.rule(frame.x0, frame.x1, frame.y, 0.5, GREY)
        pen.text(frame.x0, frame.y + 4, fill_in(pen, self.text), size=self.size, color=GREY)
        number = self.page.replace("{n}", str(pen.page + 1)).replace("{m}", str(pen.sheet.pages))
        pen.text(frame.x1, frame.y + 4, number, size=self.size, align="right", color=GREY)
        return frame.y + 4 + self.size * 1.3
