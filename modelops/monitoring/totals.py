"""Days added up, and what they come to: accuracy of all, of those who were seen, of those who passed; how sure, how many, how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from modelops.models import DailyMetric
from modelops.monitoring.bins import BINS, by_band
from modelops.monitoring.estimates import Share, of_documents, of_values, rate, weighted
from modelops.monitoring.sums import AUDIT, SEEN, Stratum

_ADDED = (
    *("judged_values", "right_values", "judged_documents", "right_documents", "accepted_judged", "accepted_right"),
    *("received", "read_accepted", "read_review", "read_flagged", "passed", "settled", "corrected_documents"),
    *("labels", "pages", "ocr_pages", "novel"),
)


@dataclass
class Totals:
    """Some days of one vendor, or of all. ``newest`` is the row that says how it stood at the end, ``model`` when which one read last."""

    numbers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_ADDED, 0))
    fields: dict[str, list[int]] = field(default_factory=dict)
    confidence: list[list[int]] = field(default_factory=lambda: [[0, 0, 0] for _ in range(BINS)])
    strata: dict[str, Stratum] = field(default_factory=lambda: {SEEN: Stratum(), AUDIT: Stratum()})
    ocr_confidence: float = 0.0
    effort_seconds: float = 0.0
    days: int = 0
    newest: DailyMetric | None = None
    model: tuple[dt.date, str] = (dt.date.min, "")

    @classmethod
    def of(cls, rows: Iterable[DailyMetric]) -> Totals:
        """Rows of days, in any order."""
        found = cls()
        for row in rows:
            found.add(row)
        return found

    def add(self, row: DailyMetric) -> None:
        """One day more."""
        self.days += 1
        for name in _ADDED:
            self.numbers[name] += getattr(row, name)
        for name, counts in row.fields.items():
            self.fields[name] = [a + b for a, b in zip(self.fields.get(name, (0, 0, 0)), counts, strict=True)]
        self.confidence = [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(self.confidence, row.confidence, strict=True)]
        for name, stratum in self.strata.items():
            if name in row.strata:
                stratum.stored(row.strata[name])
        self.ocr_confidence += row.ocr_confidence
        self.effort_seconds += row.effort_seconds
        if self.newest is None or row.day > self.newest.day:
            self.newest = row
        if row.model_id:
            self.model = max(self.model, (row.day, row.model_id))

    @property
    def read(self) -> int:
        """Documents that came in and were read."""
        return self.numbers["read_accepted"] + self.numbers["read_review"] + self.numbers["read_flagged"]

    @property
    def seen_documents(self) -> int:
        """Documents that came in, were read, and did not go through without a person."""
        return max(0, self.read - self.numbers["passed"])

    def documents_of(self, stratum: str) -> Share:
        """Documents of which everything is right, among those that came to be looked at in one way."""
        return of_documents(*self.strata[stratum].documents)

    def values_of(self, stratum: str) -> Share:
        """Right values among those that came to be looked at in one way."""
        own = self.strata[stratum]
        return of_values(own.documents[0], own.values[0], own.values[1], own.squares)

    @property
    def documents(self) -> Share:
        """Documents of which everything is right, among all that came in (``estimates.weighted``)."""
        return self._weighted(self.documents_of(SEEN), self.documents_of(AUDIT))

    @property
    def values(self) -> Share:
        """Right values, among all that came in."""
        return self._weighted(self.values_of(SEEN), self.values_of(AUDIT))

    @property
    def accepted(self) -> Share:
        """Documents of which everything is right, among those that would have gone through without a person."""
        return of_documents(self.numbers["accepted_judged"], self.numbers["accepted_right"])

    def _weighted(self, seen: Share, audited: Share) -> Share:
        return weighted(seen, audited, self.seen_documents, self.numbers["passed"])

    @property
    def bands(self) -> dict[str, int]:
        """Values by band of confidence."""
        return by_band([counts[0] for counts in self.confidence])

    @property
    def straight_through(self) -> float | None:
        """The share of what was read that went through without a person."""
        return rate(self.numbers["passed"], self.read)

    @property
    def review_share(self) -> float | None:
        """The share of what was read that was routed to a review."""
        return rate(self.numbers["read_review"], self.read)

    @property
    def minutes(self) -> float | None:
        """Minutes of people's active time for a settled document."""
        return self.effort_seconds / 60 / self.numbers["settled"] if self.numbers["settled"] else None

    @property
    def ocr_quality(self) -> float | None:
        """Mean word confidence of a page that was read by OCR."""
        return self.ocr_confidence / self.numbers["ocr_pages"] if self.numbers["ocr_pages"] else None

    def corrections(self) -> list[tuple[str, int, int, int]]:
        """``(field, judged, right, corrected)``, the field that is corrected most often first."""
        rows = [(name, counts[0], counts[1], counts[2]) for name, counts in self.fields.items()]
        return sorted(rows, key=lambda row: (-(row[3] / row[1] if row[1] else 0), row[0]))

    def to_json(self) -> dict[str, Any]:
        """What programs are told."""
        newest = self.newest
        return {
            **self.numbers,
            "documents": self.documents.to_json(),
            "values": self.values.to_json(),
            "seen": {"documents": self.documents_of(SEEN).to_json(), "values": self.values_of(SEEN).to_json()},
            "audited": {"documents": self.documents_of(AUDIT).to_json(), "values": self.values_of(AUDIT).to_json()},
            "accepted": self.accepted.to_json(),
            "confidence": self.confidence,
            "bands": self.bands,
            "fields": self.fields,
            "straight_through": _rounded(self.straight_through),
            "review_share": _rounded(self.review_share),
            "minutes": _rounded(self.minutes),
            "ocr_quality": _rounded(self.ocr_quality),
            "effort_seconds": round(self.effort_seconds, 3),
            "waiting_label": newest.waiting_label if newest else 0,
            "waiting_review": newest.waiting_review if newest else 0,
            "waiting_oldest": newest.waiting_oldest if newest else 0,
            "model_id": self.model[1],
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
