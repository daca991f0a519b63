"""Letterheads: who sends the paper, with an invented mark drawn from simple shapes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from mlcore.dataset.synthetic.ink import WHITE, Color, Span
from mlcore.dataset.synthetic.layout.pen import GREY, Frame, Pen


class Logo(StrEnum):
    """The shape of the company's mark."""

    NONE = "none"
    CROSS = "cross"
    RINGS = "rings"
    HEXAGON = "hexagon"
    PEAKS = "peaks"
    LEAF = "leaf"
    BARS = "bars"
    MONOGRAM = "monogram"
    CAPSULE = "capsule"


def draw_logo(pen: Pen, logo: Logo, x: float, y: float, size: float, color: Color) -> None:
    """The mark in a square of ``size`` points; the monogram is a picture of a letter, not a word of the document."""
    half = size / 2
    soft: Color = (color[0] + (1 - color[0]) * 0.55, color[1] + (1 - color[1]) * 0.55, color[2] + (1 - color[2]) * 0.55)
    if logo is Logo.CROSS:
        pen.panel(x, y, x + size, y + size, fill=color, radius=size * 0.16)
        pen.panel(x + size * 0.4, y + size * 0.18, x + size * 0.6, y + size * 0.82, fill=WHITE)
        pen.panel(x + size * 0.18, y + size * 0.4, x + size * 0.82, y + size * 0.6, fill=WHITE)
    elif logo is Logo.RINGS:
        pen.disc(x + size * 0.36, y + half, size * 0.3, color, width=size * 0.09)
        pen.disc(x + size * 0.66, y + half, size * 0.3, soft, width=size * 0.09)
    elif logo is Logo.HEXAGON:
        for radius, fill in ((half, color), (half * 0.62, WHITE), (half * 0.36, soft)):
            corners = [math.radians(60 * k + 30) for k in range(6)]
            pen.polygon([(x + half + radius * math.cos(a), y + half + radius * math.sin(a)) for a in corners], fill)
    elif logo is Logo.PEAKS:
        pen.polygon([(x, y + size), (x + size * 0.4, y + size * 0.2), (x + size * 0.8, y + size)], color)
        pen.polygon([(x + size * 0.45, y + size), (x + size * 0.72, y + size * 0.45), (x + size, y + size)], soft)
    elif logo is Logo.LEAF:
        pen.polygon([(x + half, y), (x + size * 0.92, y + size * 0.45), (x + half, y + size), (x + size * 0.08, y + size * 0.45)], color)
        pen.polygon([(x + half, y), (x + size * 0.92, y + size * 0.45), (x + half, y + size)], soft)
    elif logo is Logo.BARS:
        for k, height in enumerate((0.45, 0.75, 1.0, 0.6)):
            left = x + size * (0.02 + k * 0.25)
            pen.panel(left, y + size * (1 - height), left + size * 0.18, y + size, fill=color if k % 2 else soft)
    elif logo is Logo.MONOGRAM:
        pen.disc(x + half, y + half, half, color)
        pen.polygon([(x + size * 0.3, y + size * 0.74), (x + half, y + size * 0.22), (x + size * 0.7, y + size * 0.74)], WHITE)
        pen.polygon([(x + size * 0.43, y + size * 0.74), (x + half, y + size * 0.52), (x + size * 0.57, y + size * 0.74)], color)
    elif logo is Logo.CAPSULE:
        pen.panel(x, y + size * 0.28, x + size, y + size * 0.72, fill=soft, radius=size * 0.22)
        pen.panel(x, y + size * 0.28, x + half, y + size * 0.72, fill=color, radius=size * 0.22)
        pen.panel(x + size * 0.3, y + size * 0.28, x + half, y + size * 0.72, fill=color)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Name, address and ways to reach the sender.

    ``address`` is ``stacked`` (a line each), ``inline`` (one line with ``separator``) or ``none`` (it stands
    elsewhere, see ``SenderLine``). ``name_field`` off prints the name without meaning it as the field.
    """

    align: str = "left"
    name_size: float = 17.0
    weight: str = "bold"
    logo: Logo = Logo.NONE
    address: str = "stacked"
    separator: str = " | "
    contact: bool = True
    tagline: bool = False
    bar: bool = False
    capitals: bool = False
    text_size: float = 0.0
    colored_name: bool = True

    def draw(self, pen: Pen, frame: Frame) -> float:
        """Mark, name, tagline, address, telephone."""
        y, color = frame.y, pen.style.accent
        x0 = frame.x0
        if self.bar:
            pen.panel(0, 0, pen.style.paper[0], frame.y - 12, fill=color)
        if self.logo is not Logo.NONE:
            size = max(34.0, self.name_size * 2.1)
            if self.align == "left":
                draw_logo(pen, self.logo, x0, y, size, color)
                x0 += size + 10
            elif self.align == "right":
                draw_logo(pen, self.logo, frame.x1 - size, y, size, color)
                frame = Frame(frame.x0, frame.x1 - size - 10, frame.y)
            else:
                draw_logo(pen, self.logo, (frame.x0 + frame.x1 - size) / 2, y, size, color)
                y += size + 5
        inner = Frame(x0, frame.x1, y)
        name = pen.vendor.name.upper() if self.capitals else pen.vendor.name
        for line in _fit(pen, name, inner.width, self.name_size, self.weight):
            pen.aligned(
                inner,
                y,
                [Span(line, "vendor.name")],
                self.align,
                size=self.name_size,
                weight=self.weight,
                color=color if self.colored_name else pen.style.ink,
                heading=True,
            )
            y += self.name_size * 1.2
        small = self.text_size or pen.style.size * 0.95
        if self.tagline and pen.vendor.tagline:
            pen.aligned(inner, y, pen.vendor.tagline, self.align, size=small, weight="italic", color=GREY)
            y += small * 1.35
        y += 2
        y = draw_address(pen, Frame(inner.x0, inner.x1, y), self.address, self.align, small, self.separator)
        if self.contact:
            contact = f"Tel {pen.vendor.phone}   Fax {pen.vendor.fax}"
            pen.aligned(inner, y, contact, self.align, size=small, color=GREY)
            y += small * 1.25
        return max(y, frame.y + (max(34.0, self.name_size * 2.1) if self.logo is not Logo.NONE else 0.0))


def _fit(pen: Pen, name: str, width: float, size: float, weight: str) -> list[str]:
    """The name in as many lines as the width asks for."""
    lines: list[str] = []
    for word in name.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pen.width(longer, size, weight, heading=True) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def draw_address(pen: Pen, frame: Frame, form: str, align: str, size: float, separator: str) -> float:
    """The sender's address, marked as the field; returns the bottom."""
    y = frame.y
    if form == "stacked":
        for line in pen.vendor.address:
            pen.aligned(frame, y, [Span(line, "vendor.address")], align, size=size)
            y += size * 1.25
    elif form == "inline":
        spans: list[Span] = []
        for index, line in enumerate(pen.vendor.address):
            spans += [Span(separator)] if index else []
            spans.append(Span(line, "vendor.address"))
        pen.aligned(frame, y, spans, align, size=size)
        y += size * 1.25
    return y


