"""Parts made of parts, and parts that only space or rule."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.dataset.synthetic.layout.pen import Frame, Part, Pen


@dataclass(frozen=True, slots=True)
class Stack:
    """Parts below each other in one cell."""

    parts: tuple[Part, ...]
    gap: float = 6.0

    def draw(self, pen: Pen, frame: Frame) -> float:
        """All parts from top to bottom."""
        y = frame.y
        for part in self.parts:
            end = part.draw(pen, Frame(frame.x0, frame.x1, y))
            y = end + (self.gap if end > y else 0.0)
        return y


@dataclass(frozen=True, slots=True)
class Line:
    """A rule across the frame; ``char`` makes it typed instead of drawn."""

    width: float = 1.0
    colored: bool = True
    char: str = ""

    def draw(self, pen: Pen, frame: Frame) -> float:
        """The rule."""
        if self.char:
            count = int(frame.width / pen.width(self.char))
            pen.text(frame.x0, frame.y, self.char * count)
            return frame.y + pen.leading()
        pen.rule(frame.x0, frame.x1, frame.y, self.width, pen.style.accent if self.colored else None)
        return frame.y + self.width


@dataclass(frozen=True, slots=True)
class Blank:
    """Empty space: an unused cell or room for a window."""

    height: float = 0.1

    def draw(self, pen: Pen, frame: Frame) -> float:
        """Nothing."""
        return frame.y + self.height


@dataclass(frozen=True, slots=True)
class SideBand:
    """A coloured band down the left edge of every page."""

    width: float = 16.0

    def draw(self, pen: Pen, frame: Frame) -> float:
        """The band."""
        pen.panel(0, 0, self.width, pen.style.paper[1], fill=pen.style.accent)
        return frame.y


@dataclass(frozen=True, slots=True)
class Barcode:
    """Bars with the delivery number under them, as warehouses print it."""

    height: float = 22.0
    bar: float = 1.1

    def draw(self, pen: Pen, frame: Frame) -> float:
        """The bars, flush right."""
        digits = pen.invoice.delivery_number
        bits = "".join(f"{int(digit) * 7 + 9:07b}10" for digit in digits)
        x0 = frame.x1 - len(bits) * self.bar
        for index, bit in enumerate(bits):
            if bit == "1":
                pen.panel(x0 + index * self.bar, frame.y, x0 + (index + 1) * self.bar, frame.y + self.height, fill=pen.style.ink)
        pen.text(frame.x1, frame.y + self.height + 2, digits, size=7, align="right")
        return frame.y + self.height + 11
