"""A labeler's accuracy against settled truth: a number of its own, apart from agreement.

Truth is the gold of documents that two people labeled (agreed or adjudicated) or that were known beforehand (gold tests). Give every
settled document, those that agreed as well: of adjudicated ones alone a labeler would be judged by the hardest. Who is judged and over
which time is the caller's choice: one ``Sums`` for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.agreement.counting import CELLS, CRITICAL, HEADER
from mlcore.agreement.figures import FLOOR, Figure
from mlcore.agreement.poisson import Ints, Poisson
from mlcore.agreement.ratios import LEVEL, Ratio, difference, share_by_wilson
from mlcore.agreement.sums import Sums
from mlcore.compare import Outcome, compare_records
from mlcore.schema import InvoiceRecord

FIELDS = (*HEADER, *CELLS)
COLUMNS: tuple[str, ...] = (
    *("documents", "valued", "exact", "critical_valued", "critical"),
    *(f"{name}:{part}" for name in FIELDS for part in ("right", "decided", "documents")),
)
"""``decided`` are values that the label or the truth has, ``documents`` those with one; cells of a missing or extra row are wrong."""

_AT = {name: number for number, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class LabelerAccuracy:
    """``exact`` and ``critical`` are shares of documents right in everything, in every critical field; ``values`` of values right.

    ``fields`` is by name, in the order of the schema.
    """

    documents: int
    exact: Figure
    critical: Figure
    values: Figure
    fields: dict[str, Figure]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        fields = {name: figure.to_json() for name, figure in self.fields.items()}
        plain = {name: getattr(self, name).to_json() for name in ("exact", "critical", "values")}
        return {"documents": self.documents, **plain, "fields": fields}


def accuracy_sums(judged: Iterable[tuple[str, InvoiceRecord, InvoiceRecord]], poisson: Poisson | None = None) -> Sums:
    """Count ``(document id, label, truth)``, each document once. Sums of one labeler's months add up."""
    counted = ((name, _count(label, truth)) for name, label, truth in judged)
    return Sums.of(COLUMNS, counted, poisson or Poisson())


def accuracy_of(sums: Sums, *, floor: int = FLOOR, level: float = LEVEL) -> LabelerAccuracy:
    """Every figure. Intervals are Wilson's where a document is one trial (header fields, ``exact``, ``critical``), else the
    bootstrap's over documents, because the cells of a document fail together."""
    plain = {name: share_by_wilson(sums, ratio, floor=floor, level=level) for name, ratio in _RATIOS.items()}
    return LabelerAccuracy(
        sums.count("documents"),
        plain["exact"],
        plain["critical"],
        plain["values"],
        {name: plain[name] for name in FIELDS},
    )


def effect_of_showing(shown: Sums, hidden: Sums, *, floor: int = FLOOR, level: float = LEVEL) -> dict[str, Figure]:
    """Accuracy with the pre-fill shown less accuracy with it hidden, by field and for ``exact``, ``critical`` and ``values``.

    Above 0 the pre-fill helps. It means something only where chance decided who was shown it; the documents must be different ones.
    """
    effects = {}
    for name, ratio in _RATIOS.items():
        one, other = (share_by_wilson(sums, ratio, floor=floor, level=level) for sums in (shown, hidden))
        effects[name] = difference(one, other)
    return effects


def _count(label: InvoiceRecord, truth: InvoiceRecord) -> Ints:
    counts = np.zeros(len(COLUMNS), dtype=np.int64)
    wrong, decided = set(), set()
    for field in compare_records(truth, label).fields:
        if field.outcome is Outcome.BOTH_ABSENT:
            continue
        decided.add(field.name)
        counts[_AT[f"{field.name}:decided"]] += 1
        counts[_AT[f"{field.name}:documents"]] = 1
        if field.outcome is Outcome.CORRECT:
            counts[_AT[f"{field.name}:right"]] += 1
        else:
            wrong.add(field.name)
    counts[_AT["documents"]] = 1
    counts[_AT["valued"]] = bool(decided)
    counts[_AT["exact"]] = bool(decided) and not wrong
    counts[_AT["critical_valued"]] = bool(CRITICAL & decided)
    counts[_AT["critical"]] = bool(CRITICAL & decided) and not CRITICAL & wrong
    return counts


def _right(*names: str, single: bool = False, documents: str = "") -> Ratio:
    return Ratio(
        {f"{name}:right": 1 for name in names},
        {f"{name}:decided": 1 for name in names},
        {documents or f"{names[0]}:documents": 1},
        single,
    )


_RATIOS = {
    "exact": Ratio({"exact": 1}, {"valued": 1}, {"valued": 1}, single=True),
    "critical": Ratio({"critical": 1}, {"critical_valued": 1}, {"critical_valued": 1}, single=True),
    "values": _right(*FIELDS, documents="valued"),
    **{name: _right(name, single=True) for name in HEADER},
    **{name: _right(name) for name in CELLS},
}
