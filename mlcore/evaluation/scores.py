"""What an evaluation says: frozen values and their JSON form. ``metrics`` makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlcore.compare import Outcome
from mlcore.evaluation.bootstrap import Resampling
from mlcore.evaluation.counting import COLUMNS, at

FORMAT = 1
"""Version of the JSON form."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval. ``value`` is ``None`` where nothing could be right or wrong; ``low`` and ``high`` are
    ``None`` where there is but one cluster to resample."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def to_json(self) -> dict[str, float | None]:
        """``{"value", "low", "high"}`` to six decimals."""
        return {name: _rounded(getattr(self, name)) for name in ("value", "low", "high")}

    @classmethod
    def from_json(cls, data: Mapping[str, float | None]) -> Estimate:
        """Inverse of ``to_json``. Raises ``KeyError``."""
        return cls(data["value"], data["low"], data["high"])


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """One scored document; ``counts`` are in the order of ``counting.COLUMNS``. Holds no value of the document
    beside the key of its vendor."""

    id: str
    vendor: str
    layout: str
    set_name: str
    seen: bool
    failure: str
    counts: tuple[float, ...]
    wrong_fields: tuple[str, ...]

    def count(self, column: str) -> float:
        """One of the counts."""
        return self.counts[at(column)]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; whole counts without a point."""
        whole = [int(n) if n == int(n) else round(n, 6) for n in self.counts]
        return {
            "id": self.id, "vendor": self.vendor, "layout": self.layout, "set": self.set_name, "seen": self.seen,
            "failure": self.failure, "counts": whole, "wrong_fields": list(self.wrong_fields),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DocumentScore:
        """Inverse of ``to_json``. Raises ``KeyError``, ``TypeError`` or ``ValueError``."""
        counts = tuple(float(n) for n in data["counts"])
        if len(counts) != len(COLUMNS):
            raise ValueError(f"{len(counts)} counts; this version has {len(COLUMNS)}")
        return cls(
            str(data["id"]), str(data["vendor"]), str(data["layout"]), str(data["set"]), bool(data["seen"]), str(data["failure"]),
            counts, tuple(str(name) for name in data["wrong_fields"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldScore:
    """One field over all documents: how often it ended in each outcome, and what follows."""

    name: str
    outcomes: Mapping[Outcome, int]
    accuracy: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate

    @property
    def decided(self) -> int:
        """Values that either side has."""
        return sum(n for outcome, n in self.outcomes.items() if outcome is not Outcome.BOTH_ABSENT)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        parts = ("accuracy", "precision", "recall", "f1")
        counts = {outcome.value: n for outcome, n in self.outcomes.items()}
        return {"name": self.name, **counts, **{part: getattr(self, part).to_json() for part in parts}}


@dataclass(frozen=True, slots=True)
class RowScore:
    """Line items: ``found`` counts all rows that were read, ``matched`` those that are rows of the document."""

    expected: int
    found: int
    matched: int
    right: int
    recall: Estimate
    precision: Estimate
    accuracy: Estimate

    @property
    def missing(self) -> int:
        """Rows of the document that were not found."""
        return self.expected - self.matched

    @property
    def extra(self) -> int:
        """Found rows that are none of the document."""
        return self.found - self.matched

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        counts = {name: getattr(self, name) for name in ("expected", "found", "matched", "missing", "extra", "right")}
        return {**counts, **{name: getattr(self, name).to_json() for name in ("recall", "precision", "accuracy")}}


@dataclass(frozen=True, slots=True)
class TypeScore:
    """One line type; ``support`` counts expected rows of it, ``called`` rows that were called so."""

    name: str
    support: int
    called: int
    hits: int
    precision: Estimate
    recall: Estimate
    f1: Estimate

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        counts = {name: getattr(self, name) for name in ("name", "support", "called", "hits")}
        return {**counts, **{name: getattr(self, name).to_json() for name in ("precision", "recall", "f1")}}


@dataclass(frozen=True, slots=True)
class GroupScore:
    """Some of the documents. ``kind`` is ``set``, ``layout``, ``vendor`` or ``seen`` (named ``seen`` and ``unseen``).

    ``unit`` says what the intervals resample: ``vendor``, or ``document`` where there is but one vendor.
    """

    kind: str
    name: str
    documents: int
    vendors: int
    failed: int
    unit: str
    field_accuracy: Estimate
    guide_accuracy: Estimate
    end_to_end: Estimate

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        counts = {name: getattr(self, name) for name in ("kind", "name", "documents", "vendors", "failed", "unit")}
        return {**counts, **{name: getattr(self, name).to_json() for name in ("field_accuracy", "guide_accuracy", "end_to_end")}}


@dataclass(frozen=True)
class Evaluation:
    """One system on one set of documents. ``overall`` and ``gap`` are by name of the measure (``measures.MEASURES``, and
    ``vendor_mean`` and ``rare_f1``); ``gap`` is seen less unseen vendors, empty unless there are both."""

    documents: tuple[DocumentScore, ...]
    vendors: int
    unit: str
    resampling: Resampling
    overall: Mapping[str, Estimate]
    fields: tuple[FieldScore, ...]
    rows: RowScore
    line_types: tuple[TypeScore, ...]
    groups: tuple[GroupScore, ...]
    gap: Mapping[str, Estimate]

    @property
    def failed(self) -> int:
        """Documents without a record."""
        return sum(bool(document.failure) for document in self.documents)

    def of_kind(self, kind: str) -> Sequence[GroupScore]:
        """Groups of one kind."""
        return [group for group in self.groups if group.kind == kind]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; ``metrics.evaluation_from_json`` reads it back."""
        how = self.resampling
        return {
            "format": FORMAT,
            "count": len(self.documents),
            "vendors": self.vendors,
            "failed": self.failed,
            "intervals": {"unit": self.unit, "level": how.level, "resamples": how.resamples, "seed": how.seed},
            "overall": {name: estimate.to_json() for name, estimate in self.overall.items()},
            "gap": {name: estimate.to_json() for name, estimate in self.gap.items()},
            "fields": [field.to_json() for field in self.fields],
            "line_items": self.rows.to_json(),
            "line_types": [kind.to_json() for kind in self.line_types],
            "groups": [group.to_json() for group in self.groups],
            "columns": list(COLUMNS),
            "documents": [document.to_json() for document in self.documents],
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
