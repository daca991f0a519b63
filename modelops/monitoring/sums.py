"""What the documents of a day come to, added up for each vendor and for all. No database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modelops.monitoring.bins import BINS

SEEN, AUDIT = "seen", "audit"
STRATA = (SEEN, AUDIT)


@dataclass
class Stratum:
    """Judged documents that came to be looked at in one way: counts and the squares that a clustered interval takes."""

    documents: list[int] = field(default_factory=lambda: [0, 0])
    values: list[int] = field(default_factory=lambda: [0, 0])
    squares: list[int] = field(default_factory=lambda: [0, 0, 0])
    fields: dict[str, list[int]] = field(default_factory=dict)
    bins: list[list[int]] = field(default_factory=lambda: [[0, 0, 0] for _ in range(BINS)])

    def document(self, judged: int, right: int, exact: bool, fields: Mapping[str, Sequence[int]], bins: Iterable[Sequence[int]]) -> None:
        """One document more."""
        self.documents[0] += 1
        self.documents[1] += exact
        self._values(judged, right)
        for name, counts in fields.items():
            _add(self.fields.setdefault(name, [0, 0]), counts[:2])
        for place, *counts in bins:
            _add(self.bins[place], counts)

    def _values(self, judged: int, right: int) -> None:
        _add(self.values, (judged, right))
        _add(self.squares, (judged * judged, judged * right, right * right))

    def stored(self, other: Mapping[str, Any]) -> None:
        """Another one, in its stored form, added to it."""
        _add(self.documents, other["documents"])
        _add(self.values, other["values"])
        _add(self.squares, other["squares"])
        for name, counts in other["fields"].items():
            _add(self.fields.setdefault(name, [0, 0]), counts)
        for own, counts in zip(self.bins, other["bins"], strict=True):
            _add(own, counts)

    def to_json(self) -> dict[str, Any]:
        """As ``DailyMetric.strata`` has it, fields by name."""
        return {
            "documents": self.documents,
            "values": self.values,
            "squares": self.squares,
            "fields": dict(sorted(self.fields.items())),
            "bins": self.bins,
        }


@dataclass
class Sums:
    """A day of one vendor or of all. ``numbers`` are the columns of ``DailyMetric`` that are counts."""

    numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    fields: dict[str, list[int]] = field(default_factory=dict)
    confidence: list[list[int]] = field(default_factory=lambda: [[0, 0, 0] for _ in range(BINS)])
    strata: dict[str, Stratum] = field(default_factory=lambda: {name: Stratum() for name in STRATA})
    ocr_ten_thousandths: int = 0
    effort_ms: int = 0
    newest: tuple[int, str] = (0, "")

    def reading(self, route: str, bins: Sequence[int], **numbers: int) -> None:
        """A document that came in that day and was read."""
        self.add(**{f"read_{route}": 1}, **numbers)
        for own, count in zip(self.confidence, bins, strict=False):
            own[0] += count

    def judged(self, stratum: str, accepted: bool, judged: int, right: int, exact: bool, fields: Any, bins: Any) -> None:
        """A settled document whose reading was held to the truth."""
        self.add(judged_values=judged, right_values=right, judged_documents=1, right_documents=int(exact))
        if accepted:
            self.add(accepted_judged=1, accepted_right=int(exact))
        for name, counts in fields.items():
            _add(self.fields.setdefault(name, [0, 0, 0]), counts)
        for place, *counts in bins:
            _add(self.confidence[place], (0, counts[0], counts[1]))
        self.strata[stratum].document(judged, right, exact, fields, bins)

    def add(self, **numbers: int) -> None:
        """So many more."""
        for name, count in numbers.items():
            self.numbers[name] += count

    def to_row(self) -> dict[str, Any]:
        """The columns of ``DailyMetric``."""
        return {
            **self.numbers,
            "fields": dict(sorted(self.fields.items())),
            "strata": {name: stratum.to_json() for name, stratum in self.strata.items()},
            "confidence": self.confidence,
            "ocr_confidence": self.ocr_ten_thousandths / 10_000,
            "effort_seconds": self.effort_ms / 1000,
            "model_id": self.newest[1],
        }


def _add(own: list[int], more: Sequence[int]) -> None:
    for place, count in enumerate(more):
        own[place] += count
