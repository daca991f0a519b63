"""What every chart is made of: what is said about it, its frame, ticks, marks, and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlcore.axes import Axis

SERIES = 6
"""Colours, signs and dashes there are; a seventh series begins again."""

_SIGNS = (
    "M{0:.1f} {1:.1f}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "M{0:.1f} {1:.1f}m-3.6-3.6h7.2v7.2h-7.2z",
    "M{0:.1f} {1:.1f}m0-5l5 8.6h-10z",
    "M{0:.1f} {1:.1f}m0-5l5 5-5 5-5-5z",
    "M{0:.1f} {1:.1f}m0 5l5-8.6h-10z",
    "M{0:.1f} {1:.1f}m-1.4-5h2.8v3.6h3.6v2.8h-3.6v3.6h-2.8v-3.6h-3.6v-2.8h3.6z",
)


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said about a chart. ``name`` is part of ids and addresses (letters, digits, ``-``; one on a page).

    ``note`` says what is drawn and how it was counted; ``empty`` stands in place of a chart of nothing and says what would fill it.
    ``csv`` and ``more`` are addresses: the numbers as a file, and where to look closer (``more_label``). Blank ones are not linked.
    """

    name: str
    title: str
    note: str = ""
    empty: str = "There is nothing to draw yet."
    csv: str = ""
    more: str = ""
    more_label: str = "Look closer"


@dataclass(frozen=True, slots=True)
class Frame:
    """Size of the drawing and the edges of the part that data is drawn in, in its units (CSS pixels at full size)."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float

    @property
    def over(self) -> float:
        """Where the words of the vertical axis end."""
        return self.left - 8

    @property
    def under(self) -> float:
        """The base line of the words of the horizontal axis."""
        return self.bottom + 18


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what it says. ``anchor``: start | middle | end."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Mark:
    """One value: its sign (``path``), its interval from ``high`` to ``low`` where it has one, and what a pointer on it is told."""

    x: float
    y: float
    low: float | None
    high: float | None
    path: str
    said: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of series ``series`` and what a pointer on it is told."""

    x: float
    y: float
    width: float
    height: float
    series: int
    said: str


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend: sign and dash of a series and its name."""

    series: int
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: ``number`` ones are set to the right, ``href`` makes a link."""

    text: str
    number: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart. The first cell of a row is its head. ``numbers`` says which columns are set to the right."""

    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sign(series: int, x: float, y: float) -> str:
    """The path of the mark of a series at a place."""
    return _SIGNS[series % SERIES].format(x, y)


def keys(names: Sequence[str], *, always: bool = False) -> tuple[Key, ...]:
    """The legend; one series needs none, unless something else stands in it (``always``)."""
    return tuple(Key(n % SERIES, name, sign(n, 14, 6)) for n, name in enumerate(names)) if always or len(names) > 1 else ()


def ticks_of(axis: Axis, *, suffix: str = "", edge: tuple[float, float] | None = None) -> tuple[Tick, ...]:
    """Ticks of an axis. Between ``edge`` words at the ends are set inwards so that none is cut off."""
    return tuple(Tick(round(at, 1), f"{label}{suffix}", _anchor(at, label, edge)) for at, label in axis.ticks)


def table(head: Sequence[str], rows: Sequence[Sequence[str | Cell]]) -> Table:
    """A table whose first column is words and the others numbers, unless a cell says otherwise."""
    made = tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell, n > 0) for n, cell in enumerate(row)) for row in rows)
    return Table(tuple(Cell(word, n > 0) for n, word in enumerate(head)), made)


def _anchor(at: float, label: str, edge: tuple[float, float] | None) -> str:
    if edge is None:
        return "middle"
    half = 3.2 * len(label)
    return "start" if at - half < edge[0] else "end" if at + half > edge[1] else "middle"
