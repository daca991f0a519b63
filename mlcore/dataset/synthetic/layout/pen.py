"""The pen that parts draw with: a sheet, a style and one invoice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, Protocol

from mlcore.dataset.synthetic.content import Invoice
from mlcore.dataset.synthetic.formats import DateStyle, MoneyStyle, write_date
from mlcore.dataset.synthetic.ink import BLACK, Color, Content, Disc, Mark, Panel, Polygon, Sheet, Span, Stroke, TextRun, advance, em_width

GREY: Color = (0.42, 0.42, 0.42)
LIGHT: Color = (0.9, 0.9, 0.9)


@dataclass(frozen=True, slots=True)
class Typeface:
    """The three fonts of a family, by PDF name."""

    regular: str
    bold: str
    italic: str


HELVETICA = Typeface("Helvetica", "Helvetica-Bold", "Helvetica-Oblique")
TIMES = Typeface("Times-Roman", "Times-Bold", "Times-Italic")
COURIER = Typeface("Courier", "Courier-Bold", "Courier-Oblique")
VERA = Typeface("Vera", "Vera-Bold", "Vera-Italic")


@dataclass(frozen=True, slots=True)
class Style:
    """The hand of a company. Lengths in points; ``roll`` is paper that ends where the text ends."""

    face: Typeface = HELVETICA
    heading_face: Typeface | None = None
    size: float = 9.0
    accent: Color = (0.1, 0.25, 0.45)
    ink: Color = BLACK
    paper: tuple[float, float] = (612.0, 792.0)
    margin: float = 44.0
    date: DateStyle = DateStyle.US
    money: MoneyStyle = field(default_factory=MoneyStyle)
    upper: bool = False
    roll: bool = False
    quantity_decimals: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who sends the invoice."""

    name: str
    address: tuple[str, ...]
    phone: str
    fax: str
    web: str
    tax_id: str
    tagline: str = ""


class Frame(NamedTuple):
    """Where a part may draw: from ``y`` downwards between ``x0`` and ``x1``."""

    x0: float
    x1: float
    y: float

    @property
    def width(self) -> float:
        """Points between the sides."""
        return self.x1 - self.x0


class Part(Protocol):
    """A piece of a layout."""

    def draw(self, pen: Pen, frame: Frame) -> float:
        """Draw below ``frame.y`` and return where the part ends; parts without content return ``frame.y``."""
        ...


