"""Ratios of sums with intervals: the middle of the resamples, an exact bound where every document says the same, or Wilson's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from mlcore.agreement.figures import FLOOR, Figure, Measured, NotEnough
from mlcore.agreement.sums import Sums
from mlcore.evaluation.bootstrap import interval

Floats = NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True)
class Ratio:
    """A share: a linear form of counts over another that is never smaller. ``documents`` says which count is its number of documents.

    ``single`` says that each document is right or wrong as a whole, so that no resampling is needed.
    """

    over: Mapping[str, int]
    under: Mapping[str, int]
    documents: Mapping[str, int]
    single: bool = False


def share(sums: Sums, ratio: Ratio, *, floor: int = FLOOR, level: float = LEVEL) -> Figure:
    """The ratio over all documents, with the bootstrap's interval over documents."""
    (over, resampled_over), (under, resampled_under) = sums.form(ratio.over), sums.form(ratio.under)
    n = sums.form(ratio.documents)[0]
    if n < max(1, floor) or under <= 0:
        return NotEnough(n, floor)
    value = over / under
    if over in (0, under):
        return Measured(value, *edge(value, n, level), n)
    low, high = interval(divided(resampled_over, resampled_under), level) or (None, None)
    return Measured(value, low, high, n)


def share_by_wilson(sums: Sums, ratio: Ratio, *, floor: int = FLOOR, level: float = LEVEL) -> Figure:
    """The ratio with Wilson's interval where a document is right or wrong as a whole, else as ``share``."""
    if not ratio.single:
        return share(sums, ratio, floor=floor, level=level)
    over, under = sums.form(ratio.over)[0], sums.form(ratio.under)[0]
    if under < max(1, floor):
        return NotEnough(under, floor)
    return Measured(over / under, *wilson(over, under, level), under)


def divided(over: NDArray[np.int64], under: NDArray[np.int64]) -> Floats:
    """Elementwise; ``nan`` where nothing could agree."""
    quotient: Floats = np.divide(over, under, out=np.full(np.shape(over), np.nan), where=under > 0)
    return quotient


def edge(value: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact binomial interval of none or all of ``n`` documents (Clopper and Pearson 1934): resamples would all be the same."""
    reach: float = ((1 - level) / 2) ** (1 / n)
    return (reach, 1.0) if value >= 0.5 else (0.0, 1 - reach)


def wilson(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval of a share (1927) of independent trials. ``n`` is at least 1."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    p, spread = hits / n, z * z / n
    middle, half = p + spread / 2, z * sqrt(p * (1 - p) / n + spread / (4 * n))
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return low if hits else 0.0, high if hits < n else 1.0


def difference(one: Figure, other: Figure) -> Figure:
    """One share less another of other documents; the interval joins theirs (MOVER: Newcombe 1998, method 10; Zou and Donner 2008)."""
    if isinstance(one, NotEnough) or isinstance(other, NotEnough):
        return min((f for f in (one, other) if isinstance(f, NotEnough)), key=lambda figure: figure.n)
    value, n = one.value - other.value, min(one.n, other.n)
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return Measured(value, None, None, n)
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Measured(value, value - below, value + above, n)
