"""A row of tokens as one string in which every character knows its token, for readers that use patterns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.readers.layout import Token

CELL_BREAK = "   "


@dataclass(frozen=True, slots=True)
class RowText:
    """Words joined by one space, cells by three. ``owners[i]`` is the index of the token of character ``i``."""

    text: str
    owners: tuple[int, ...]
    tokens: tuple[Token, ...]

    def tokens_of(self, start: int, end: int) -> tuple[int, int]:
        """``(first, after last)`` token of the characters ``start`` to ``end``."""
        return self.owners[start], self.owners[end - 1] + 1


def row_text(tokens: Sequence[Token]) -> RowText:
    """Join one row."""
    parts: list[str] = []
    owners: list[int] = []
    for n, token in enumerate(tokens):
        if n:
            gap = " " if token.cell == tokens[n - 1].cell else CELL_BREAK
            parts.append(gap)
            owners.extend([n] * len(gap))
        parts.append(token.text)
        owners.extend([n] * len(token.text))
    return RowText("".join(parts), tuple(owners), tuple(tokens))