@dataclass(frozen=True, slots=True)
class SenderLine:
    """The sender in small print: above the address window or in the foot of the letter."""

    size: float = 7.0
    align: str = "left"
    with_name: bool = False
    name_field: bool = False
    separator: str = " - "
    underline: bool = False

    def draw(self, pen: Pen, frame: Frame) -> float:
        """One line."""
        spans: list[Span] = []
        if self.with_name:
            spans += [Span(pen.vendor.name, "vendor.name" if self.name_field else ""), Span(self.separator)]
        for index, line in enumerate(pen.vendor.address):
            spans += [Span(self.separator)] if index else []
            spans.append(Span(line, "vendor.address"))
        width = pen.aligned(frame, frame.y, spans, self.align, size=self.size, color=GREY)
        if self.underline and self.align == "left":
            pen.rule(frame.x0, frame.x0 + width, frame.y + self.size * 1.3, 0.4, GREY)
        return frame.y + self.size * 1.5


@dataclass(frozen=True, slots=True)
class Title:
    """What kind of paper this is: INVOICE, STATEMENT OF CHARGES, ..."""

    text: str = "INVOICE"
    size: float = 20.0
    align: str = "right"
    weight: str = "bold"
    colored: bool = True
    boxed: bool = False

    def draw(self, pen: Pen, frame: Frame) -> float:
        """One line, as large as fits."""
        color = pen.style.accent if self.colored else pen.style.ink
        room = frame.width - (12.0 if self.boxed else 4.0)
        size = min(self.size, self.size * room / max(room, pen.width(self.text, self.size, self.weight, heading=True)))
        height = size * 1.35
        if self.boxed:
            pen.panel(frame.x0, frame.y, frame.x1, frame.y + height + 4, fill=pen.style.accent)
            color = WHITE
        top = frame.y + (height + 4 - size * 1.2) / 2 if self.boxed else frame.y
        inner = Frame(frame.x0 + 6, frame.x1 - 6, frame.y) if self.boxed else frame
        pen.aligned(inner, top, self.text, self.align, size=size, weight=self.weight, color=color, heading=True)
        return frame.y + height + (4 if self.boxed else 0)
