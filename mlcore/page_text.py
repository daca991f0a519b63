"""A document as text for a language model: rows of cells, and the way back from any part of the text to the page.

A row of the page is a line of text. Cells are parted by a tab, so that a cell's tokens are the same in the page and in an answer whose
values are parted by tabs too (``rows-1``): what is copied is copied token by token. A wide gap between rows is an empty line, a page break
a form feed. ``line_ids`` puts ``L12`` before each row, as an option (docs/model.md says what that costs).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.documents import DocumentText, Evidence
from mlcore.readers.layout import Layout, Token, build_layout, evidence_of

CELL = "\t"
ROW = "\n"
PAGE = "\f"
_BLOCK_GAP = 1.2
"""An empty line stands for a gap between rows of more than this many em."""


@dataclass(frozen=True)
class PageText:
    """``text`` with the tokens that it was made of; ``starts[i]`` is where ``tokens[i]`` begins in it.

    ``rows`` are ``(start, end, row of the layout)`` of every line, in reading order.
    """

    text: str
    layout: Layout
    tokens: tuple[Token, ...]
    starts: tuple[int, ...]
    rows: tuple[tuple[int, int, int], ...]

    def tokens_in(self, start: int, end: int) -> tuple[Token, ...]:
        """Tokens that characters ``start .. end`` touch."""
        first = max(0, bisect_right(self.starts, start) - 1)
        found = []
        for place in range(first, len(self.tokens)):
            if self.starts[place] >= end:
                break
            if self.starts[place] + len(self.tokens[place].text) > start:
                found.append(self.tokens[place])
        return tuple(found)

    def evidence(self, start: int, end: int) -> tuple[Evidence, ...]:
        """Places on the pages of characters ``start .. end``: one box for each row."""
        return evidence_of(self.tokens_in(start, end))


def page_text(document: DocumentText, *, line_ids: bool = False) -> PageText:
    """The text of a document. Words of one cell are parted by single spaces."""
    layout = build_layout(document)
    return text_of_rows(layout, range(len(layout.rows)), line_ids=line_ids)


def text_of_rows(layout: Layout, rows: Sequence[int], *, line_ids: bool = False) -> PageText:
    """The text of some rows of a layout, in the order given (a window of a long document)."""
    parts: list[str] = []
    tokens: list[Token] = []
    starts: list[int] = []
    lines: list[tuple[int, int, int]] = []
    length = 0
    above: tuple[Token, ...] | None = None
    for index in rows:
        row = layout.rows[index]
        lead = _between(above, row) + (f"L{index + 1} " if line_ids else "")
        parts.append(lead)
        length += len(lead)
        begun = length
        for place, token in enumerate(row):
            gap = "" if place == 0 else CELL if token.cell != row[place - 1].cell else " "
            tokens.append(token)
            starts.append(length + len(gap))
            parts.append(gap + token.text)
            length += len(gap) + len(token.text)
        lines.append((begun, length, index))
        above = row
    return PageText("".join(parts), layout, tuple(tokens), tuple(starts), tuple(lines))


def _between(above: tuple[Token, ...] | None, row: tuple[Token, ...]) -> str:
    if above is None:
        return ""
    if above[0].page != row[0].page:
        return PAGE
    gap = min(token.y0 for token in row) - max(token.y1 for token in above)
    return ROW * 2 if gap > _BLOCK_GAP else ROW
