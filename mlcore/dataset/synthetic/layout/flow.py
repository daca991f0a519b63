"""Laying an invoice out: rows of parts down the page, page breaks, running heads and feet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from mlcore.dataset.synthetic.content import Invoice
from mlcore.dataset.synthetic.ink import Sheet
from mlcore.dataset.synthetic.layout.pen import Frame, Identity, Part, Pen, Style

_ROLL_LENGTH = 20_000.0
_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class Cell:
    """A part and the share of the printable width that it has."""

    part: Part
    x0: float = 0.0
    x1: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Parts side by side and the space below them."""

    cells: tuple[Cell, ...]
    gap: float = 12.0


class Items(Protocol):
    """The part that prints the line items and may run over pages."""

    @property
    def grouped(self) -> bool:
        """Whether it prints lines by section, so that they must come ordered by section."""
        ...

    def draw(self, flow: Flow) -> None:
        """Print every line of the invoice."""
        ...


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of paper. ``running`` heads the pages after the first; ``foot`` stands at the bottom of every page."""

    style: Style
    head: tuple[Row, ...]
    items: Items
    tail: tuple[Row, ...]
    running: tuple[Row, ...] = ()
    foot: Part | None = None
    foot_height: float = 24.0
    backdrop: Part | None = None
    tail_at_bottom: bool = False


def row(*parts: Part, gap: float = 12.0) -> Row:
    """Parts side by side with equal shares."""
    share = 1 / len(parts)
    return Row(tuple(Cell(part, index * share, (index + 1) * share) for index, part in enumerate(parts)), gap)


def split(left: Part, right: Part, at: float = 0.55, gap: float = 12.0, gutter: float = 0.0) -> Row:
    """Two parts with the border at a share of the width; ``gutter`` is the share left free right of the border."""
    return Row((Cell(left, 0.0, at), Cell(right, at + gutter, 1.0)), gap)


class Flow:
    """The place on the page while an invoice is laid out."""

    def __init__(self, layout: Layout, pen: Pen) -> None:
        style = layout.style
        self.layout = layout
        self.pen = pen
        self.left = style.margin
        self.right = style.paper[0] - style.margin
        self.bottom = pen.sheet.height - style.margin * 0.7 - layout.foot_height
        self.y = style.margin

    @property
    def frame(self) -> Frame:
        """The rest of the page."""
        return Frame(self.left, self.right, self.y)

    def fits(self, height: float) -> bool:
        """Whether that much is left on the page."""
        return self.y + height <= self.bottom

    def place(self, draw: Callable[[Frame], float], reserve: float = 0.0, on_break: Callable[[], None] | None = None) -> None:
        """Draw at the current place; what would run over the page's end moves to the next page whole."""
        kept = len(self.pen.sheet.marks)
        end = draw(self.frame)
        if end + reserve > self.bottom + _ROUNDING:
            del self.pen.sheet.marks[kept:]
            if on_break is None:
                self.break_page()
            else:
                on_break()
            end = draw(self.frame)
        self.y = end

    def place_row(self, row: Row) -> None:
        """A row of parts; the space below it may run over the page's end."""
        self.place(lambda frame: self._draw_row(row, frame), reserve=-row.gap)

    def break_page(self) -> None:
        """Go to the next page and print its running head."""
        self.pen.sheet.pages += 1
        self.pen.page += 1
        self.y = self.layout.style.margin
        self._draw_backdrop()
        for row in self.layout.running:
            self.y = self._draw_row(row, self.frame)

    def run(self) -> None:
        """Lay out the whole invoice."""
        self._draw_backdrop()
        for row in self.layout.head:
            self.y = self._draw_row(row, self.frame)
        self.layout.items.draw(self)
        if self.layout.tail_at_bottom:
            self._sink()
        for row in self.layout.tail:
            self.place_row(row)
        self._draw_feet()

    def _sink(self) -> None:
        """Move down so that the tail ends at the bottom of a page, as on pre-printed forms."""
        kept, start = len(self.pen.sheet.marks), self.y
        end = start
        for row in self.layout.tail:
            end = self._draw_row(row, Frame(self.left, self.right, end))
        del self.pen.sheet.marks[kept:]
        end -= self.layout.tail[-1].gap
        if end <= self.bottom:
            self.y = self.bottom - (end - start)

    def _draw_row(self, row: Row, frame: Frame) -> float:
        ends = [frame.y]
        for cell in row.cells:
            inner = Frame(frame.x0 + frame.width * cell.x0, frame.x0 + frame.width * cell.x1, frame.y)
            ends.append(cell.part.draw(self.pen, inner))
        return max(ends) + (row.gap if max(ends) > frame.y else 0.0)

    def _draw_backdrop(self) -> None:
        if self.layout.backdrop is not None:
            self.layout.backdrop.draw(self.pen, Frame(self.left, self.right, self.layout.style.margin))

    def _draw_feet(self) -> None:
        if self.layout.foot is None or self.layout.style.roll:
            return
        for page in range(self.pen.sheet.pages):
            self.pen.page = page
            self.layout.foot.draw(self.pen, Frame(self.left, self.right, self.bottom + 8))


def lay_out(layout: Layout, vendor: Identity, invoice: Invoice) -> Sheet:
    """The invoice on paper of that layout."""
    width, height = layout.style.paper
    sheet = Sheet(width, _ROLL_LENGTH if layout.style.roll else height)
    flow = Flow(layout, Pen(sheet, layout.style, vendor, invoice))
    flow.run()
    if layout.style.roll:
        sheet.height = flow.y + layout.style.margin
    return sheet
