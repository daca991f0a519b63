"""The numbers of every chart as rows of a file: exact, where the drawing rounds. No database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from modelops.dashboard.board import Board
from modelops.monitoring.bins import BINS
from modelops.monitoring.estimates import Share

Row = Sequence[str | int | float | None]
_INTERVAL = ("value", "low", "high", "documents")


def rows(board: Board, name: str) -> list[Row]:
    """The head and the rows of a chart, shares as fractions with six decimals. Raises ``KeyError`` for what is no chart."""
    head, made = SHEETS[name]
    return [head, *made(board)]


def _accuracy(board: Board) -> Iterable[Row]:
    for period in board.periods:
        values, documents = period.totals.values, period.totals.documents
        yield (period.start.isoformat(), period.end.isoformat(), *_share(values), *_share(documents))


def _documents(board: Board) -> Iterable[Row]:
    for period in board.periods:
        yield (period.start.isoformat(), period.end.isoformat(), *_share(period.totals.documents), *_share(period.totals.accepted))


def _vendors(board: Board) -> Iterable[Row]:
    for vendor in board.vendors:
        yield (vendor.pk, vendor.name, *_share(vendor.totals.values), *_share(vendor.totals.documents))


def _promises(board: Board) -> Iterable[Row]:
    for each in board.calibration.promises:
        yield (*(round(part, 6) for part in (each.said, each.right, each.low, each.high)), each.count)


def _bins(board: Board) -> Iterable[Row]:
    for place, (values, judged, right) in enumerate(board.totals.confidence):
        yield (place / BINS, (place + 1) / BINS, values, judged, right)


def _routes(board: Board) -> Iterable[Row]:
    for period in board.periods:
        numbers = period.totals.numbers
        counts = (numbers["received"], period.totals.read, numbers["passed"], numbers["read_review"], numbers["read_flagged"])
        yield (period.start.isoformat(), period.end.isoformat(), *counts)


def _minutes(board: Board) -> Iterable[Row]:
    for period in board.periods:
        numbers = period.totals.numbers
        yield (
            period.start.isoformat(),
            period.end.isoformat(),
            numbers["settled"],
            numbers["labels"],
            round(period.totals.effort_seconds, 3),
        )


def _waiting(board: Board) -> Iterable[Row]:
    for period in board.daily:
        if newest := period.totals.newest:
            yield (period.end.isoformat(), newest.waiting_label, newest.waiting_review, newest.waiting_oldest)


def _cost(board: Board) -> Iterable[Row]:
    for each in board.costs:
        yield (each.day.isoformat(), each.run, str(each.cost))


def _share(share: Share) -> tuple[float | None, float | None, float | None, int]:
    value, low, high = (None if part is None else round(part, 6) for part in (share.value, share.low, share.high))
    return value, low, high, share.n


_PERIOD = ("from", "until")
_TWICE = (*(f"values_{name}" for name in _INTERVAL), *(f"exact_{name}" for name in _INTERVAL))
SHEETS: Mapping[str, tuple[Row, Callable[[Board], Iterable[Row]]]] = {
    "accuracy": ((*_PERIOD, *_TWICE), _accuracy),
    "documents": ((*_PERIOD, *(f"all_{name}" for name in _INTERVAL), *(f"accepted_{name}" for name in _INTERVAL)), _documents),
    "vendors": (("vendor", "name", *_TWICE), _vendors),
    "reliability": (("promised", "right", "low", "high", "values"), _promises),
    "confidence": (("confidence_from", "confidence_to", "values", "judged", "right"), _bins),
    "straight-through": ((*_PERIOD, "received", "read", "passed", "review", "flagged"), _routes),
    "minutes": ((*_PERIOD, "settled", "labels", "active_seconds"), _minutes),
    "waiting": (("day", "waiting_label", "waiting_review", "oldest_seconds"), _waiting),
    "cost": (("day", "run", "dollars"), _cost),
}
"""Columns and rows by the name of the chart (``drawings.CHARTS`` has the same names)."""
