from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlcore.confidence.quality import brier, coverage_at, ece, quality, reliability_bins, risk_coverage

N = 40_000
RNG = np.random.default_rng(11)
SCORES = RNG.beta(4, 1, N)
TRUE = RNG.random(N) < SCORES
EVIDENCE = st.lists(st.tuples(st.integers(0, 20).map(lambda n: n / 20), st.booleans()), min_size=1, max_size=80)
Evidence = list[tuple[float, bool]]


def arrays(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    scores, right = zip(*evidence, strict=True)
    return np.array(scores), np.array(right)


def test_true_probabilities_have_no_error_beyond_that_of_sampling() -> None:
    bins = reliability_bins(SCORES, TRUE)
    noise = sum(one.count / N * np.sqrt(one.right * (1 - one.right) / one.count) for one in bins)
    assert ece(SCORES, TRUE) < 2 * noise


@pytest.mark.parametrize("shift", [0.05, 0.1, 0.2])
def test_the_error_of_shifted_probabilities_is_the_shift(shift: float) -> None:
    honest = RNG.uniform(0.1, 0.7, N)
    right = RNG.random(N) < honest
    assert ece(honest + shift, right) == pytest.approx(shift, abs=3 * np.sqrt(0.25 / N))


def test_brier_of_true_probabilities_is_their_variance() -> None:
    assert brier(SCORES, TRUE) == pytest.approx(np.mean(SCORES * (1 - SCORES)), abs=0.005)
    assert brier(np.array([1.0, 0.0]), np.array([True, False])) == 0
    assert brier(np.array([1.0, 0.0]), np.array([False, True])) == 1


def test_risk_of_the_surest_falls_as_fewer_are_taken() -> None:
    curve = risk_coverage(SCORES, TRUE)
    at = np.searchsorted(curve.coverage, [0.1, 0.5, 1.0])
    assert curve.risk[at[0]] < curve.risk[at[1]] < curve.risk[at[2]] == pytest.approx(1 - TRUE.mean())
    shuffled = risk_coverage(RNG.permutation(SCORES), TRUE)
    assert curve.area < shuffled.area == pytest.approx(1 - TRUE.mean(), abs=0.02)


def test_a_curve_is_told_by_few_points_that_end_with_everything() -> None:
    curve = risk_coverage(SCORES, TRUE)
    points = curve.points(20)
    assert [coverage for coverage, _ in points] == pytest.approx([(n + 1) / 20 for n in range(20)])
    assert points[-1][1] == pytest.approx(1 - TRUE.mean())
    few = risk_coverage(SCORES[:3], TRUE[:3])
    assert few.points(20) == tuple(zip(few.coverage.tolist(), few.risk.tolist(), strict=True))
    assert risk_coverage(SCORES[:0], TRUE[:0]).points(20) == ()


def test_coverage_counts_whole_groups_of_equal_scores() -> None:
    scores = np.array([0.9] * 100 + [0.5] * 100)
    right = np.array([True] * 99 + [False] + [True] * 50 + [False] * 50)
    assert coverage_at(risk_coverage(scores, right), 0.99) == 0.5
    assert coverage_at(risk_coverage(scores, right), 0.995) == 0
    assert coverage_at(risk_coverage(scores, right), 0.7) == 1


@settings(deadline=None, max_examples=40)
@given(EVIDENCE)
def test_every_measure_lies_between_0_and_1_and_the_order_does_not_matter(evidence: Evidence) -> None:
    forward, backward = quality(*arrays(evidence)), quality(*arrays(evidence[::-1]))
    for name in ("accuracy", "said", "ece", "brier", "risk_area", "coverage_99"):
        assert 0 <= getattr(forward, name) <= 1
        assert getattr(forward, name) == pytest.approx(getattr(backward, name))


@settings(deadline=None, max_examples=40)
@given(EVIDENCE)
def test_bins_hold_every_value_once_and_never_part_equal_scores(evidence: Evidence) -> None:
    scores, right = arrays(evidence)
    bins = reliability_bins(scores, right)
    assert sum(one.count for one in bins) == len(scores)
    assert sum(one.count * one.right for one in bins) == pytest.approx(right.sum())
    said = [one.said for one in bins]
    assert said == sorted(set(said))


@settings(deadline=None, max_examples=40)
@given(EVIDENCE)
def test_what_is_right_and_sure_costs_nothing(evidence: Evidence) -> None:
    _scores, right = arrays(evidence)
    perfect = quality(right.astype(float), right)
    assert (perfect.ece, perfect.brier) == (0, 0)
    assert perfect.coverage_99 == pytest.approx(right.mean() if not right.all() else 1, abs=0.0101)


def test_nothing_has_no_quality() -> None:
    assert quality(np.empty(0), np.empty(0, dtype=bool)).to_json()["ece"] is None
