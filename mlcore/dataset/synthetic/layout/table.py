"""The item table: columns, wrapped rows, sections with subtotals, page breaks with carried sums."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mlcore.dataset.synthetic.content import Line
from mlcore.dataset.synthetic.ink import WHITE, Color, Panel, Span
from mlcore.dataset.synthetic.layout.cells import Beneath, Column, Kind, beneath_spans, cell_spans, section_of
from mlcore.dataset.synthetic.layout.flow import Flow
from mlcore.dataset.synthetic.layout.pen import GREY, LIGHT, Frame, Pen


class Ruling(StrEnum):
    """The lines of a table."""

    GRID = "grid"
    COLUMNS = "columns"
    ROWS = "rows"
    ZEBRA = "zebra"
    HEAD = "head"
    OPEN = "open"
    DASHES = "dashes"


class Sections(StrEnum):
    """Whether lines are grouped."""

    NONE = "none"
    HEADINGS = "headings"
    SUBTOTALS = "subtotals"


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Line items in columns.

    ``lead`` prints these kinds before the description in its cell; ``beneath`` prints lines under it. ``carried`` and
    ``brought`` are the labels of the running sum at a page break (empty: none), ``continued`` the words at the foot
    of a page that goes on. ``notes`` are lines that are no items, one after every ``note_every`` rows. ``amounts_last``
    prints the numbers beside the last line of a wrapped description.
    """

    columns: tuple[Column, ...]
    ruling: Ruling = Ruling.ROWS
    filled_head: bool = True
    lead: tuple[Kind, ...] = ()
    beneath: tuple[Beneath, ...] = ()
    sections: Sections = Sections.NONE
    section_subtotal: str = "Subtotal {section}"
    carried: str = ""
    brought: str = ""
    continued: str = "Continued on next page"
    notes: tuple[str, ...] = ()
    note_every: int = 4
    amounts_last: bool = False
    size: float = 0.0
    row_gap: float = 3.5

    @property
    def grouped(self) -> bool:
        """Whether lines must come ordered by section."""
        return self.sections is not Sections.NONE

    def draw(self, flow: Flow) -> None:
        """Print all lines of the invoice."""
        _TableRun(self, flow).run()


