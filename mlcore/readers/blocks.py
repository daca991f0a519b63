"""Lines that stand under each other: the shape of letterheads and address blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.readers.layout import Cell, Layout, Token

_LINE_GAP = 2.2
_SIDE_GAP = 2.6


@dataclass(frozen=True, slots=True)
class BlockLine:
    """Cells of one row that belong together, as one line of a block."""

    row: int
    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(token.text for token in self.tokens)


def line_of(layout: Layout, cell: Cell) -> BlockLine:
    """A cell with the neighbours that a slightly wide gap cut off, when the row has no columns near it.

    On a receipt, whose letterhead is often spaced out, the whole row.
    """
    if layout.narrow:
        return BlockLine(cell.row, layout.rows[cell.row])
    row = layout.row_cells[cell.row]
    at = row.index(cell)
    tokens = list(cell.tokens)
    for other in row[at + 1 :]:
        if other.x0 - tokens[-1].x1 > _SIDE_GAP or not _alone(layout, cell.row):
            break
        tokens.extend(other.tokens)
    return BlockLine(cell.row, tuple(tokens))


def _alone(layout: Layout, row: int) -> bool:
    """Whether the rows around have one cell each: a receipt, or a letterhead over the whole width."""
    near = layout.row_cells[max(row - 1, 0) : row] + layout.row_cells[row + 1 : row + 2]
    return all(len(cells) == 1 for cells in near)


def lines_below(layout: Layout, line: BlockLine, limit: int, first_gap: float = _LINE_GAP) -> list[BlockLine]:
    """Up to ``limit`` lines under a line, each overlapping the block so far or aligned with its left edge.

    A gap of more than 2.2 em ends the block; the line itself may be ``first_gap`` em above the rest.
    """
    block = [line]
    x0, x1 = line.tokens[0].x0, line.tokens[-1].x1
    bottom, page = line.tokens[0].y1, line.tokens[0].page
    for row in range(line.row + 1, min(line.row + limit * 3, len(layout.rows))):
        if layout.rows[row][0].page != page or len(block) > limit:
            break
        cells = [cell for cell in layout.row_cells[row] if _belongs(cell, x0, x1)]
        if not cells:
            continue
        if cells[0].y0 - bottom > (first_gap if len(block) == 1 else _LINE_GAP):
            break
        tokens = _joined(cells)
        block.append(BlockLine(row, tokens))
        x0, x1 = min(x0, tokens[0].x0), max(x1, tokens[-1].x1)
        bottom = max(token.y1 for token in tokens)
    return block[1:]


def _belongs(cell: Cell, x0: float, x1: float) -> bool:
    overlap = min(cell.x1, x1) - max(cell.x0, x0)
    return overlap > 0.5 * min(cell.x1 - cell.x0, x1 - x0) or abs(cell.x0 - x0) < 1.0


def _joined(cells: Sequence[Cell]) -> tuple[Token, ...]:
    tokens = list(cells[0].tokens)
    for cell in cells[1:]:
        if cell.x0 - tokens[-1].x1 > _SIDE_GAP:
            break
        tokens.extend(cell.tokens)
    return tuple(tokens)
