"""A reliability diagram: what was promised against what held, and how many values each promise was made for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from mlcore.axes import share_axis
from mlcore.percent import NONE, in_points
from modelops.charts.parts import Box, Caption, Frame, Mark, Table, Tick, sign, table, ticks_of
from modelops.charts.units import Unit, say, say_between

COUNTS = 44
"""Height of the counts below the diagram."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Values of like confidence: their mean confidence, the share of them that was right with its interval, and how many there are."""

    confidence: float
    accuracy: float
    count: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class ReliabilityChart:
    """The chart, ready for ``modelops/charts/reliability.html``. ``foot`` is the base line of the counts."""

    template: ClassVar[str] = "modelops/charts/reliability.html"
    caption: Caption
    frame: Frame
    foot: float
    middle: float
    across: tuple[Tick, ...]
    down: tuple[Tick, ...]
    ideal: tuple[float, float, float, float]
    marks: tuple[Mark, ...]
    counts: tuple[Box, ...]
    summary: str
    table: Table
    events: None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no promise."""
        return not self.counts


def reliability(caption: Caption, promises: Sequence[Promise], *, width: int = 340, side: int = 250, floor: int = 1) -> ReliabilityChart:
    """Draw. Both axes are 0 to 100 %, so that the diagonal means the same in every diagram; promises of nothing are left out.

    ``side`` is the height of the diagram. Promises of fewer than ``floor`` values have their count and their row, and no mark.
    """
    known = [promise for promise in promises if promise.count > 0]
    bottom = 10.0 + side
    frame = Frame(width, int(bottom + 12 + COUNTS + 40), 52.0, width - 20.0, 10.0, bottom)
    foot = bottom + 12 + COUNTS
    level, upright = share_axis([0.0, 1.0], frame.left, frame.right), share_axis([0.0, 1.0], frame.bottom, frame.top)
    most = max((promise.count for promise in known), default=1)
    marks, counts = [], []
    for promise in sorted(known, key=lambda promise: promise.confidence):
        x, y = round(level.place(promise.confidence), 1), round(upright.place(promise.accuracy), 1)
        low, high = (None if bound is None else round(upright.place(bound), 1) for bound in (promise.low, promise.high))
        between = say_between(promise.low, promise.high, Unit.SHARE)
        said = (
            f"promised {say(promise.confidence, Unit.SHARE)}, right {say(promise.accuracy, Unit.SHARE)}"
            f"{f' ({between})' if between else ''}, {promise.count:,} values"
        )
        if promise.count >= floor:
            marks.append(Mark(x, y, low, high, sign(0, x, y), said))
        tall = round(max(1.0, COUNTS * promise.count / most), 1)
        counts.append(Box(round(x - 4, 1), round(foot - tall, 1), 8, tall, 0, said))
    return ReliabilityChart(
        caption=caption,
        frame=frame,
        foot=foot,
        across=ticks_of(upright, suffix=" %"),
        down=ticks_of(level, suffix=" %"),
        middle=round((frame.left + frame.right) / 2, 1),
        ideal=(frame.left, frame.bottom, frame.right, frame.top),
        marks=tuple(marks),
        counts=tuple(counts),
        summary=_summary(known),
        table=_table(known),
    )


def expected_error(promises: Sequence[Promise]) -> float | None:
    """Mean distance of promise and truth, weighted by count (ECE of these bins); ``None`` for no values."""
    total = sum(promise.count for promise in promises)
    return sum(promise.count * abs(promise.accuracy - promise.confidence) for promise in promises) / total if total else None


def _summary(known: Sequence[Promise]) -> str:
    error = expected_error(known)
    if error is None:
        return ""
    return f"{sum(promise.count for promise in known):,} values; promises are off by {in_points(error)} on average."


def _table(known: Sequence[Promise]) -> Table:
    rows = [
        [
            say(promise.confidence, Unit.SHARE),
            say(promise.accuracy, Unit.SHARE),
            say_between(promise.low, promise.high, Unit.SHARE) or NONE,
            say(promise.count, Unit.COUNT),
        ]
        for promise in known
    ]
    return table(["Promised", "Right", "95 % interval", "Values"], rows)