class _TableRun:
    """One table on its way down the pages."""

    def __init__(self, table: ItemTable, flow: Flow) -> None:
        self.table = table
        self.flow = flow
        self.pen: Pen = flow.pen
        self.size = table.size or self.pen.style.size
        self.pad = 4.0 if table.ruling in (Ruling.GRID, Ruling.COLUMNS, Ruling.ZEBRA) or table.filled_head else 2.0
        width, x = flow.right - flow.left, flow.left
        self.edges = [x]
        for column in table.columns:
            x += width * column.share
            self.edges.append(x)
        self.running = Decimal("0.00")
        self.body_top = 0.0
        self.reserve = self.size * (3.2 if table.carried or table.continued else 0.6)

    def run(self) -> None:
        self._head()
        lines = list(enumerate(self.pen.invoice.lines))
        if self.table.sections is Sections.NONE:
            for row, line in lines:
                self._item(row, line)
                self._note(row)
        else:
            self._sectioned(lines)
        self._close()

    def _sectioned(self, lines: list[tuple[int, Line]]) -> None:
        names = list(dict.fromkeys(section_of(line) for _, line in lines))
        for name in names:
            mine = [(row, line) for row, line in lines if section_of(line) == name]
            if not self.flow.fits(self.size * 6 + self.reserve):
                self._turn_page()
            self._full_line([Span(name)], weight="bold", shade=True)
            for row, line in mine:
                self._item(row, line)
            if self.table.sections is Sections.SUBTOTALS:
                total = sum((line.total for _, line in mine), Decimal("0.00"))
                label = self.table.section_subtotal.replace("{section}", name)
                if not self.flow.fits(self.size * 1.5 + self.reserve):
                    self._turn_page()
                self._sum_line(label, total)

    def _head(self) -> None:
        y, size, pen = self.flow.y, self.size * 0.92, self.pen
        headings = [column.heading.split("\n") for column in self.table.columns]
        depth = max(len(lines) for lines in headings)
        bottom = y + depth * size * 1.2 + 6
        if self.table.ruling is Ruling.DASHES:
            self._dashes(y)
            y, bottom = y + size * 1.2, bottom + size * 1.2
        elif self.table.filled_head:
            pen.panel(self.edges[0], y, self.edges[-1], bottom, fill=pen.style.accent)
        color = WHITE if self.table.filled_head and self.table.ruling is not Ruling.DASHES else None
        for index, (column, lines) in enumerate(zip(self.table.columns, headings, strict=True)):
            top = bottom - 3 - len(lines) * size * 1.2
            for line in lines:
                self._cell(index, top, [Span(line)], size, "bold", color, column.align)
                top += size * 1.2
        if self.table.ruling is Ruling.DASHES:
            self._dashes(bottom - 1)
            bottom += size * 1.2
        elif not self.table.filled_head:
            pen.rule(self.edges[0], self.edges[-1], bottom, 0.9)
            if self.table.ruling in (Ruling.GRID, Ruling.COLUMNS):
                pen.rule(self.edges[0], self.edges[-1], y, 0.9)
        self.body_top = y
        self.flow.y = bottom + (2.0 if self.table.ruling is not Ruling.GRID else 0.0)

    def _dashes(self, y: float) -> None:
        """A typewriter rule, made of words as a line printer makes it."""
        for index in range(len(self.table.columns)):
            width = self.edges[index + 1] - self.edges[index] - 4
            count = int(width / self.pen.width("-", self.size))
            self.pen.text(self.edges[index] + 2, y - self.size * 0.2, "-" * count, size=self.size)

    def _cell(
        self, index: int, y: float, spans: list[Span], size: float, weight: str = "regular", color: Color | None = None, align: str = ""
    ) -> None:
        left, right = self.edges[index] + self.pad, self.edges[index + 1] - self.pad
        align = align or self.table.columns[index].align
        x = left if align == "left" else right if align == "right" else (left + right) / 2
        self.pen.text(x, y, spans, size, weight, align, color)

    def _item(self, row: int, line: Line) -> None:
        self.flow.place(lambda frame: self._draw_item(row, line, frame), self.reserve, self._turn_page)
        self.running += line.total

    def _draw_item(self, row: int, line: Line, frame: Frame) -> float:
        pen, size = self.pen, self.size
        cells = [self._content(index, column, row, line) for index, column in enumerate(self.table.columns)]
        depth = max(len(lines) for lines in cells)
        step = size * 1.22
        top = frame.y + self.table.row_gap / 2
        bottom = top + depth * step + self.table.row_gap / 2
        if self.table.ruling is Ruling.ZEBRA and row % 2:
            pen.put(Panel(pen.page, self.edges[0], frame.y, self.edges[-1], bottom, LIGHT, None))
        for index, (column, lines) in enumerate(zip(self.table.columns, cells, strict=True)):
            late = self.table.amounts_last and column.kind is not Kind.DESCRIPTION and len(lines) == 1
            y = top + (step * self._last_described_line(row, line, cells) if late else 0.0)
            for spans in lines:
                self._cell(index, y, spans, size)
                y += step
        if self.table.ruling is Ruling.GRID:
            for index in range(len(self.table.columns)):
                pen.panel(self.edges[index], frame.y, self.edges[index + 1], bottom, outline=GREY)
        elif self.table.ruling is Ruling.ROWS:
            pen.rule(self.edges[0], self.edges[-1], bottom, 0.35, GREY)
        return bottom

    def _last_described_line(self, row: int, line: Line, cells: list[list[list[Span]]]) -> int:
        """Index of the description's last line, not counting the lines beneath it."""
        described = next(len(c) for c, column in zip(cells, self.table.columns, strict=True) if column.kind is Kind.DESCRIPTION)
        return max(0, described - len(beneath_spans(self.pen, line, row, self.table.beneath)) - 1)

    def _content(self, index: int, column: Column, row: int, line: Line) -> list[list[Span]]:
        width = self.edges[index + 1] - self.edges[index] - 2 * self.pad
        if column.kind is not Kind.DESCRIPTION:
            return self.pen.wrap(cell_spans(self.pen, line, row, column.kind), width, self.size)
        spans = [span for kind in self.table.lead for span in cell_spans(self.pen, line, row, kind)]
        lines = self.pen.wrap([*spans, *cell_spans(self.pen, line, row, Kind.DESCRIPTION)], width, self.size)
        for extra in beneath_spans(self.pen, line, row, self.table.beneath):
            lines.extend(self.pen.wrap(extra, width, self.size))
        return lines

    def _note(self, row: int) -> None:
        if self.table.notes and row % self.table.note_every == self.table.note_every - 1:
            note = self.table.notes[row // self.table.note_every % len(self.table.notes)]
            kinds = [column.kind for column in self.table.columns]
            column = kinds.index(Kind.DESCRIPTION) if self.table.ruling is Ruling.COLUMNS else 0
            self._full_line([Span(note)], weight="italic", column=column)

    def _full_line(self, spans: list[Span], weight: str = "regular", shade: bool = False, column: int = 0) -> None:
        """A line that is no item, from the left edge of a column on."""
        if not self.flow.fits(self.size * 1.5 + self.reserve):
            self._turn_page()
        y, height = self.flow.y, self.size * 1.22 + self.table.row_gap
        if shade and self.table.ruling is not Ruling.DASHES:
            outline = GREY if self.table.ruling is Ruling.GRID else None
            self.pen.panel(self.edges[0], y, self.edges[-1], y + height, fill=LIGHT, outline=outline)
        self.pen.text(self.edges[column] + self.pad, y + self.table.row_gap / 2, spans, size=self.size, weight=weight)
        self.flow.y += height

    def _sum_line(self, label: str, amount: Decimal) -> None:
        """A sum within the table, in the amount column; not a line item."""
        index = next(i for i, column in enumerate(self.table.columns) if column.kind is Kind.AMOUNT)
        y = self.flow.y + self.table.row_gap / 2
        self._cell(index, y, [Span(self.pen.amount(amount))], self.size, "bold")
        kinds = [column.kind for column in self.table.columns]
        lined = self.table.ruling is Ruling.COLUMNS
        right = self.edges[kinds.index(Kind.DESCRIPTION) + 1] - self.pad if lined else self.edges[index] - 4
        self.pen.text(right, y, label, size=self.size, weight="bold", align="right")
        self.flow.y += self.size * 1.22 + self.table.row_gap + 2

    def _turn_page(self) -> None:
        """Close the page with the running sum, open the next with the same headings."""
        self._close()
        if self.table.carried:
            self._sum_line(self.table.carried, self.running)
        if self.table.continued:
            frame = self.flow.frame
            words = self.table.continued.replace("{next}", str(self.pen.page + 2))
            self.pen.aligned(frame, frame.y + 2, words, "right", size=self.size * 0.9, weight="italic")
        self.flow.break_page()
        self._head()
        if self.table.brought:
            self._sum_line(self.table.brought, self.running)

    def _close(self) -> None:
        """The lines that frame the table on this page."""
        pen, y = self.pen, self.flow.y
        if self.table.ruling is Ruling.COLUMNS:
            for edge in self.edges:
                pen.upright(edge, self.body_top, y + 3, 0.5, GREY)
            pen.rule(self.edges[0], self.edges[-1], y + 3, 0.5, GREY)
        elif self.table.ruling in (Ruling.HEAD, Ruling.ZEBRA):
            pen.rule(self.edges[0], self.edges[-1], y + 2, 0.9, pen.style.accent)
        elif self.table.ruling is Ruling.DASHES:
            self._dashes(y)
        self.flow.y = y + (self.size * 1.3 if self.table.ruling is Ruling.DASHES else 8.0)
