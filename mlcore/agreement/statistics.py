"""Agreement over many pairs: ``agreement_of`` turns a tally into every figure, each with its interval and its number of documents.

Rules: shares are of present values (two absent values agree about nothing), presence is a number of its own; kappa and alpha stand
for closed sets only and beside percent and prevalence; under a floor of documents there is no number. ``docs/agreement.md`` has the
formulas. Which pairs are counted together (a vendor, two people, a month, a ``PrefillPair``) is the caller's choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mlcore.agreement.closed_sets import ClosedSet, closed_set, closed_set_of_cells
from mlcore.agreement.counting import CELLS, HEADER, TYPES
from mlcore.agreement.figures import FLOOR, Figure
from mlcore.agreement.outcomes import ROWS, FieldAgreement
from mlcore.agreement.ratios import LEVEL, Ratio, share
from mlcore.agreement.sums import Sums
from mlcore.agreement.tally import Tally

_SAME, _DIFFERING = FieldAgreement.SAME, FieldAgreement.DIFFERING
_FIRST, _SECOND, _ABSENT = FieldAgreement.FIRST_ONLY, FieldAgreement.SECOND_ONLY, FieldAgreement.BOTH_ABSENT


@dataclass(frozen=True, slots=True)
class FieldStatistics:
    """One field; of a line item's cells, those of matched rows.

    ``counts`` is by outcome. ``agreement`` is the share of same among those that either has, ``values`` among those that both have;
    ``presence_f1`` treats having a value as the class; ``presence`` is the closed set present or absent.
    """

    name: str
    counts: dict[FieldAgreement, int]
    agreement: Figure
    values: Figure
    presence_f1: Figure
    presence: ClosedSet

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        counts = {outcome.value: n for outcome, n in self.counts.items()}
        figures = {name: getattr(self, name).to_json() for name in ("agreement", "values", "presence_f1", "presence")}
        return {"name": self.name, "counts": counts, **figures}


@dataclass(frozen=True, slots=True)
class AgreementStatistics:
    """Everything that a set of pairs says.

    ``exact`` and ``critical`` are shares of documents without any difference, without a critical one. ``values`` is the share of same
    among all values that either has, rows of one side included. ``row_f1`` is twice the matched rows over all rows, ``cells`` the
    share of same among the cells of matched rows that either has, ``row_count`` the share of documents with as many rows.
    """

    documents: int
    exact: Figure
    critical: Figure
    values: Figure
    row_f1: Figure
    cells: Figure
    row_count: Figure
    fields: tuple[FieldStatistics, ...]
    item_type: ClosedSet
    vendor: ClosedSet

    def field(self, name: str) -> FieldStatistics:
        """One field by its name. Raises ``KeyError``."""
        found = {field.name: field for field in self.fields}
        return found[name]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        names = ("exact", "critical", "values", "row_f1", "cells", "row_count", "item_type", "vendor")
        figures = {name: getattr(self, name).to_json() for name in names}
        return {"documents": self.documents, **figures, "fields": [field.to_json() for field in self.fields]}


def agreement_of(tally: Tally, *, floor: int = FLOOR, level: float = LEVEL) -> AgreementStatistics:
    """Every figure of a tally. Costs the same for two pairs and for 100,000.

    ``floor`` is the fewest documents behind a number, ``level`` that of the intervals.
    """
    sums = tally.sums
    plain = {name: share(sums, ratio, floor=floor, level=level) for name, ratio in _DOCUMENT_RATIOS.items()}
    types = [[(f"type:{first}:{second}",) for second in TYPES] for first in TYPES]
    return AgreementStatistics(
        documents=tally.documents,
        **plain,
        fields=tuple(_field(sums, name, floor, level) for name in (*HEADER, *CELLS)),
        item_type=closed_set(f"{ROWS}.type", sums, types, {"typed": 1}, floor=floor, level=level),
        vendor=closed_set_of_cells("vendor", tally.vendors, floor=floor, level=level),
    )


def _columns(name: str, *outcomes: FieldAgreement, times: int = 1) -> dict[str, int]:
    return {f"{name}:{outcome}": times for outcome in outcomes}


def _values(*names: str) -> Ratio:
    either = {column: 1 for name in names for column in _columns(name, _SAME, _DIFFERING, _FIRST, _SECOND)}
    same = {column: 1 for name in names for column in _columns(name, _SAME)}
    return Ratio(same, either, {})


_ALL = _values(*HEADER, *CELLS)
_CELL = _values(*CELLS)
_DOCUMENT_RATIOS = {
    "exact": Ratio({"exact": 1}, {"valued": 1}, {"valued": 1}),
    "critical": Ratio({"critical": 1}, {"critical_valued": 1}, {"critical_valued": 1}),
    "values": Ratio(_ALL.over, {**_ALL.under, "lone_values": 1}, {"valued": 1}),
    "row_f1": Ratio({"matched": 2}, {"rows_first": 1, "rows_second": 1}, {"with_rows": 1}),
    "cells": Ratio(_CELL.over, _CELL.under, {"with_matched": 1}),
    "row_count": Ratio({"same_row_count": 1}, {"with_rows": 1}, {"with_rows": 1}),
}


def _field(sums: Sums, name: str, floor: int, level: float) -> FieldStatistics:
    either = _columns(name, _SAME, _DIFFERING, _FIRST, _SECOND)
    both = _columns(name, _SAME, _DIFFERING)
    present = {f"{name}:documents": 1} if name in CELLS else either
    judged = {"with_matched": 1} if name in CELLS else {"documents": 1}
    doubled = _columns(name, _SAME, _DIFFERING, times=2)
    ratios = {
        "agreement": Ratio(_columns(name, _SAME), either, present),
        "values": Ratio(_columns(name, _SAME), both, present if name in CELLS else both),
        "presence_f1": Ratio(doubled, {**doubled, **_columns(name, _FIRST, _SECOND)}, present),
    }
    table: list[list[tuple[str, ...]]] = [[tuple(both), (f"{name}:{_FIRST}",)], [(f"{name}:{_SECOND}",), (f"{name}:{_ABSENT}",)]]
    return FieldStatistics(
        name,
        {outcome: sums.count(f"{name}:{outcome}") for outcome in FieldAgreement},
        **{key: share(sums, ratio, floor=floor, level=level) for key, ratio in ratios.items()},
        presence=closed_set(f"{name} present", sums, table, judged, floor=floor, level=level),
    )
