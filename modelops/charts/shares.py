"""Stacked bars: how each whole divides into the same parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from modelops.charts.parts import SERIES, Box, Caption, Cell, Frame, Key, Table, Tick, sign, table
from modelops.charts.units import Unit, say

ROW = 28
"""Height of a row with the space below it."""


@dataclass(frozen=True, slots=True)
class Whole:
    """One bar: its name and how many there are of each part, in the order of the parts. ``href``: what is behind it."""

    name: str
    counts: Sequence[int]
    href: str = ""


@dataclass(frozen=True, slots=True)
class SharesChart:
    """The chart, ready for ``modelops/charts/shares.html``. ``down`` are the words of columns, ``names`` those of rows."""

    template: ClassVar[str] = "modelops/charts/shares.html"
    caption: Caption
    frame: Frame
    across: tuple[Tick, ...]
    down: tuple[Tick, ...]
    names: tuple[Tick, ...]
    boxes: tuple[Box, ...]
    keys: tuple[Key, ...]
    summary: str
    table: Table
    events: None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of any part."""
        return not self.boxes


def share_columns(
    caption: Caption, wholes: Sequence[Whole], parts: Sequence[str], *, width: int = 460, height: int = 240, label: str = "From"
) -> SharesChart:
    """Upright bars side by side, the first part at the bottom: how a division changes. A whole of nothing leaves its place empty."""
    frame = Frame(width, height, 52.0, width - 16.0, 12.0, height - 28.0)
    step = (frame.right - frame.left) / max(1, len(wholes))
    wide = round(max(0.5, step - min(6.0, step * 0.2)), 1)
    boxes, down = [], []
    every = max(1, -(-len(wholes) // max(1, int((frame.right - frame.left) // 72))))
    for number, whole in enumerate(wholes):
        x = round(frame.left + number * step + (step - wide) / 2, 1)
        for part, start, end in _spans(whole):
            top = frame.bottom - (frame.bottom - frame.top) * end
            tall = (frame.bottom - frame.top) * (end - start)
            boxes.append(Box(x, round(top, 1), wide, round(tall, 1), part % SERIES, _said(whole, part, parts)))
        if number % every == 0:
            down.append(Tick(round(x + wide / 2, 1), whole.name))
    across = tuple(Tick(round(frame.bottom - (frame.bottom - frame.top) * n / 4, 1), f"{25 * n} %") for n in range(5))
    return SharesChart(
        caption, frame, across, tuple(down), (), tuple(boxes), _keys(parts), _summary(wholes, parts), _table(wholes, parts, label)
    )


def share_rows(
    caption: Caption, wholes: Sequence[Whole], parts: Sequence[str], *, width: int = 460, names: int = 120, label: str = "Name"
) -> SharesChart:
    """Level bars below each other, the first part at the left: how several wholes divide."""
    bottom = 8.0 + ROW * len(wholes)
    frame = Frame(width, int(bottom + 28), float(names), width - 20.0, 8.0, bottom)
    boxes, words = [], []
    for number, whole in enumerate(wholes):
        y = frame.top + ROW * number
        words.append(Tick(y + 14, whole.name if len(whole.name) * 6.2 < names else f"{whole.name[: int(names / 6.4)]}…"))
        for part, start, end in _spans(whole):
            x, wide = frame.left + (frame.right - frame.left) * start, (frame.right - frame.left) * (end - start)
            boxes.append(Box(round(x, 1), y, round(wide, 1), ROW - 8, part % SERIES, _said(whole, part, parts)))
    down = tuple(Tick(round(frame.left + (frame.right - frame.left) * n / 4, 1), f"{25 * n} %") for n in range(5))
    return SharesChart(
        caption, frame, (), down, tuple(words), tuple(boxes), _keys(parts), _summary(wholes, parts), _table(wholes, parts, label)
    )


def _spans(whole: Whole) -> list[tuple[int, float, float]]:
    """Number of each part that is there, and where it begins and ends (0..1)."""
    total, before, spans = sum(max(0, count) for count in whole.counts), 0, []
    for part, count in enumerate(whole.counts):
        if count > 0:
            spans.append((part, before / total, (before + count) / total))
            before += count
    return spans


def _said(whole: Whole, part: int, parts: Sequence[str]) -> str:
    total = sum(max(0, count) for count in whole.counts)
    return f"{whole.name}, {parts[part]}: {say(whole.counts[part] / total, Unit.SHARE)}, {whole.counts[part]:,} of {total:,}"


def _keys(parts: Sequence[str]) -> tuple[Key, ...]:
    return tuple(Key(n % SERIES, name, sign(1, 14, 6)) for n, name in enumerate(parts))


def _summary(wholes: Sequence[Whole], parts: Sequence[str]) -> str:
    """The last whole that is not empty, in words."""
    last = next((whole for whole in reversed(wholes) if sum(whole.counts) > 0), None)
    return "; ".join(_said(last, part, parts) for part, _, _ in _spans(last)) if last else ""


def _table(wholes: Sequence[Whole], parts: Sequence[str], label: str) -> Table:
    head = [label, *(word for part in parts for word in (part, "Share")), "Together"]
    rows: list[list[str | Cell]] = []
    for whole in wholes:
        total = sum(max(0, count) for count in whole.counts)
        cells = [word for count in whole.counts for word in (f"{count:,}", say(count / total if total else None, Unit.SHARE))]
        rows.append([Cell(whole.name, href=whole.href), *cells, f"{total:,}"])
    return table(head, rows)
