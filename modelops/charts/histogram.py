"""A histogram: how many values lie in each of a row of bins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from mlcore.axes import number_axis
from modelops.charts.parts import SERIES, Box, Caption, Frame, Key, Table, Tick, sign, table, ticks_of
from modelops.charts.units import Unit, say, say_short


@dataclass(frozen=True, slots=True)
class Bin:
    """Values from ``low`` up to ``high``. ``group`` is the number of the group that the bin belongs to: its colour and its hatching."""

    low: float
    high: float
    count: int
    group: int = 0


@dataclass(frozen=True, slots=True)
class Histogram:
    """The chart, ready for ``modelops/charts/histogram.html``."""

    template: ClassVar[str] = "modelops/charts/histogram.html"
    caption: Caption
    frame: Frame
    across: tuple[Tick, ...]
    down: tuple[Tick, ...]
    bars: tuple[Box, ...]
    keys: tuple[Key, ...]
    summary: str
    table: Table
    events: None = None

    @property
    def is_empty(self) -> bool:
        """Whether every bin is empty."""
        return not self.bars


def histogram(
    caption: Caption, bins: Sequence[Bin], unit: Unit, *, groups: Sequence[str] = (), width: int = 460, height: int = 240
) -> Histogram:
    """Draw. Bins are of one width, the first at the left; ``groups`` are the names of the groups, for the legend."""
    frame = Frame(width, height, 52.0, width - 16.0, 12.0, height - 28.0)
    known = bool(sum(each.count for each in bins))
    upright = number_axis([each.count for each in bins], frame.bottom, frame.top, lambda value: say_short(value, Unit.COUNT), whole=True)
    step = (frame.right - frame.left) / max(1, len(bins))
    gap = 1.0 if step < 8 else 2.0
    bars = []
    for number, each in enumerate(bins):
        top = round(upright.place(each.count), 1)
        said = f"{say(each.low, unit)} to {say(each.high, unit)}: {each.count:,}"
        tall = max(1.0, frame.bottom - top) if each.count else 0.0
        bars.append(
            Box(round(frame.left + number * step, 1), frame.bottom - tall, round(max(0.5, step - gap), 1), tall, each.group % SERIES, said)
        )
    return Histogram(
        caption=caption,
        frame=frame,
        across=ticks_of(upright),
        down=_edges(bins, unit, frame, step),
        bars=tuple(bars) if known else (),
        keys=tuple(Key(n, name, sign(1, 14, 6)) for n, name in enumerate(groups)),
        summary=f"{sum(each.count for each in bins):,} values." if known else "",
        table=table(["From", "To", "Values"], [[say(each.low, unit), say(each.high, unit), say(each.count, Unit.COUNT)] for each in bins]),
    )


def _edges(bins: Sequence[Bin], unit: Unit, frame: Frame, step: float) -> tuple[Tick, ...]:
    """Edges of bins, as many as can be read."""
    if not bins:
        return ()
    edges = [*(each.low for each in bins), bins[-1].high]
    every = next((n for n in (1, 2, 4, 5, 10) if step * n >= 44), len(edges))
    return tuple(Tick(round(frame.left + n * step, 1), say_short(edge, unit)) for n, edge in enumerate(edges) if n % every == 0)
