"""Puts loose words into lines in reading order. The one place where a page is cut into lines.

A line is a row of the page from edge to edge: an invoice is read across, and what belongs together in a table
stands in one row. Words are white-space separated pieces of text (``TOKENISER_VERSION``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mlcore.documents import Word
from mlcore.readers.layout import group_rows


def in_reading_order(words: Sequence[Word], width: float, height: float) -> tuple[Word, ...]:
    """The words of a page, top to bottom and left to right, with their lines numbered from 0.

    ``width`` and ``height`` are those of the page in any one unit. Blank words are dropped.
    """
    rows = group_rows(words, width, height)
    return tuple(replace(words[index], line=line) for line, row in enumerate(rows) for index in row)
