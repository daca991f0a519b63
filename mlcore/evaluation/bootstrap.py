"""Clustered bootstrap: whole vendors are drawn with replacement, because documents of one vendor fail together.

Percentile intervals (Efron and Tibshirani 1993, chapter 13; resampling of clusters: Davison and Hinkley 1997, section 3.8).
With few clusters they are too narrow; the number of clusters stands beside every interval. An interval without width says
that no resample changed the value (no error was seen), not that there is no doubt.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlcore.errors import EvaluationError
from mlcore.evaluation.counting import Counts

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made: number of resamples, level (0.95: from 2.5 % to 97.5 %) and seed.

    Raises ``EvaluationError`` for fewer than one resample or a level outside of 0..1.
    """

    resamples: int = 2_000
    level: float = 0.95
    seed: int = 7

    def __post_init__(self) -> None:
        if self.resamples < 1 or not 0 < self.level < 1:
            raise EvaluationError(f"{self.resamples} resamples at level {self.level}; take at least 1 and a level between 0 and 1.")


def cluster_sums(counts: Counts, clusters: Sequence[Hashable]) -> Counts:
    """Rows of the same cluster summed: ``(documents, columns)`` becomes ``(clusters, columns)``, in order of first sight."""
    numbers: dict[Hashable, int] = {}
    index = np.array([numbers.setdefault(cluster, len(numbers)) for cluster in clusters], dtype=np.intp)
    sums = np.zeros((len(numbers), counts.shape[1]))
    np.add.at(sums, index, counts)
    return sums


def draws(clusters: int, resampling: Resampling, stream: int = 0) -> Floats:
    """How often each cluster is in each resample, shape ``(resamples, clusters)``; ``stream`` tells independent draws apart."""
    rng = np.random.default_rng((resampling.seed, stream))
    return rng.multinomial(clusters, np.full(clusters, 1 / clusters), size=resampling.resamples).astype(float)


def resampled(sums: Counts, resampling: Resampling, stream: int = 0) -> Counts:
    """Sums of each resample, shape ``(resamples, columns)``. The same number of clusters, seed and stream give the same draws."""
    return draws(len(sums), resampling, stream) @ sums


def interval(values: Floats, level: float) -> tuple[float, float] | None:
    """The middle ``level`` of the values; resamples without a value are left out. ``None`` when fewer than half have one."""
    there = values[~np.isnan(values)]
    if not len(there) or 2 * len(there) < len(values):
        return None
    low, high = np.quantile(there, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
