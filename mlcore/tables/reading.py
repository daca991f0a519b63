"""What reading a table gives: rows of cells with their places, before the arithmetic has had its say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlcore.documents import Evidence
from mlcore.schema import LineItem, Value

WordRef = tuple[int, int]
"""``(page number, index into that page's words)``."""


@dataclass(frozen=True, slots=True)
class CellReading:
    """One cell as read.

    ``raw`` is the text as printed, ``alternatives`` other readings of the same text (another decimal mark,
    a letter taken for a digit), ``note`` a sentence for a person or empty. ``confidence`` is 0..1.
    """

    value: Value
    raw: str
    evidence: tuple[Evidence, ...]
    confidence: float
    words: tuple[WordRef, ...] = ()
    alternatives: tuple[Value, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class RowReading:
    """One line item; ``cells`` by column name of ``schema.LINE_ITEM_FIELDS``, absent cells left out."""

    cells: Mapping[str, CellReading]

    def value(self, name: str) -> Value:
        """The value of a cell, ``None`` when the row has none."""
        cell = self.cells.get(name)
        return cell.value if cell else None

    @property
    def item(self) -> LineItem:
        """The row as a record's line item."""
        values: dict[str, Any] = {name: cell.value for name, cell in self.cells.items()}
        return LineItem(**values)


@dataclass(frozen=True, slots=True)
class TableReading:
    """All line items of a document in reading order.

    ``consumed`` are the words that belong to the table (items, its header, its section lines); readers of
    header fields should not take values from them. ``confidence`` is 0..1 for the table as a whole.
    ``ocr`` says that the words were read from an image, so that characters may be misread.
    """

    rows: tuple[RowReading, ...] = ()
    consumed: frozenset[WordRef] = field(default_factory=frozenset)
    confidence: float = 0.0
    ocr: bool = False

    @property
    def items(self) -> tuple[LineItem, ...]:
        """The rows as line items."""
        return tuple(row.item for row in self.rows)
