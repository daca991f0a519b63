"""The charts of the metrics screen: days in, drawable values out. Drawing is ``modelops.charts``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from labeling.guidelines.fields import FIELDS
from modelops.charts import (
    Bin,
    Caption,
    Datum,
    Event,
    Promise,
    Rank,
    Series,
    Unit,
    Whole,
    histogram,
    line_chart,
    ranking,
    reliability,
    share_columns,
)
from modelops.monitoring.bins import BAND_NAMES, BANDS, BINS
from modelops.monitoring.estimates import SENTENCES, Share, of_documents
from modelops.monitoring.totals import Totals
from modelops.selectors.metrics import Day, VendorFigures
from modelops.selectors.metrics_calibration import Calibration

TARGET: Final = 0.98
"""The specification's line under which overall accuracy is looked into."""

ROLLING: Final = 7
"""Days of one point of the accuracy: of a single day there are seldom enough documents, and audits fewer still."""

MOST_VENDORS: Final = 15
MOST_COLUMNS: Final = 31
_INTERVALS: Final = "Bands are 95 % intervals over documents."
_UNREAD: Final = "Nothing was read on these days."
_UNCOUNTED: Final = "No day was counted."
_NOTHING: Final = "Nothing was settled on these days. Label documents, or choose an earlier time."


class Addresses:
    """Addresses of what stands behind a chart of one scope."""

    def __init__(self, asked: dict[str, str], vendor: int | None) -> None:
        self.csv = f"{reverse('api-metrics-daily')}?{urlencode({**asked, 'format': 'csv'})}"
        self._vendor = {"vendor": str(vendor)} if vendor else {}

    def day(self, day: Day, show: str) -> str:
        """The documents behind a day's number; blank for a day of which nothing is stored."""
        return f"{reverse('metrics-day', args=[day.day])}?{urlencode({**self._vendor, 'show': show})}" if day.counted else ""


def accuracy(days: Sequence[Day], earlier: Sequence[Day], events: Sequence[Event], to: Addresses) -> Any:
    """Values and whole documents over time: each point of so many days up to it. ``earlier`` are days before the first one."""
    known = [*earlier, *days]
    rows = [day.totals.newest for day in known]
    windows = [
        (day, Totals.of(row for row in rows[max(0, place - ROLLING + 1) : place + 1] if row))
        for place, day in enumerate(known)
        if place >= len(earlier)
    ]

    def line(name: str, of: Callable[[Totals], Share]) -> Series:
        shares = ((day, of(totals)) for day, totals in windows)
        return Series(name, [Datum(day.day, one.value, one.low, one.high, one.n, to.day(day, "wrong")) for day, one in shares])

    note = (
        f"Each point is of the {ROLLING} days up to it: what was filled in, held to what people settled; documents that nobody saw count "
        f"by their audits. {_INTERVALS}"
    )
    return line_chart(
        Caption("accuracy", "Accuracy", note, _NOTHING, to.csv),
        [line("Values right", lambda totals: totals.values), line("Whole documents right", lambda totals: totals.documents)],
        Unit.SHARE,
        events=events,
        target=TARGET,
        width=1240,
        height=280,
    )


def throughput(days: Sequence[Day], to: Addresses) -> Any:
    """How many came in, went through, were settled."""
    lines = (("Came in", "received", "read"), ("Went through alone", "passed", "passed"), ("Settled", "settled", "settled"))
    series = [
        Series(name, [Datum(day.day, day.totals.numbers[column] if day.counted else None, href=to.day(day, show)) for day in days])
        for name, column, show in lines
    ]
    return line_chart(
        Caption("throughput", "Documents", "By the day on which it happened.", _UNCOUNTED, to.csv), series, Unit.COUNT, width=560
    )


def waiting(days: Sequence[Day], to: Addresses) -> Any:
    """How many waited at the end of each day."""

    def line(name: str, column: str) -> Series:
        return Series(name, [Datum(day.day, getattr(day.totals.newest, column) if day.totals.newest else None) for day in days])

    caption = Caption("waiting", "Waiting for people", "At the end of the day; today as it stood when it was counted.", _UNCOUNTED, to.csv)
    return line_chart(caption, [line("For a label", "waiting_label"), line("For a review", "waiting_review")], Unit.COUNT, width=560)


def oldest(days: Sequence[Day], to: Addresses) -> Any:
    """How long the oldest one had waited."""
    data = [Datum(day.day, day.totals.newest.waiting_oldest if day.totals.newest else None) for day in days]
    return line_chart(
        Caption("oldest", "Longest wait", "Age of the oldest open document at the end of the day.", _UNCOUNTED, to.csv),
        [Series("Longest wait", data)],
        Unit.SECONDS,
        width=560,
    )