class Pen:
    """Draws on one page of a sheet. ``pages`` is the number of pages so far (all of them for the foot)."""

    def __init__(self, sheet: Sheet, style: Style, vendor: Identity, invoice: Invoice) -> None:
        self.sheet = sheet
        self.style = style
        self.vendor = vendor
        self.invoice = invoice
        self.page = 0

    def font(self, weight: str = "regular", heading: bool = False) -> str:
        """PDF font name for a weight: regular, bold or italic."""
        face = self.style.heading_face if heading and self.style.heading_face else self.style.face
        name: str = getattr(face, weight)
        return name

    def put(self, mark: Mark) -> None:
        """Record a mark."""
        self.sheet.marks.append(mark)

    def cased(self, text: str) -> str:
        """The text as this style prints it."""
        return text.upper() if self.style.upper else text

    def width(self, text: str, size: float | None = None, weight: str = "regular", heading: bool = False) -> float:
        """Printed width in points."""
        return advance(self.cased(text), self.font(weight, heading), size or self.style.size)

    def text(
        self,
        x: float,
        y: float,
        content: Content,
        size: float | None = None,
        weight: str = "regular",
        align: str = "left",
        color: Color | None = None,
        heading: bool = False,
    ) -> float:
        """One line whose top is ``y``; ``x`` is its left edge, right edge or middle. Returns the printed width."""
        size = size or self.style.size
        spans = (Span(content),) if isinstance(content, str) else tuple(content)
        if self.style.upper:
            spans = tuple(Span(span.text.upper(), span.path) for span in spans)
        if not any(span.text.strip() for span in spans):
            return 0.0
        font = self.font(weight, heading)
        width = sum([em_width(span.text, font) for span in spans]) * size
        left = x - width if align == "right" else x - width / 2 if align == "center" else x
        self.put(TextRun(self.page, left, y + size * 0.95, spans, font, size, color or self.style.ink))
        return width

    def aligned(self, frame: Frame, y: float, content: Content, align: str, **options: object) -> float:
        """A line at the left, middle or right of a frame."""
        x = {"left": frame.x0, "center": (frame.x0 + frame.x1) / 2, "right": frame.x1}[align]
        return self.text(x, y, content, align=align, **options)  # type: ignore[arg-type]  # options are those of text

    def lines(self, frame: Frame, contents: Sequence[Content], align: str = "left", **options: object) -> float:
        """Lines below each other; returns the bottom."""
        y = frame.y
        for content in contents:
            self.aligned(Frame(frame.x0, frame.x1, y), y, content, align, **options)
            y += self.leading(options.get("size"))  # type: ignore[arg-type]  # a float or None
        return y

    def leading(self, size: float | None = None) -> float:
        """Distance between lines."""
        return (size or self.style.size) * 1.24

    def rule(self, x0: float, x1: float, y: float, width: float = 0.6, color: Color | None = None, dash: tuple[float, ...] = ()) -> None:
        """A horizontal line."""
        self.put(Stroke(self.page, x0, y, x1, y, width, color or self.style.ink, dash))

    def upright(self, x: float, y0: float, y1: float, width: float = 0.6, color: Color | None = None) -> None:
        """A vertical line."""
        self.put(Stroke(self.page, x, y0, x, y1, width, color or self.style.ink))

    def panel(
        self, x0: float, y0: float, x1: float, y1: float, fill: Color | None = None, outline: Color | None = None, radius: float = 0.0
    ) -> None:
        """A rectangle."""
        self.put(Panel(self.page, x0, y0, x1, y1, fill, outline, radius))

    def polygon(self, points: Sequence[tuple[float, float]], fill: Color) -> None:
        """A filled shape."""
        self.put(Polygon(self.page, tuple(points), fill))

    def disc(self, x: float, y: float, radius: float, color: Color, width: float = 0.0) -> None:
        """A disc or ring."""
        self.put(Disc(self.page, x, y, radius, color, width))

    def date(self, value: dt.date) -> str:
        """A date in the style of the company."""
        return write_date(value, self.style.date)

    def amount(self, value: Decimal, total: bool = False) -> str:
        """Money as printed in the table or in the totals."""
        return self.style.money.total(value) if total else self.style.money.cell(value)

    def wrap(self, content: Content, width: float, size: float | None = None, weight: str = "regular") -> list[list[Span]]:
        """Break at spaces so that no line is wider than ``width`` (a single longer word stays whole)."""
        size, font = size or self.style.size, self.font(weight)
        spans = (Span(content),) if isinstance(content, str) else content
        if len(spans) == 1 and em_width(self.cased(spans[0].text), font) * size <= width:
            return [[spans[0]]] if spans[0].text else []
        gap = advance(" ", font, size)
        lines: list[list[Span]] = [[]]
        used = 0.0
        for span in spans:
            for word in span.text.split():
                length = em_width(word.upper() if self.style.upper else word, font) * size
                if lines[-1] and used + gap + length > width:
                    lines.append([])
                    used = 0.0
                line = lines[-1]
                if line and line[-1].path == span.path:
                    line[-1] = Span(f"{line[-1].text} {word}", span.path)
                elif line:
                    line[-1] = Span(f"{line[-1].text}{'' if line[-1].path else ' '}", line[-1].path)
                    line.extend([Span(" ")] if line[-1].path else [])
                    line.append(Span(word, span.path))
                else:
                    line.append(Span(word, span.path))
                used += length + (gap if used else 0.0)
        return lines if lines[0] else []
