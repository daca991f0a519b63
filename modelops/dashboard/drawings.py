"""The charts of the dashboard, by name. No database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from mlcore.agreement.figures import FLOOR
from mlcore.percent import in_points
from modelops.charts import (
    Bin,
    Caption,
    Datum,
    Event,
    Promise,
    Rank,
    Series,
    Sparkline,
    Unit,
    histogram,
    line_chart,
    ranking,
    reliability,
    say,
    sparkline,
)
from modelops.dashboard.board import SPECIFIED_YEARLY, Board
from modelops.dashboard.headline import TARGET
from modelops.dashboard.periods import USUAL, Period, Window, told
from modelops.monitoring.bins import BANDS, BINS
from modelops.monitoring.estimates import Share
from modelops.monitoring.totals import Totals

NARROW, TALL = 424, 252
"""Size of a chart of one column."""


def accuracy(board: Board) -> Any:
    """Accuracy of values over time, with what was deployed."""
    values = [_datum(board, period, told(period.totals.values)) for period in board.periods]
    note = f"Right values among all that came in, from audits, reviews and labels; by {board.length}, the band is the 95 % interval"
    empty = f"Accuracy is drawn from the first {board.length} on in which {FLOOR} documents were settled."
    return line_chart(
        _caption(board, "accuracy", "Accuracy", note, empty, "metrics", "All metrics"),
        [Series("Values right", values)],
        Unit.SHARE,
        events=_events(board),
        target=TARGET,
        at_label=_ending(board),
        width=888,
        height=268,
    )


def documents(board: Board) -> Any:
    """Documents without a single mistake: all of them, and those that would go through without a person."""
    every = [_datum(board, period, told(period.totals.documents)) for period in board.periods]
    accepted = [_datum(board, period, told(period.totals.accepted)) for period in board.periods]
    note = f"Documents right in everything, by {board.length}, with 95 % intervals"
    empty = f"Drawn from the first {board.length} on in which {FLOOR} documents were settled."
    caption = _caption(board, "documents", "Whole documents", note, empty, "metrics", "All metrics")
    series = [Series("All", every), Series("Accepted by the machine", accepted)]
    return line_chart(caption, series, Unit.SHARE, events=_events(board), at_label=_ending(board), width=NARROW, height=TALL)


def vendors(board: Board) -> Any:
    """Vendors with the most wrong values, the least accurate first."""
    ranks = []
    for vendor in board.vendors:
        share = told(vendor.totals.values)
        missing = "" if share.value is not None else f"{share.n} of {FLOOR} documents"
        address = _days(board, board.window, f"&vendor={vendor.pk}")
        ranks.append(Rank(vendor.name, share.value, share.low, share.high, share.n, address, missing))
    ranks.sort(key=lambda rank: (rank.value is None, rank.value or 0.0, rank.name.casefold()))
    note = "Values right, with 95 % intervals; the vendors with the most wrong values, least accurate first"
    empty = "No vendor has settled documents in these days."
    caption = _caption(board, "vendors", "By vendor", note, empty, "metrics", "All vendors")
    return ranking(caption, ranks, Unit.SHARE, target=TARGET, label="Vendor", width=180)


def lately(board: Board) -> Sparkline:
    """Accuracy as a line of the size of a word."""
    return sparkline([told(period.totals.values).value for period in board.periods])


def kept_promises(board: Board) -> Any:
    """Confidence against truth."""
    found = board.calibration
    off = f": promises are off by {in_points(found.ece)} on average" if found.ece is not None else ""
    tested = f", when the model was tested by {100 * found.certified:.1f}" if found.certified is not None and off else ""
    known = [Promise(each.said, each.right, each.count, each.low, each.high) for each in found.promises]
    empty = "No value was checked in these days that had been filled in with a confidence."
    note = f"Values that were checked{off}{tested}"
    caption = _caption(board, "reliability", "Does confidence keep its promise?", note, empty, "metrics", "All metrics")
    return reliability(caption, known, width=NARROW, side=TALL - 84, floor=FLOOR)


def confidence(board: Board) -> Any:
    """How sure the machine was, of every value that it filled in."""
    counts = [values for values, _, _ in board.totals.confidence]
    groups = {place: number for number, name in enumerate(("high", "middle", "low")) for place in range(*BANDS[name])}
    bins = [Bin(place / BINS, (place + 1) / BINS, count, groups[place]) for place, count in enumerate(counts)]
    shares = {name: say(count / max(1, sum(counts)), Unit.SHARE) for name, count in board.totals.bands.items()}
    names = [f"from .95: {shares['high']}", f".90 to .95: {shares['middle']}", f"under .90: {shares['low']}"]
    caption = _caption(
        board, "confidence", "How sure the machine is", "Values that were filled in, by confidence", "No document was read in these days."
    )
    return histogram(caption, bins, Unit.SHARE, groups=names, width=NARROW, height=TALL)


def straight_through(board: Board) -> Any:
    """The share that went through without a person, and the share that was sent to review."""
    passed, review = [], []
    for period in board.periods:
        read = period.totals.read
        passed.append(Datum(period.end, period.totals.straight_through, n=read, href=_days(board, period)))
        review.append(Datum(period.end, period.totals.review_share, n=read))
    note = f"Of the documents that came in and were read, by {board.length}"
    caption = _caption(board, "straight-through", "Without a person", note, "No document was read in these days.", "metrics", "All metrics")
    series = [Series("Went through", passed), Series("Sent to review", review)]
    return line_chart(caption, series, Unit.SHARE, events=_events(board), at_label=_ending(board), width=NARROW, height=TALL)


def minutes(board: Board) -> Any:
    """Active time that a settled document takes."""
    data = []
    for period in board.periods:
        spent, settled = period.totals.minutes, period.totals.numbers["settled"]
        data.append(Datum(period.end, None if spent is None else spent * 60, n=settled, href=_days(board, period)))
    note = f"People's active time for a settled document, by {board.length}"
    caption = _caption(board, "minutes", "Time for a document", note, "Nobody settled a document in these days.", "quality", "By person")
    return line_chart(
        caption, [Series("Active time", data)], Unit.SECONDS, events=_events(board), at_label=_ending(board), width=NARROW, height=TALL
    )


def waiting(board: Board) -> Any:
    """Age of the oldest open task at the end of each day."""
    data = [
        Datum(period.end, None if (newest := period.totals.newest) is None else float(newest.waiting_oldest), n=_left(period.totals))
        for period in (board.periods if board.window.days > USUAL else board.daily)
    ]
    note = "Age of the oldest open document at the end of the day"
    caption = _caption(board, "waiting", "How long the oldest waits", note, "No day was counted yet.", "queue", "Queue")
    return line_chart(caption, [Series("Oldest", data)], Unit.SECONDS, width=320, height=170)


def cost(board: Board) -> Any:
    """What training cost, added up."""
    data, total = [Datum(board.window.start, 0.0)] if board.costs else [], Decimal(0)
    for each in board.costs:
        before, total = total, total + each.cost
        data += [Datum(each.day, float(before)), Datum(each.day, float(total))]
    data += [Datum(board.window.end, float(total))] if board.costs else []
    hours = say(board.totals.effort_seconds, Unit.SECONDS)
    note = (
        f"Training, added up: {say(board.cost, Unit.MONEY)}, {say(board.yearly_cost, Unit.MONEY)} a year at this rate "
        f"(specification: {say(SPECIFIED_YEARLY, Unit.MONEY)}). People: {hours} of active time"
    )
    events = [Event(each.day, f"Run {each.run}") for each in board.costs]
    caption = _caption(
        board, "cost", "Cost", note, f"No training run ended in these days. People: {hours} of active time.", "runs", "Training"
    )
    return line_chart(caption, [Series("Training", data)], Unit.MONEY, events=events, width=NARROW, height=TALL, joined=True)


CHARTS: Mapping[str, Callable[[Board], Any]] = {
    "accuracy": accuracy,
    "documents": documents,
    "vendors": vendors,
    "reliability": kept_promises,
    "confidence": confidence,
    "straight-through": straight_through,
    "minutes": minutes,
    "waiting": waiting,
    "cost": cost,
}


def _caption(board: Board, name: str, title: str, note: str, empty: str, page: str = "", more: str = "") -> Caption:
    csv = f"{board.links['dashboard-chart']}?name={name}&days={board.window.days}" if board.links.get("dashboard-chart") else ""
    return Caption(name, title, note, empty, csv, _days(board, board.window) if page == "metrics" else board.links.get(page, ""), more)


def _days(board: Board, part: Window | Period, more: str = "") -> str:
    """The metrics of some days; blank where there is no such page."""
    return f"{board.links['metrics']}?from={part.start}&to={part.end}{more}" if board.links.get("metrics") else ""


def _events(board: Board) -> list[Event]:
    return [Event(each.day, each.label, board.links.get("serving", "")) for each in board.deployed]


def _datum(board: Board, period: Period, share: Share) -> Datum:
    return Datum(period.end, share.value, share.low, share.high, share.n, _days(board, period))


def _ending(board: Board) -> str:
    return "Day" if board.length == "day" else f"{board.length[:1].upper()}{board.length[1:]} until"


def _left(totals: Totals) -> int:
    return totals.newest.waiting_label + totals.newest.waiting_review if totals.newest else 0
