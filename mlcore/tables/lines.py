"""Learning the lines of a table that are no items and no part of a description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mlcore.normalize import comparison_key
from mlcore.readers.layout import Layout, Token
from mlcore.schema import ValueKind
from mlcore.tables.align import ItemPlace
from mlcore.tables.assemble import Block
from mlcore.tables.read import scan_table
from mlcore.tables.rows import line_start
from mlcore.tables.template import TableTemplate

_MOST = 0.8
_LEAST = 0.4


def learn_lines(template: TableTemplate, placed: Sequence[tuple[Layout, Sequence[ItemPlace]]]) -> TableTemplate:
    """The template with the starts of lines that its reading of the examples took wrongly for items or words of items."""
    never: set[str] = set()
    ends: set[str] = set()
    skip: set[str] = set()
    wanted: set[str] = set()
    keep_notes = False
    for layout, places in placed:
        scan = scan_table(layout, template)
        if scan is None:
            continue
        confirmed = {place.row: place for place in places}
        wanted.update(line_start(layout.rows[row]) for row in confirmed)
        last = max(confirmed)
        for block in scan.blocks:
            place = confirmed.get(block.anchor.index)
            if place is None:
                (ends if block.anchor.index > last else never).add(block.anchor.start)
                continue
            good, bad, noted = _sort_lines(block, place)
            wanted.update(good)
            skip.update(bad)
            keep_notes = keep_notes or noted
    return replace(
        template,
        never_items=tuple(sorted(never - wanted - {""})),
        end_starts=tuple(sorted(ends - wanted - {""})),
        skip_starts=tuple(sorted(skip - wanted - {""})),
        keep_notes=keep_notes,
    )


def _sort_lines(block: Block, place: ItemPlace) -> tuple[set[str], set[str], bool]:
    """Starts of lines that belong to the description, of lines that do not, and whether a note belongs to it."""
    words = {comparison_key(ValueKind.TEXT, word) for word in (place.item.description or "").split()} - {""}
    good, bad = set(), set()
    for row in (*block.above, *block.below):
        share = _share(row.description, words)
        if share >= _MOST:
            good.add(row.start)
        elif share <= _LEAST:
            bad.add(row.start)
    noted = any(_share(row.description, words) >= _MOST for row in block.notes)
    return good, bad, noted


def _share(tokens: Sequence[Token], words: set[str]) -> float:
    keys = [key for key in (comparison_key(ValueKind.TEXT, token.text) for token in tokens) if key]
    return sum(key in words for key in keys) / len(keys) if keys else 0.0
