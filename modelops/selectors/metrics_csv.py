"""Days as a spreadsheet takes them: a row for each day, numbers as they are stored, shares with their intervals."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Any, Final

from invoices.spreadsheets import Written, guarded
from modelops.monitoring.bins import BANDS
from modelops.monitoring.estimates import Share
from modelops.monitoring.sums import AUDIT, SEEN
from modelops.monitoring.totals import Totals
from modelops.selectors.metrics import Day, VendorFigures

_SHARES: Final = ("documents", "values", "seen_documents", "seen_values", "audited_documents", "audited_values")
_COUNTS: Final = (
    *("received", "read_accepted", "read_review", "read_flagged", "passed", "settled", "corrected_documents", "judged_documents"),
    *("right_documents", "judged_values", "right_values", "accepted_judged", "accepted_right", "labels", "pages", "ocr_pages", "novel"),
)
_WAITING: Final = ("waiting_label", "waiting_review", "waiting_oldest")
COLUMNS: Final = (
    "day",
    "vendor",
    "counted",
    *(f"{name}{part}" for name in _SHARES for part in ("", "_low", "_high", "_n")),
    "unknown",
    *_COUNTS,
    *_WAITING,
    *(f"values_{name}" for name in BANDS),
    "straight_through",
    "review_share",
    "minutes_per_document",
    "effort_seconds",
    "ocr_quality",
    "model",
)


def day_lines(days: Sequence[Day], vendor: str) -> Iterator[str]:
    """A heading, then a row for each day; ``vendor`` is its name, blank for all."""
    sink = Written()
    writer = csv.writer(sink)
    writer.writerow(COLUMNS)
    for day in days:
        writer.writerow([day.day.isoformat(), guarded(vendor), int(day.counted), *_cells(day.totals)])
        yield sink.take()


def vendor_lines(found: Sequence[VendorFigures], days: str) -> Iterator[str]:
    """A heading, then a row for each vendor; ``days`` says of which days."""
    sink = Written()
    writer = csv.writer(sink)
    writer.writerow(("days", *COLUMNS[1:]))
    for one in found:
        writer.writerow([days, guarded(one.vendor.name), 1, *_cells(one.totals)])
        yield sink.take()
    yield sink.take()


def _cells(totals: Totals) -> list[Any]:
    shares = (
        *(totals.documents, totals.values),
        *(totals.documents_of(SEEN), totals.values_of(SEEN), totals.documents_of(AUDIT), totals.values_of(AUDIT)),
    )
    newest = totals.newest
    return [
        *(cell for share in shares for cell in _share(share)),
        totals.documents.unknown,
        *(totals.numbers[name] for name in _COUNTS),
        *(getattr(newest, name) if newest else "" for name in _WAITING),
        *totals.bands.values(),
        *(_number(value) for value in (totals.straight_through, totals.review_share, totals.minutes)),
        _number(totals.effort_seconds),
        _number(totals.ocr_quality),
        guarded(totals.model[1]),
    ]


def _share(share: Share) -> list[Any]:
    return [*(_number(part) for part in (share.value, share.low, share.high)), share.n]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")
