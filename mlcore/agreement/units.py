"""Krippendorff's alpha where units have any number of labels: some labeled once, twice or three times, by whoever it was."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from mlcore.agreement.chance import Floats, alpha_of
from mlcore.agreement.figures import FLOOR, ChanceFigure, Measured, NotEnough, OneCategory
from mlcore.agreement.ratios import LEVEL
from mlcore.evaluation.bootstrap import Resampling, cluster_sums, interval, resampled


def alpha_of_units(
    units: Sequence[Sequence[Hashable]],
    documents: Sequence[Hashable] | None = None,
    *,
    resampling: Resampling | None = None,
    floor: int = FLOOR,
) -> ChanceFigure:
    """Alpha (nominal) of units, each the labels it was given; ``None`` is a missing one. A unit with fewer than two is left out.

    ``documents`` says to which document each unit belongs (rows of one document are resampled together); by default each is its own.
    The interval is the bootstrap's over documents; where every unit agrees it is ``None``: no resample could differ.
    """
    resampling = resampling or Resampling(level=LEVEL)
    owners = documents if documents is not None else range(len(units))
    kept = [([v for v in unit if v is not None], owner) for unit, owner in zip(units, owners, strict=True)]
    kept = [(values, owner) for values, owner in kept if len(values) > 1]
    n = len({owner for _, owner in kept})
    if n < max(1, floor):
        return NotEnough(n, floor)
    sums = cluster_sums(_contributions([values for values, _ in kept]), [owner for _, owner in kept])
    value = _alpha(sums.sum(axis=0))
    if np.isnan(value):
        return OneCategory(n)
    bounds = interval(_alpha(resampled(sums, resampling)), resampling.level) if value < 1 else None
    low, high = bounds or (None, None)
    return Measured(float(value), low, high, n)


def _contributions(units: Sequence[Sequence[Hashable]]) -> Floats:
    """What each unit adds: its part of the coincidence matrix' diagonal, then its values by category. ``(units, 1 + categories)``."""
    numbers: dict[Hashable, int] = {}
    for values in units:
        for value in values:
            numbers.setdefault(value, len(numbers))
    added = np.zeros((len(units), 1 + len(numbers)))
    for row, values in zip(added, units, strict=True):
        np.add.at(row, [1 + numbers[value] for value in values], 1)
        row[0] = (row[1:] * (row[1:] - 1)).sum() / (len(values) - 1)
    return added


def _alpha(sums: Floats) -> Floats:
    return alpha_of(sums[..., 0], sums[..., 1:])
