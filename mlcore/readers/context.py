"""What stands around a value: the labels on its left, in its row, above it and in its heading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.readers.layout import Layout, Token
from mlcore.readers.lexicon import find_labels, label_word
from mlcore.readers.row_text import RowText, row_text

ABOVE_REACH = 4.5
"""How far (em) above a value a column heading may stand."""

TERMS = frozenset({"7", "10", "14", "15", "20", "21", "28", "30", "45", "60", "90"})
"""``Net 30`` is no amount, but the days after which an invoice is due."""

_SECTION_ROWS = 12
_SECTION_INDENT = 12.0


@dataclass(frozen=True, slots=True)
class Label:
    """A known label: tokens ``first`` to before ``last`` of ``row``; box sides in em of the page."""

    kind: str
    row: int
    first: int
    last: int
    x0: float
    x1: float
    y0: float
    y1: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Label kinds around one span; ``""`` where there is none. ``left_gap`` and ``above_gap`` in em."""

    left: str
    left_gap: float
    left_tokens_between: int
    row_first: str
    above: str
    above_gap: float
    previous_row: str
    right: str


class Context:
    """Rows as text and the labels in them, computed once for a document."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.rows: tuple[RowText, ...] = tuple(row_text(row) for row in layout.rows)
        self.labels: tuple[tuple[Label, ...], ...] = tuple(_labels_of(n, row) for n, row in enumerate(layout.rows))

    def tokens(self, row: int, first: int, last: int) -> tuple[Token, ...]:
        """The tokens of a span."""
        return self.layout.rows[row][first:last]

    def around(self, row: int, first: int, last: int) -> Surroundings:
        """The labels around a span of a row."""
        tokens = self.layout.rows[row]
        left = [label for label in self.labels[row] if label.last <= first]
        nearest = left[-1] if left else None
        right = [label for label in self.labels[row] if label.first >= last]
        above, above_gap = self._above(row, tokens[first:last])
        return Surroundings(
            left=nearest.kind if nearest else "",
            left_gap=tokens[first].x0 - nearest.x1 if nearest else 99.0,
            left_tokens_between=sum(1 for token in tokens[nearest.last : first] if label_word(token.text)) if nearest else 9,
            row_first=left[0].kind if left else "",
            above=above,
            above_gap=above_gap,
            previous_row=self._previous(row),
            right=right[0].kind if right else "",
        )

    def section(self, row: int, tokens: Sequence[Token]) -> str:
        """The nearest ``party.*`` heading above in the same column, up to twelve rows up; ``""`` without one.

        After ``Name:`` the column is that of this label.
        """
        named = [label.x0 for label in self.labels[row] if label.kind == "party.name" and label.x1 <= tokens[0].x0 + 0.2]
        x0, page = max(named, default=tokens[0].x0), tokens[0].page
        for other in range(row, max(row - _SECTION_ROWS, -1), -1):
            if self.layout.rows[other][0].page != page:
                break
            for label in reversed(self.labels[other]):
                if _within_words(self.layout.rows[other], label):
                    continue
                aligned = -_SECTION_INDENT < x0 - label.x0 < _SECTION_INDENT and (other < row or label.x1 <= x0 + 0.2)
                if label.kind in ("party.seller", "party.buyer") and aligned:
                    return label.kind
        return ""

    def _above(self, row: int, tokens: Sequence[Token]) -> tuple[str, float]:
        x0, x1, top, page = tokens[0].x0, tokens[-1].x1, tokens[0].y0, tokens[0].page
        for other in range(row - 1, max(row - 8, -1), -1):
            if not self.layout.rows[other] or self.layout.rows[other][0].page != page:
                break
            for label in self.labels[other]:
                overlap = min(x1, label.x1) - max(x0, label.x0)
                gap = top - label.y1
                if overlap > 0.2 * min(x1 - x0, label.x1 - label.x0) and -0.5 < gap <= ABOVE_REACH:
                    return label.kind, gap
        return self._heading(row, tokens[0])

    def _heading(self, row: int, token: Token) -> tuple[str, float]:
        """The label of the same column in the row above: a grid whose edges do not agree.

        Both rows have the same number of cells; what else the upper one has stands left of the grid.
        """
        cells, above = self.layout.row_cells[row], self.layout.row_cells[row - 1] if row else ()
        if len(cells) < 2 or len(cells) > len(above) or above[0].page != token.page:
            return "", 99.0
        beside, above = above[: -len(cells)], above[-len(cells) :]
        if any(not any(char.isalpha() for char in cell.text) for cell in above) or (beside and beside[-1].x1 > cells[0].x0):
            return "", 99.0
        place = next(i for i, cell in enumerate(cells) if cell.number == token.cell)
        found = [label for label in self.labels[row - 1] if self.layout.rows[row - 1][label.first].cell == above[place].number]
        gap = token.y0 - above[place].y1
        return (found[-1].kind, gap) if found and gap <= ABOVE_REACH else ("", 99.0)

    def _previous(self, row: int) -> str:
        """The last label of the row above when nothing but labels stands there, not over columns."""
        if row == 0 or not self.labels[row - 1]:
            return ""
        tokens = self.layout.rows[row - 1]
        if len({token.cell for token in tokens}) > 1 and len({token.cell for token in self.layout.rows[row]}) > 1:
            return ""
        last = self.labels[row - 1][-1]
        rest = [token for token in tokens[last.last :] if any(char.isalnum() for char in token.text)]
        return "" if rest or tokens[0].page != self.layout.rows[row][0].page else last.kind


def _within_words(row: Sequence[Token], label: Label) -> bool:
    """Whether a word stands close before a label, so that it is part of a name: ``Willow Pharmacy``."""
    if not label.first:
        return False
    before = row[label.first - 1]
    return before.cell == row[label.first].cell and before.text[-1:].isalpha()


def _labels_of(number: int, row: Sequence[Token]) -> tuple[Label, ...]:
    labels = []
    for kind, first, last in find_labels([label_word(token.text) for token in row]):
        if kind == "amount.net" and last < len(row) and row[last].text in TERMS:
            continue
        part = row[first:last]
        box = (part[0].x0, part[-1].x1, min(token.y0 for token in part), max(token.y1 for token in part))
        labels.append(Label(kind, number, first, last, *box))
    return tuple(labels)
