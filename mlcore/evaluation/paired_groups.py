"""Two systems vendor by vendor: the difference in each, with an interval from resamples of its documents that both share.

For reading, not for deciding: of twenty vendors without a difference one shows one all the same. The gate asks about the largest vendors
alone, and about non-inferiority. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlcore.evaluation.bootstrap import Resampling, interval, resampled
from mlcore.evaluation.measures import field_accuracy
from mlcore.evaluation.paired import mcnemar
from mlcore.evaluation.scores import DocumentScore, Estimate, Evaluation


@dataclass(frozen=True, slots=True)
class VendorPair:
    """``first`` and ``second`` are field accuracies (``None``: no value to judge), ``difference`` is second less first.

    ``won`` and ``lost`` count documents that are wholly right with the second, or with the first, alone; ``p_value`` is McNemar's.
    """

    vendor: str
    documents: int
    first: float | None
    second: float | None
    difference: Estimate
    won: int
    lost: int
    p_value: float


def by_vendor(first: Evaluation, second: Evaluation) -> list[VendorPair]:
    """The vendors of two evaluations of the same documents, the most documents first. Both must have the same documents."""
    others = {document.id: document for document in second.documents}
    groups: dict[str, list[tuple[DocumentScore, DocumentScore]]] = {}
    for document in first.documents:
        groups.setdefault(document.vendor, []).append((document, others[document.id]))
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return [_pair(vendor, pairs, first.resampling) for vendor, pairs in ordered]


def changed_documents(first: Evaluation, second: Evaluation) -> list[tuple[DocumentScore, DocumentScore]]:
    """The documents whose scores differ: the lost ones first, then the won ones, then the others, each by the size of the change."""
    others = {document.id: document for document in second.documents}
    pairs = [(one, others[one.id]) for one in first.documents if one.counts != others[one.id].counts]
    return sorted(pairs, key=lambda pair: (*_order(*pair), pair[0].id))


def _order(one: DocumentScore, other: DocumentScore) -> tuple[int, float]:
    was, now = one.count("exact") > 0, other.count("exact") > 0
    kind = 0 if was and not now else 1 if now and not was else 2
    return kind, -abs(len(one.wrong_fields) - len(other.wrong_fields))


def _pair(vendor: str, pairs: Sequence[tuple[DocumentScore, DocumentScore]], resampling: Resampling) -> VendorPair:
    sums = [np.array([pair[side].counts for pair in pairs]) for side in (0, 1)]
    totals = [float(field_accuracy(side.sum(axis=0))) for side in sums]
    won = sum(other.count("exact") > one.count("exact") for one, other in pairs)
    lost = sum(other.count("exact") < one.count("exact") for one, other in pairs)
    return VendorPair(
        vendor, len(pairs), _known(totals[0]), _known(totals[1]), _difference(sums, resampling), won, lost, mcnemar(lost, won)
    )


def _difference(sums: Sequence[np.ndarray[tuple[int, int], np.dtype[np.float64]]], resampling: Resampling) -> Estimate:
    value = float(field_accuracy(sums[1].sum(axis=0)) - field_accuracy(sums[0].sum(axis=0)))
    if np.isnan(value):
        return Estimate(None)
    if len(sums[0]) < 2:
        return Estimate(value)
    drawn = [field_accuracy(resampled(side, resampling)) for side in sums]
    bounds = interval(drawn[1] - drawn[0], resampling.level)
    return Estimate(value, *bounds) if bounds else Estimate(value)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
