"""Line items without a table: till receipts and one block for each item."""

from __future__ import annotations

from dataclasses import dataclass

from mlcore.dataset.synthetic.content import Line
from mlcore.dataset.synthetic.ink import Span
from mlcore.dataset.synthetic.layout.cells import Beneath, Kind, beneath_spans, cell_spans
from mlcore.dataset.synthetic.layout.flow import Flow
from mlcore.dataset.synthetic.layout.pen import GREY, LIGHT, Frame, Pen


@dataclass(frozen=True, slots=True)
class ReceiptList:
    """A till receipt: the description on its own lines, quantity and prices below it.

    ``times`` stands between quantity and price (``@``, ``x``); ``beneath`` prints codes under the description.
    """

    times: str = "@"
    beneath: tuple[Beneath, ...] = ()
    rule: str = "-"
    heading: tuple[str, str] = ("ITEM", "AMOUNT")

    @property
    def grouped(self) -> bool:
        """Lists keep the order of the lines."""
        return False

    def draw(self, flow: Flow) -> None:
        """Print all lines of the invoice."""
        pen = flow.pen
        self._rule(flow)
        pen.text(flow.left, flow.y, self.heading[0])
        pen.text(flow.right, flow.y, self.heading[1], align="right")
        flow.y += pen.leading()
        self._rule(flow)
        for row, line in enumerate(pen.invoice.lines):
            flow.y = self._item(pen, row, line, flow.frame) + 3
        self._rule(flow)

    def _rule(self, flow: Flow) -> None:
        count = int((flow.right - flow.left) / flow.pen.width(self.rule))
        flow.pen.text(flow.left, flow.y, self.rule * count)
        flow.y += flow.pen.leading()

    def _item(self, pen: Pen, row: int, line: Line, frame: Frame) -> float:
        y = frame.y
        for spans in pen.wrap(cell_spans(pen, line, row, Kind.DESCRIPTION), frame.width):
            pen.text(frame.x0, y, spans)
            y += pen.leading()
        for spans in beneath_spans(pen, line, row, self.beneath):
            pen.text(frame.x0 + 6, y, spans)
            y += pen.leading()
        quantity, price = cell_spans(pen, line, row, Kind.QUANTITY), cell_spans(pen, line, row, Kind.UNIT_PRICE)
        pen.text(frame.x0 + 12, y, [*quantity, Span(f" {self.times} "), *price])
        pen.text(frame.x1, y, cell_spans(pen, line, row, Kind.AMOUNT), align="right")
        return y + pen.leading()


@dataclass(frozen=True, slots=True)
class CardList:
    """A block for each item: a headline and captioned values side by side beneath it."""

    captions: tuple[tuple[str, Kind], ...]
    numbered: bool = True

    @property
    def grouped(self) -> bool:
        """Lists keep the order of the lines."""
        return False

    def draw(self, flow: Flow) -> None:
        """Print all lines of the invoice."""
        for row, line in enumerate(flow.pen.invoice.lines):
            flow.place(lambda frame, row=row, line=line: self._card(flow.pen, row, line, frame))  # type: ignore[misc]  # bound early

    def _card(self, pen: Pen, row: int, line: Line, frame: Frame) -> float:
        size = pen.style.size
        lines = pen.wrap(cell_spans(pen, line, row, Kind.DESCRIPTION), frame.width - 30, size, "bold")
        height = len(lines) * size * 1.24 + size * 2.9
        pen.panel(frame.x0, frame.y, frame.x1, frame.y + height, fill=None, outline=LIGHT, radius=3)
        y = frame.y + 4
        if self.numbered:
            pen.text(frame.x0 + 5, y, f"{row + 1}.", color=GREY)
        for spans in lines:
            pen.text(frame.x0 + 24, y, spans, weight="bold")
            y += size * 1.24
        width = (frame.width - 24) / len(self.captions)
        for index, (caption, kind) in enumerate(self.captions):
            x = frame.x0 + 24 + width * index
            spans = cell_spans(pen, line, row, kind)
            if spans:
                pen.text(x, y, caption, size=size * 0.75, color=GREY)
                pen.text(x, y + size * 0.95, spans, size=size)
        return frame.y + height + 5
