"""Agreement on closed sets: percent and prevalence, with kappa and alpha beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlcore.agreement.chance import Cells, Floats, alpha, alpha_of, coincidences_of_pairs, kappa, kappa_of_cells, prevalence
from mlcore.agreement.figures import FLOOR, ChanceFigure, Figure, Measured, NotEnough, OneCategory
from mlcore.agreement.poisson import Ints
from mlcore.agreement.ratios import LEVEL, divided, edge, wilson
from mlcore.agreement.sums import Sums
from mlcore.evaluation.bootstrap import interval


@dataclass(frozen=True, slots=True)
class ClosedSet:
    """``units`` are pairs of labels; every figure's ``n`` is documents. ``kappa`` is for two labelers, ``alpha`` for any;
    both depend on ``prevalence``, the share of the most frequent category (``None`` without labels)."""

    name: str
    units: int
    prevalence: float | None
    percent: Figure
    kappa: ChanceFigure
    alpha: ChanceFigure

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        share = None if self.prevalence is None else round(self.prevalence, 6)
        figures = {name: getattr(self, name).to_json() for name in ("percent", "kappa", "alpha")}
        return {"name": self.name, "units": self.units, "prevalence": share, **figures}


def closed_set(
    name: str,
    sums: Sums,
    table_of: Sequence[Sequence[Sequence[str]]],
    documents: Mapping[str, int],
    *,
    floor: int = FLOOR,
    level: float = LEVEL,
) -> ClosedSet:
    """From a table of (first, second) categories, each cell a sum of columns; ``documents`` counts the documents with a unit."""
    table, resampled = sums.table(table_of)
    n, units, common = sums.form(documents)[0], int(table.sum()), prevalence(table)
    if n < max(1, floor) or not units:
        few = NotEnough(n, floor)
        return ClosedSet(name, units, common, few, few, few)
    agreed = int(np.trace(table))
    bounds = edge(agreed / units, n, level) if agreed in (0, units) else interval(_percents(resampled), level)
    low, high = bounds or (None, None)
    percent = Measured(agreed / units, low, high, n)
    expected = float(table.sum(axis=1) @ table.sum(axis=0)) / units**2
    pooled = coincidences_of_pairs(table).sum(axis=1)
    mixed = float((pooled**2).sum()) / float(pooled.sum()) ** 2
    both = coincidences_of_pairs(table), coincidences_of_pairs(resampled)
    return ClosedSet(
        name,
        units,
        common,
        percent,
        _coefficient(kappa(table), kappa(resampled), percent, expected, level),
        _coefficient(alpha(both[0]), alpha(both[1]), percent, mixed, level),
    )


def closed_set_of_cells(name: str, pairs: Mapping[tuple[str, str], int], *, floor: int = FLOOR, level: float = LEVEL) -> ClosedSet:
    """From the filled cells of a large table, one unit for each document: large-sample intervals instead of resamples.

    Percent has Wilson's; kappa that of Fleiss, Cohen and Everitt; alpha that of percent, the agreement by chance held fixed.
    """
    cells = Cells.of(pairs)
    first, second = cells.margins
    pooled = first + second
    common = float(pooled.max() / pooled.sum()) if cells.n else None
    if cells.n < max(1, floor):
        few = NotEnough(cells.n, floor)
        return ClosedSet(name, cells.n, common, few, few, few)
    percent = Measured(cells.agreed / cells.n, *wilson(cells.agreed, cells.n, level), cells.n)
    found = kappa_of_cells(cells, level)
    mixed = float((pooled.astype(np.float64) ** 2).sum()) / float(pooled.sum()) ** 2
    coefficient: ChanceFigure = OneCategory(cells.n)
    if found is not None:
        value, low, high = found
        low, high = (low, high) if cells.agreed < cells.n else (_beyond_chance(percent.low, float(first @ second) / cells.n**2), 1.0)
        coefficient = Measured(value, low, high, cells.n)
    value_of_alpha = float(alpha_of(np.asarray(2 * cells.agreed), pooled))
    return ClosedSet(name, cells.n, common, percent, coefficient, _fixed_chance(value_of_alpha, percent, mixed))


def _percents(tables: Ints) -> Floats:
    return divided(np.trace(tables, axis1=-2, axis2=-1), tables.sum(axis=(-2, -1)))


def _coefficient(value: Floats, resampled: Floats, percent: Measured, by_chance: float, level: float) -> ChanceFigure:
    if np.isnan(value):
        return OneCategory(percent.n)
    if percent.value in (0, 1):
        return _fixed_chance(float(value), percent, by_chance)
    low, high = interval(resampled, level) or (None, None)
    return Measured(float(value), low, high, percent.n)


def _fixed_chance(value: float, percent: Measured, by_chance: float) -> ChanceFigure:
    """The interval of percent agreement, brought to the scale of a coefficient."""
    if np.isnan(value):
        return OneCategory(percent.n)
    return Measured(value, _beyond_chance(percent.low, by_chance), _beyond_chance(percent.high, by_chance), percent.n)


def _beyond_chance(share: float | None, by_chance: float) -> float:
    return float("nan") if share is None else 1 - (1 - share) / (1 - by_chance)