def minutes(days: Sequence[Day], to: Addresses) -> Any:
    """People's time for a document."""
    data = [
        Datum(day.day, None if day.totals.minutes is None else 60 * day.totals.minutes, n=day.totals.numbers["settled"] or None)
        for day in days
    ]
    note = "Active time of all labels of a settled document, on average."
    return line_chart(Caption("minutes", "Time per document", note, _NOTHING, to.csv), [Series("Time", data)], Unit.SECONDS, width=560)


def straight_through(days: Sequence[Day], to: Addresses) -> Any:
    """Shares of what came in."""

    def line(name: str, of: Callable[[Totals], float | None]) -> Series:
        return Series(name, [Datum(day.day, of(day.totals), n=day.totals.read or None) for day in days])

    series = [
        line("Went through alone", lambda totals: totals.straight_through),
        line("Routed to a review", lambda totals: totals.review_share),
    ]
    note = "Shares of the documents that came in and were read."
    return line_chart(Caption("through", "Without a person", note, _UNREAD, to.csv), series, Unit.SHARE, width=560)


def ocr(days: Sequence[Day], to: Addresses) -> Any:
    """How well scans could be read."""
    data = [Datum(day.day, day.totals.ocr_quality, n=day.totals.numbers["ocr_pages"] or None) for day in days]
    note = "Mean confidence of the words of pages that were read by OCR."
    empty = "No page was read by OCR on these days."
    return line_chart(Caption("ocr", "Quality of scans", note, empty, to.csv), [Series("Word confidence", data)], Unit.SHARE, width=560)


def novel(days: Sequence[Day], to: Addresses) -> Any:
    """New layouts."""
    data = [Datum(day.day, day.totals.numbers["novel"] if day.counted else None, href=to.day(day, "novel")) for day in days]
    note = "Documents whose layout was new for their vendor, or whose vendor was new."
    return line_chart(Caption("novel", "New layouts", note, _UNCOUNTED, to.csv), [Series("New layouts", data)], Unit.COUNT, width=560)


def bands(days: Sequence[Day], to: Addresses) -> Any:
    """How sure the machine was, over time; many days in columns of several."""
    step = -(-len(days) // MOST_COLUMNS)
    wholes = []
    for start in range(0, len(days), step):
        part = days[start : start + step]
        together = [sum(day.totals.bands[name] for day in part) for name in BANDS]
        wholes.append(Whole(f"{part[0].day.day} {part[0].day:%b}", together, to.day(part[0], "read") if step == 1 else ""))
    caption = Caption("bands", "How sure", "Values by the confidence that the reading gave them.", _UNREAD, to.csv)
    return share_columns(caption, wholes, [BAND_NAMES[name] for name in BANDS], width=560, label="Day")


def confidence(totals: Totals, to: Addresses) -> Any:
    """All values of the days by their confidence."""
    group = {place: number for number, (start, end) in enumerate(BANDS.values()) for place in range(start, end)}
    bins = [Bin(place / BINS, (place + 1) / BINS, counts[0], group[place]) for place, counts in enumerate(totals.confidence)]
    note = "All values of these days."
    caption = Caption("confidence", "Confidence of values", note, _UNREAD, to.csv)
    return histogram(caption, bins, Unit.SHARE, groups=[BAND_NAMES[name] for name in BANDS], width=560)


def promises(found: Calibration) -> Any:
    """Said against right."""
    points = [Promise(one.said, one.right, one.count, one.low, one.high) for one in found.promises]
    note = "Values of settled documents, by what was said of them; on the diagonal what was said is what was so."
    return reliability(Caption("reliability", "Does what it says hold?", note, _NOTHING), points)


def corrections(totals: Totals, to: Addresses) -> Any:
    """Fields by how often people changed them."""
    ranks = []
    for name, judged, right, corrected in totals.corrections():
        share = of_documents(judged, min(corrected, judged))
        ranks.append(Rank(FIELDS.get(name, name), share.value, share.low, share.high, judged, note=f"{judged - right} wrong"))
    note = "Share of values that the first person to see them changed. n counts values."
    return ranking(Caption("corrections", "Corrections by field", note, _NOTHING, to.csv), ranks, Unit.SHARE, label="Field", from_zero=True)


def vendors(found: Sequence[VendorFigures], asked: dict[str, str]) -> Any:
    """Vendors by how right their values may be at the least."""
    ranks = []
    for one in found[:MOST_VENDORS]:
        share = one.totals.values
        href = f"{reverse('metrics')}?{urlencode({**asked, 'vendor': one.vendor.pk})}"
        why = SENTENCES.get(share.unknown, "few documents" if share.few else "")
        ranks.append(Rank(one.vendor.name, share.value, share.low, share.high, share.n, href, why))
    note = "Values right, where they may be least right first. The line is the 95 % interval; where two overlap, they are not told apart."
    csv = f"{reverse('api-metrics-vendors')}?{urlencode({**asked, 'format': 'csv'})}"
    return ranking(Caption("vendors", "Vendors", note, _NOTHING, csv), ranks, Unit.SHARE, target=TARGET, label="Vendor")
