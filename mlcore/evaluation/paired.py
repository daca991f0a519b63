"""Two systems on the same documents: McNemar's exact test on whole documents, and the difference of each measure with an
interval from resamples that both share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.compare import Outcome
from mlcore.errors import EvaluationError
from mlcore.evaluation.bootstrap import cluster_sums, interval, resampled
from mlcore.evaluation.counting import FIELDS, at
from mlcore.evaluation.measures import MEASURES, Measure, field_measure
from mlcore.evaluation.scores import DocumentScore, Estimate, Evaluation

MEASURES_COMPARED = ("field_accuracy", "guide_accuracy", "end_to_end", "payment_right", "anls", "rows_right")


@dataclass(frozen=True)
class Paired:
    """``second`` against ``first``. The four counts are whole documents right by both, by one alone, by none.

    ``p_value`` is McNemar's exact two-sided one: it takes documents for independent, which those of one vendor are not, so
    read it beside ``differences`` (second less first, resampled by vendor; fields by their name as ``field:total``).
    """

    first: str
    second: str
    both: int
    first_only: int
    second_only: int
    neither: int
    p_value: float
    vendors: int
    differences: Mapping[str, Estimate]

    @property
    def documents(self) -> int:
        """How many documents both systems read."""
        return self.both + self.first_only + self.second_only + self.neither

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        names = ("first", "second", "documents", "vendors", "both", "first_only", "second_only", "neither", "p_value")
        plain = {name: getattr(self, name) for name in names}
        return {**plain, "differences": {name: estimate.to_json() for name, estimate in self.differences.items()}}


def mcnemar(first_only: int, second_only: int) -> float:
    """Exact two-sided p-value: the binomial test that of the documents right by one system alone, half are right by each.

    McNemar 1947; twice the smaller tail, at most 1. No such document gives 1.
    """
    discordant = first_only + second_only
    ways = tail = 1
    for k in range(min(first_only, second_only)):
        ways = ways * (discordant - k) // (k + 1)
        tail += ways
    return min(1.0, float(2 * tail / 2**discordant)) if discordant else 1.0


def compare_systems(first: Evaluation, second: Evaluation, names: tuple[str, str] = ("first", "second")) -> Paired:
    """Compare two evaluations of the same documents. Raises ``EvaluationError`` when the documents or their labels differ."""
    left, right = _same_documents(first, second, names)
    exact = np.array([[document.count("exact") > 0 for document in side] for side in (left, right)])
    first_only, second_only = int((exact[0] & ~exact[1]).sum()), int((~exact[0] & exact[1]).sum())
    both = int((exact[0] & exact[1]).sum())
    return Paired(
        *names,
        both,
        first_only,
        second_only,
        len(left) - both - first_only - second_only,
        mcnemar(first_only, second_only),
        first.vendors,
        _differences(left, right, first),
    )


def _same_documents(
    first: Evaluation, second: Evaluation, names: tuple[str, str]
) -> tuple[tuple[DocumentScore, ...], tuple[DocumentScore, ...]]:
    others = {document.id: document for document in second.documents}
    alone = {document.id for document in first.documents} ^ others.keys()
    if alone:
        raise EvaluationError(
            f"{len(alone)} documents were read by only one of {names[0]!r} and {names[1]!r}, for example {min(alone)!r}; "
            "compare them on the documents that both have read (metrics.restricted)."
        )
    right = tuple(others[document.id] for document in first.documents)
    for one, other in zip(first.documents, right, strict=True):
        if _labels(one) != _labels(other) or one.vendor != other.vendor:
            raise EvaluationError(f"Document {one.id!r} was scored against other labels by {names[1]!r}; evaluate both on the same file.")
    return first.documents, right


def _labels(document: DocumentScore) -> tuple[float, ...]:
    """How many values each field was expected to have."""
    expected = (Outcome.CORRECT, Outcome.WRONG, Outcome.MISSING)
    return tuple(sum(document.counts[at(f"{name}:{outcome}")] for outcome in expected) for name in FIELDS)


def _differences(left: tuple[DocumentScore, ...], right: tuple[DocumentScore, ...], first: Evaluation) -> dict[str, Estimate]:
    clusters = [document.vendor if first.unit == "vendor" else document.id for document in left]
    sums = [cluster_sums(np.array([document.counts for document in side]), clusters) for side in (left, right)]
    drawn = [resampled(side, first.resampling) for side in sums]
    compared: dict[str, Measure] = {name: MEASURES[name] for name in MEASURES_COMPARED}
    compared |= {f"field:{name}": field_measure(name) for name in FIELDS}
    found = {}
    for name, measure in compared.items():
        value = float(measure(sums[1].sum(axis=0)) - measure(sums[0].sum(axis=0)))
        if not np.isnan(value):
            bounds = interval(measure(drawn[1]) - measure(drawn[0]), first.resampling.level) if len(sums[0]) > 1 else None
            found[name] = Estimate(value, *bounds) if bounds else Estimate(value)
    return found
