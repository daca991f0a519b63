"""The table, and what in it is not bounded."""

from __future__ import annotations

from typing import Final

from benchmarks.screens.addresses import Row
from benchmarks.screens.measuring import Taken

Counted = tuple[int, int]
"""Statements, and hundreds of steps of SQLite's virtual machine."""

ALLOWED: Final = 3.0
"""The work of a bounded row may grow so much from the small to the large size: a small archive has pages that are not full."""

LITTLE: Final = 200
"""Hundreds of steps, about a millisecond: below that the growth of a row says nothing."""

EMPTY: Final = 2
"""Statements more at the large size that mean nothing: where a small archive has no row to show, what belongs to rows is not asked for."""

HEADING: Final = (
    "| | by | statements {0} / {1} | work x | kB {0} / {1} | first ms {0} / {1} | median ms {0} | {1} | time x | visits |\n"
    + "|---" * 10
    + "|"
)


def line(row: Row, counted: list[Counted], times: list[Taken] | None) -> str:
    """One line of the table; ``work x`` is how much more the large database has to do, ``time x`` how much longer it takes."""
    (few, small), (many, large) = counted
    work = f"{large / small:.2f}" if small else "–"
    head = f"| {row.name} | {row.by} | {few} / {many} | {work} |"
    if times is None:
        return f"{head} too few targets | | | | | |"
    one, other = times
    sizes = f"{one.size / 1000:.1f} / {other.size / 1000:.1f}"
    medians = f"{one.median:.1f} | {other.median:.1f} | {other.median / one.median:.2f}"
    return f"{head} {sizes} | {one.first:.0f} / {other.first:.0f} | {medians} | {other.visits} |"


def faults(row: Row, counted: list[Counted]) -> list[str]:
    """What says that a row is not bounded."""
    (few, small), (many, large) = counted
    found = []
    if many > few + EMPTY:
        found.append(f"{row.name} ({row.address}): {few} statements at the small size, {many} at the large one.")
    if not row.grows and large > LITTLE and large > ALLOWED * small:
        found.append(f"{row.name} ({row.address}): the work grows {large / small:.1f} times.")
    return found
