"""Thresholds above which a wanted share is right, guaranteed in all but one of twenty calibrations.

Learn-then-Test (Angelopoulos and others, 2021): "precision is too low at this threshold" is tested for one threshold after the
other, from the strictest on, each at the full error rate, and the last one that passed before the first failure is taken.
So the choice of the threshold is paid for. The order must not depend on the right and wrong of the documents that are tested.

One document counts once. Where a document is right or wrong as a whole the test is the exact binomial one (Clopper and Pearson,
1934). Where it has many values, which are right and wrong together, its share of right values counts, by the bound of Hoeffding and
Bentkus. What is guaranteed is for documents like the calibration's, drawn alike. Needs SciPy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betaincinv

from mlcore.confidence.certificates import CONFIDENCE, Certificate, NotCertifiable, needed

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_START = 1.5
"""The sequence begins where this many times the documents that must be right without error are expected."""


def lower_bound(right: int, count: int, confidence: float = CONFIDENCE) -> float:
    """One-sided Clopper-Pearson bound of a share; 0 without documents."""
    return float(betaincinv(right, count - right + 1, 1 - confidence)) if right else 0.0


def certify(
    scores: Floats, right: Flags, precision: float, thresholds: Sequence[float], *, confidence: float = CONFIDENCE
) -> Certificate | NotCertifiable:
    """The lowest threshold that certifies ``precision`` for documents that are right or wrong as a whole.

    ``thresholds`` fall strictly and were chosen without looking at ``right`` (``thresholds_from``, or a fixed grid). Raises
    ``ValueError`` when they do not fall or when precision or confidence are not strictly between 0 and 1.
    """

    def chance_and_bound(accepted: Floats) -> tuple[float, float]:
        hits, count = int(accepted.sum()), len(accepted)
        return float(bdtr(count - hits, count, 1 - precision)), lower_bound(hits, count, confidence)

    # bdtr(k, n, q) is P(at most k errors of n | error rate q): the p-value of "precision is at most 1 - q"
    return _walk(scores, right.astype(np.float64), precision, thresholds, confidence, chance_and_bound)


def certify_values(
    scores: Floats,
    right: Flags,
    documents: NDArray[np.str_],
    precision: float,
    thresholds: Sequence[float],
    *,
    confidence: float = CONFIDENCE,
) -> Certificate | NotCertifiable:
    """The lowest threshold that certifies the precision of single values, averaged by document; documents are tested, not values.

    Thresholds and errors as in ``certify``.
    """

    def chance_and_bound(shares: Floats) -> tuple[float, float]:
        risk, count = 1 - float(shares.mean()), len(shares)
        return _hoeffding_bentkus(risk, count, 1 - precision), _highest(lambda p: _hoeffding_bentkus(risk, count, 1 - p) <= 1 - confidence)

    groups = np.unique(documents, return_inverse=True)[1]
    return _walk(scores, right.astype(np.float64), precision, thresholds, confidence, chance_and_bound, groups)


def thresholds_from(scores: Floats, count: int, precision: float, *, confidence: float = CONFIDENCE, steps: int = 25) -> tuple[float, ...]:
    """Falling thresholds for ``count`` documents to be tested, from the scores of other documents.

    The first leaves about so many accepted that a few errors do no harm (where documents are short, so many that one would), the last
    accepts nearly all; evenly by rank between.
    """
    least = needed(precision, confidence)
    first = min(1.0, (_START * least if count >= _START * least else least) / max(1, count))
    ranks = np.quantile(scores, 1 - np.linspace(first, 1.0, steps), method="lower")
    return tuple(float(score) for score in np.unique(ranks)[::-1])


_Test = Callable[[Floats], tuple[float, float]]
"""From the rightness of the accepted documents to the p-value of "precision is too low", and the precision that is certain."""


def _walk(
    scores: Floats,
    right: Floats,
    precision: float,
    thresholds: Sequence[float],
    confidence: float,
    chance_and_bound: _Test,
    groups: NDArray[np.int64] | None = None,
) -> Certificate | NotCertifiable:
    if not (0 < precision < 1 and 0 < confidence < 1):
        raise ValueError(f"Precision {precision} and confidence {confidence} must lie strictly between 0 and 1.")
    if any(higher <= lower for higher, lower in pairwise(thresholds)) or not thresholds:
        raise ValueError("Give at least one threshold, the strictest first, each lower than the one before.")
    count = len(scores) if groups is None else int(groups.max(initial=-1)) + 1
    found: Certificate | None = None
    first = (0, 0.0)
    for threshold in thresholds:
        accepted = _by_document(right, scores >= threshold, groups)
        share = float(accepted.mean()) if len(accepted) else 0.0
        if threshold == thresholds[0]:
            first = len(accepted), share
        chance, bound = chance_and_bound(accepted) if len(accepted) else (1.0, 0.0)
        if chance > 1 - confidence:
            break
        found = Certificate(precision, confidence, threshold, count, len(accepted), share, bound)
    return found or NotCertifiable(precision, confidence, count, *first)


def _by_document(right: Floats, taken: Flags, groups: NDArray[np.int64] | None) -> Floats:
    if groups is None:
        return right[taken]
    own, counts = np.unique(groups[taken], return_inverse=True)[1], np.bincount(groups[taken])
    shares: Floats = np.bincount(own, right[taken]) / counts[counts > 0] if len(own) else np.empty(0)
    return shares


def _hoeffding_bentkus(risk: float, count: int, limit: float) -> float:
    """P-value of "the mean risk is at least ``limit``" for ``count`` independent risks in 0..1 with mean ``risk``."""
    if risk >= limit:
        return 1.0
    apart = (risk * math.log(risk / limit) if risk else 0.0) + (1 - risk) * math.log((1 - risk) / (1 - limit))
    bentkus = math.e * float(bdtr(math.ceil(count * risk - 1e-9), count, limit))
    return min(1.0, math.exp(-count * apart), bentkus)


def _highest(holds: Callable[[float], bool]) -> float:
    """The largest precision, to a ten-thousandth, that a test which holds below it still passes."""
    low, high = 0, 10_000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle / 10_000) else (low, middle)
    return low / 10_000
