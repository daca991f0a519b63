"""Agreement less what chance explains, for closed sets: Cohen's kappa and Krippendorff's alpha (nominal).

Tables are counts of (first, second) categories, shape ``(..., k, k)``; everything is vectorised over the leading axes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[Any]


def kappa(table: Numbers) -> Floats:
    """Cohen's kappa (1960) of two labelers, rows the one and columns the other: ``(p_o - p_e) / (1 - p_e)``.

    ``p_o`` is the share on the diagonal, ``p_e`` the sum of the products of both labelers' shares of each category. ``nan`` for an empty
    table and where all labels are one category.
    """
    counts = np.asarray(table, dtype=np.float64)
    n = counts.sum(axis=(-2, -1))
    agreed = np.trace(counts, axis1=-2, axis2=-1)
    expected = (counts.sum(axis=-1) * counts.sum(axis=-2)).sum(axis=-1)
    return _quotient(n * agreed - expected, n * n - expected)


def alpha(coincidences: Numbers) -> Floats:
    """Krippendorff's alpha for nominal data: ``1 - (n - 1) * sum o_ck / sum n_c n_k`` over ``c != k`` (2011, section D).

    ``coincidences`` is the symmetric matrix of pairable values, of which a unit with m values gives each ordered pair 1 / (m - 1).
    ``nan`` where all values are one category.
    """
    matrix = np.asarray(coincidences, dtype=np.float64)
    return alpha_of(np.trace(matrix, axis1=-2, axis2=-1), matrix.sum(axis=-1))


def alpha_of(agreed: Numbers, values: Numbers) -> Floats:
    """As ``alpha``, from the sum of the matrix' diagonal ``(...)`` and its row sums ``(..., k)``."""
    n = np.asarray(values, dtype=np.float64).sum(axis=-1)
    observed, expected = n - agreed, n * n - (np.asarray(values, dtype=np.float64) ** 2).sum(axis=-1)
    return 1 - _quotient((n - 1) * observed, expected)


def coincidences_of_pairs(table: Numbers) -> Numbers:
    """The coincidence matrix of units with two values each: who came first does not matter."""
    return table + np.swapaxes(table, -2, -1)


def prevalence(table: Numbers) -> float | None:
    """Share of the most frequent category in the labels of both; ``None`` without labels."""
    labels = coincidences_of_pairs(np.asarray(table)).sum(axis=-1)
    return float(labels.max() / labels.sum()) if labels.sum() else None


@dataclass(frozen=True)
class Cells:
    """The filled cells of a table of open categories (vendors): row, column and count of each, shape ``(cells,)``."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, pairs: Mapping[tuple[str, str], int]) -> Cells:
        """From counts by pair of categories."""
        at = {name: number for number, name in enumerate(sorted({name for pair in pairs for name in pair}))}
        rows, columns = (np.array([at[pair[side]] for pair in pairs], dtype=np.intp) for side in (0, 1))
        return cls(rows, columns, np.array(list(pairs.values()), dtype=np.int64))

    @property
    def n(self) -> int:
        """Pairs in all."""
        return int(self.counts.sum())

    @property
    def agreed(self) -> int:
        """Pairs of one category."""
        return int(self.counts[self.rows == self.columns].sum())

    @property
    def margins(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Labels by category, of the first and of the second: shape ``(categories,)``."""
        size = int(max(self.rows.max(initial=-1), self.columns.max(initial=-1))) + 1
        first, second = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        np.add.at(first, self.rows, self.counts)
        np.add.at(second, self.columns, self.counts)
        return first, second


def kappa_of_cells(cells: Cells, level: float) -> tuple[float, float, float] | None:
    """Kappa with its large-sample interval (Fleiss, Cohen and Everitt 1969), for independent units; ``None`` where it is not defined."""
    if not cells.n:
        return None
    p = cells.counts / cells.n
    rows, columns = (margin / cells.n for margin in cells.margins)
    same = cells.rows == cells.columns
    observed, expected = float(p[same].sum()), float(rows @ columns)
    if expected >= 1:
        return None
    value = (observed - expected) / (1 - expected)
    on = (p[same] * (1 - (rows[cells.rows[same]] + columns[cells.rows[same]]) * (1 - value)) ** 2).sum()
    off = (1 - value) ** 2 * (p[~same] * (columns[cells.rows[~same]] + rows[cells.columns[~same]]) ** 2).sum()
    variance = (on + off - (value - expected * (1 - value)) ** 2) / ((1 - expected) ** 2 * cells.n)
    reach = NormalDist().inv_cdf((1 + level) / 2) * sqrt(max(0.0, variance))
    return value, value - reach, min(1.0, value + reach)


def _quotient(over: Numbers, under: Numbers) -> Floats:
    quotient: Floats = np.divide(over, under, out=np.full(np.shape(under), np.nan), where=np.asarray(under) > 0)
    return quotient
