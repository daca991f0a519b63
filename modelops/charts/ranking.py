"""A ranking: rows with a bar or a point, its interval, and the number beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from mlcore.axes import Axis, finite, number_axis, share_axis
from mlcore.percent import NONE
from modelops.charts.parts import Box, Caption, Cell, Mark, Table, Tick, sign, table, ticks_of
from modelops.charts.units import Unit, say, say_between, say_short

HEIGHT = 20
"""Of the drawing of one row."""


@dataclass(frozen=True, slots=True)
class Rank:
    """One row. ``value`` ``None``: not known, and ``note`` says what is missing. ``n``: of how many. ``href``: what is behind it."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RankRow:
    """A row as drawn: ``bar`` from zero, or ``mark`` where the axis begins elsewhere; neither where nothing is known."""

    name: str
    href: str
    bar: Box | None
    mark: Mark | None
    said: str
    beside: str


@dataclass(frozen=True, slots=True)
class RankingChart:
    """The chart, ready for ``modelops/charts/ranking.html``. ``target`` is where the line of the target stands in each row."""

    template: ClassVar[str] = "modelops/charts/ranking.html"
    height: ClassVar[int] = HEIGHT
    caption: Caption
    width: int
    rows: tuple[RankRow, ...]
    ticks: tuple[Tick, ...]
    target: float | None
    target_label: str
    table: Table
    events: None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no row."""
        return not self.rows


def ranking(
    caption: Caption,
    ranks: Sequence[Rank],
    unit: Unit,
    *,
    target: float | None = None,
    label: str = "Name",
    from_zero: bool = False,
    width: int = 240,
) -> RankingChart:
    """Draw the rows in the order given. Shares are points on an axis that need not begin at 0; everything else, or by wish, bars."""
    bars = from_zero or unit is not Unit.SHARE
    axis = _axis(ranks, unit, target, width, bars=bars)
    known = bool(finite(rank.value for rank in ranks))
    goal = round(axis.place(target), 1) if target is not None and known else None
    ends = tuple(axis.ticks[:: max(1, len(axis.ticks) - 1)]) if known else ()
    return RankingChart(
        caption=caption,
        width=width,
        rows=tuple(_row(rank, unit, axis, bars=bars) for rank in ranks),
        ticks=ticks_of(Axis(axis.place, ends, axis.low, axis.high), edge=(0, width)),
        target=goal,
        target_label=f"Target {say_short(target, unit)}" if target is not None and known else "",
        table=_table(ranks, unit, label),
    )


def _axis(ranks: Sequence[Rank], unit: Unit, target: float | None, width: int, *, bars: bool) -> Axis:
    start, end = (0.0, float(width)) if bars else (6.0, width - 6.0)
    values = finite(bound for rank in ranks for bound in (rank.value, rank.low, rank.high)) + finite([target])
    if unit is not Unit.SHARE:
        return number_axis(values, start, end, lambda value: say_short(value, unit), most_ticks=4, durations=unit is Unit.SECONDS)
    made = share_axis([0.0, *values] if bars else values, start, end, most_ticks=5)
    return Axis(made.place, tuple((at, f"{word} %") for at, word in made.ticks), made.low, made.high)


def _row(rank: Rank, unit: Unit, axis: Axis, *, bars: bool) -> RankRow:
    known = finite([rank.value])
    of = f" of {rank.n:,}" if rank.n is not None else ""
    if not known:
        return RankRow(rank.name, rank.href, None, None, rank.note or "not known", rank.note or "not known")
    between = say_between(rank.low, rank.high, unit)
    said = f"{rank.name}: {say(rank.value, unit)}{f' ({between})' if between else ''}{of}"
    x, middle = round(axis.place(known[0]), 1), HEIGHT / 2
    bounds = finite([rank.low]) + finite([rank.high])
    low, high = (round(axis.place(bound), 1) for bound in bounds) if len(bounds) == 2 else (None, None)
    zero = round(axis.place(0.0), 1)
    bar = Box(min(zero, x), 3, round(abs(x - zero), 1), HEIGHT - 6, 0, said) if bars else None
    mark = Mark(x, middle, low, high, "" if bars else sign(0, x, middle), said)
    return RankRow(rank.name, rank.href, bar, mark, said, say(rank.value, unit) + (f" · {rank.note}" if rank.note else ""))


def _table(ranks: Sequence[Rank], unit: Unit, label: str) -> Table:
    rows: list[list[str | Cell]] = [
        [
            Cell(rank.name, href=rank.href),
            say(rank.value, unit),
            say_between(rank.low, rank.high, unit) or NONE,
            say(rank.n, Unit.COUNT),
            Cell(rank.note),
        ]
        for rank in ranks
    ]
    return table([label, "Value", "95 % interval", "n", "Note"], rows)
