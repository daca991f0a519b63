"""Gradient-boosted trees for a yes or no, in NumPy: fitted to the logistic loss, stored as arrays, the same answer on every machine.

A tree is complete: node ``i`` of ``depth`` levels has the children ``2i + 1`` (at most the threshold) and ``2i + 2``. A node that
splits nothing has an infinite threshold. Source of the formulas: Chen and Guestrin, XGBoost (2016), equations 6 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_BINS = 64
_LEAST_GAIN = 1e-6
_NO_SPLIT = 1e300
"""Stands for an infinite threshold, which JSON has no sign for."""


@dataclass(frozen=True, slots=True)
class Boosting:
    """How the trees are grown. ``rate`` scales each tree, ``leaf`` is the least curvature of a leaf (an example that could go either way

    has 1/4, a clear one next to nothing), ``l2`` damps its value. Each tree sees ``share`` of the examples, drawn with ``seed``.
    """

    trees: int = 100
    depth: int = 4
    rate: float = 0.1
    leaf: float = 2.0
    l2: float = 1.0
    share: float = 0.5
    seed: int = 0


@dataclass(frozen=True)
class BoostedTrees:
    """``features`` and ``thresholds`` have shape ``(trees, 2**depth - 1)``, ``leaves`` ``(trees, 2**depth)``; ``bias`` is added once."""

    bias: float
    features: NDArray[np.int64]
    thresholds: Floats
    leaves: Floats

    def log_odds(self, rows: Floats) -> Floats:
        """One number for each row of ``(n, features)``."""
        answer = np.full(len(rows), self.bias)
        everyone = np.arange(len(rows))
        for feature, threshold, leaf in zip(self.features, self.thresholds, self.leaves, strict=True):
            node = np.zeros(len(rows), dtype=np.int64)
            while len(rows) and node[0] < len(feature):
                node = 2 * node + 1 + (rows[everyone, feature[node]] > threshold[node])
            answer += leaf[node - len(feature)] if len(rows) else 0.0
        return answer

    def with_tree(self, other: BoostedTrees) -> BoostedTrees:
        """These trees and others of the same depth behind them; the bias stays."""
        parts = zip((self.features, self.thresholds, self.leaves), (other.features, other.thresholds, other.leaves), strict=True)
        return BoostedTrees(self.bias, *(np.concatenate(pair) for pair in parts))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; numbers as they are, so that what is read back answers the same."""
        return {
            "bias": self.bias,
            "features": self.features.tolist(),
            "thresholds": self.thresholds.tolist(),
            "leaves": self.leaves.tolist(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BoostedTrees:
        """Inverse of ``to_json``. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what are no trees."""
        features = np.array(data["features"], dtype=np.int64)
        thresholds, leaves = np.array(data["thresholds"], dtype=np.float64), np.array(data["leaves"], dtype=np.float64)
        if features.ndim != 2 or thresholds.shape != features.shape or leaves.shape != (len(features), features.shape[1] + 1):
            raise ValueError(f"trees of shapes {features.shape}, {thresholds.shape}, {leaves.shape}")
        if (features.shape[1] + 1) & features.shape[1] or features.min(initial=0) < 0:
            raise ValueError("trees that are not complete")
        return cls(float(data["bias"]), features, thresholds, leaves)


def fit_trees(rows: Floats, right: NDArray[np.bool_], how: Boosting | None = None) -> BoostedTrees:
    """Trees whose ``log_odds`` tell right from wrong. Needs at least one row; deterministic."""
    plan = how or Boosting()
    binned = _Binned(rows)
    target = right.astype(np.float64)
    share = (target.sum() + 0.5) / (len(target) + 1)
    bias = float(np.log(share / (1 - share)))
    answer = BoostedTrees(bias, *(np.zeros((0, 2**plan.depth - rest), kind) for rest, kind in ((1, np.int64), (1, float), (0, float))))
    current, rng = np.full(len(target), bias), np.random.default_rng(plan.seed)
    for _ in range(plan.trees):
        drawn = np.sort(rng.permutation(len(target))[: max(1, round(plan.share * len(target)))])
        probability = 1 / (1 + np.exp(-current[drawn]))
        tree = binned.grow(drawn, probability - target[drawn], probability * (1 - probability), plan)
        current += tree.log_odds(rows)
        answer = answer.with_tree(tree)
    return answer


class _Binned:
    """The examples with each feature cut into at most ``_BINS`` bins."""

    def __init__(self, rows: Floats) -> None:
        self.edges = [_edges(column) for column in rows.T]
        self.codes = np.array([np.searchsorted(edges, column) for edges, column in zip(self.edges, rows.T, strict=True)], dtype=np.int64)
        self.used = [number for number, edges in enumerate(self.edges) if len(edges)]

    def grow(self, drawn: NDArray[np.int64], slope: Floats, curvature: Floats, plan: Boosting) -> BoostedTrees:
        """One tree from the examples drawn."""
        nodes = 2**plan.depth - 1
        features, thresholds = np.zeros((1, nodes), dtype=np.int64), np.full((1, nodes), _NO_SPLIT)
        codes, everyone = self.codes[:, drawn], np.arange(len(drawn))
        place = np.zeros(len(drawn), dtype=np.int64)
        for level in range(plan.depth):
            width, first = 2**level, 2**level - 1
            feature, cut = self._best_cuts(codes, place, width, (slope, curvature), plan)
            for node in np.flatnonzero(feature >= 0):
                features[0, first + node], thresholds[0, first + node] = feature[node], self.edges[feature[node]][cut[node]]
            goes_right = (feature[place] >= 0) & (codes[feature[place], everyone] > cut[place])
            place = 2 * place + goes_right
        total, weight = (np.bincount(place, part, 2**plan.depth) for part in (slope, curvature))
        return BoostedTrees(0.0, features, thresholds, (-plan.rate * total / (weight + plan.l2)).reshape(1, -1))

    def _best_cuts(
        self, codes: NDArray[np.int64], place: NDArray[np.int64], width: int, weights: tuple[Floats, Floats], plan: Boosting
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each node the feature (-1: none) and the bin after which it is best cut."""
        best = np.full(width, _LEAST_GAIN)
        feature, cut = np.full(width, -1, dtype=np.int64), np.zeros(width, dtype=np.int64)
        for number in self.used:
            bins = len(self.edges[number]) + 1
            key = place * bins + codes[number]
            sums = [np.asarray(np.bincount(key, part, width * bins), np.float64).reshape(width, bins) for part in weights]
            gain = _gains(sums, plan)
            at = gain.argmax(axis=1)
            found = gain[np.arange(width), at]
            better = found > best
            best[better], feature[better], cut[better] = found[better], number, at[better]
        return feature, cut


def _gains(sums: list[Floats], plan: Boosting) -> Floats:
    """Gain of cutting each node after each bin but the last; minus infinity where a side is too small."""
    left = [np.cumsum(part, axis=1)[:, :-1] for part in sums]
    whole = [part.sum(axis=1, keepdims=True) for part in sums]
    right = [total - part for total, part in zip(whole, left, strict=True)]
    worth = [part[0] ** 2 / (part[1] + plan.l2) for part in (left, right, whole)]
    gain: Floats = worth[0] + worth[1] - worth[2]
    gain[(left[1] < plan.leaf) | (right[1] < plan.leaf)] = -np.inf
    return gain


def _edges(column: Floats) -> Floats:
    """Cuts between distinct values, at most ``_BINS - 1`` of them, evenly by rank."""
    values = np.unique(column)
    if len(values) > _BINS:
        values = np.unique(np.quantile(column, np.linspace(0, 1, _BINS)))
    edges: Floats = (values[1:] + values[:-1]) / 2
    return edges
