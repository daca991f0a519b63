"""Intervals: they cover a known truth as often as they say, by cluster and not by document."""

from __future__ import annotations

import numpy as np
import pytest

from mlcore.errors import EvaluationError
from mlcore.evaluation.bootstrap import Resampling, cluster_sums, interval, resampled
from mlcore.evaluation.counting import COLUMNS, at
from mlcore.evaluation.measures import end_to_end

TRUTH = 0.8


def coverage(by_vendor: bool, trials: int = 300, vendors: int = 40, each: int = 12) -> float:
    """How often the interval holds the truth, when vendors differ: Beta(4, 1) right, 0.8 on average."""
    rng = np.random.default_rng(5)
    names = [n // each if by_vendor else n for n in range(vendors * each)]
    hits = 0
    for trial in range(trials):
        rates = np.repeat(rng.beta(4, 1, vendors), each)
        counts = np.zeros((vendors * each, len(COLUMNS)))
        counts[:, at("documents")] = 1
        counts[:, at("exact")] = rng.random(len(rates)) < rates
        columns = counts[:, : at("exact") + 1]
        bounds = interval(end_to_end(resampled(cluster_sums(columns, names), Resampling(200, seed=trial))), 0.95)
        assert bounds is not None
        hits += bounds[0] <= TRUTH <= bounds[1]
    return hits / trials


def test_resampling_vendors_covers_the_truth() -> None:
    assert 0.90 <= coverage(by_vendor=True) <= 0.98


def test_resampling_documents_would_promise_too_much() -> None:
    assert coverage(by_vendor=False, trials=100) < 0.80


def test_the_same_seed_gives_the_same_interval_and_streams_are_independent() -> None:
    sums = np.arange(12.0).reshape(6, 2)
    once, again, other = (resampled(sums, Resampling(20), stream) for stream in (0, 0, 1))
    assert (once == again).all()
    assert not (once == other).all()


def test_documents_of_a_vendor_are_summed() -> None:
    assert cluster_sums(np.array([[1.0, 2], [3, 4], [5, 6]]), ["a", "b", "a"]).tolist() == [[6, 8], [3, 4]]


def test_an_interval_needs_values() -> None:
    assert interval(np.array([np.nan, np.nan, 1.0]), 0.95) is None
    assert interval(np.array([0.0, 1.0]), 0.5) == (0.25, 0.75)


@pytest.mark.parametrize("wrong", [{"resamples": 0}, {"level": 1.0}])
def test_what_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(EvaluationError, match="at least 1 and a level between"):
        Resampling(**wrong)  # type: ignore[arg-type]
