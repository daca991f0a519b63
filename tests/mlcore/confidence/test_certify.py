from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta, binom

from mlcore.confidence.certificates import Certificate, NotCertifiable, certification_from_json, certification_to_json, needed
from mlcore.confidence.certify import certify, certify_values, lower_bound, thresholds_from

GRID = tuple(np.round(np.arange(0.95, 0.0, -0.05), 2).tolist())


def without_error(count: int) -> tuple[np.ndarray, np.ndarray]:
    return np.full(count, 0.9), np.ones(count, dtype=bool)


@pytest.mark.parametrize(("precision", "count"), [(0.95, 59), (0.99, 299), (0.90, 29)])
def test_so_many_accepted_without_error_certify_a_precision_and_one_less_does_not(precision: float, count: int) -> None:
    assert needed(precision) == count
    enough, short = certify(*without_error(count), precision, (0.5,)), certify(*without_error(count - 1), precision, (0.5,))
    assert isinstance(enough, Certificate)
    assert (enough.accepted, enough.coverage, enough.threshold) == (count, 1.0, 0.5)
    assert enough.bound == pytest.approx(beta.ppf(0.05, count, 1))
    assert isinstance(short, NotCertifiable)
    assert f"n = {count - 1}" in short.message
    assert f"takes {count} accepted" in short.message


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    for right, count in ((59, 59), (95, 100), (300, 310), (1, 40)):
        assert lower_bound(right, count) == pytest.approx(beta.ppf(0.05, right, count - right + 1))
    assert lower_bound(0, 40) == 0


def test_the_lowest_threshold_that_passes_before_the_first_failure_is_taken() -> None:
    scores = np.repeat([0.9, 0.7, 0.5, 0.3], 100)
    right = np.concatenate([np.ones(200), np.ones(50), np.zeros(50), np.ones(100)]).astype(bool)
    found = certify(scores, right, 0.95, (0.8, 0.6, 0.4, 0.2))
    assert isinstance(found, Certificate)
    assert (found.threshold, found.accepted, found.coverage) == (0.6, 200, 0.5)


def test_one_document_with_many_values_counts_once() -> None:
    scores, right = np.full(2_000, 0.9), np.ones(2_000, dtype=bool)
    few, many = np.repeat(np.arange(20), 100).astype(str), np.repeat(np.arange(200), 10).astype(str)
    assert isinstance(certify_values(scores, right, few, 0.95, (0.5,)), NotCertifiable)
    found = certify_values(scores, right, many, 0.95, (0.5,))
    assert isinstance(found, Certificate)
    assert (found.count, found.accepted) == (200, 200)
    assert 0.95 <= found.bound < lower_bound(200, 200)


def calibration(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    scores = rng.beta(3, 1, count)
    return scores, rng.random(count) < scores**0.25


def true_precision(threshold: float) -> float:
    grid = np.linspace(threshold, 1, 2_001)
    density = grid**2
    return float(np.sum(grid**0.25 * density) / np.sum(density))


def test_a_certified_threshold_keeps_its_word_in_all_but_one_of_twenty_calibrations() -> None:
    rng, times, certified, broken = np.random.default_rng(2), 800, 0, 0
    for _ in range(times):
        found = certify(*calibration(rng, 400), 0.95, GRID[3:])
        if isinstance(found, Certificate):
            certified += 1
            broken += true_precision(found.threshold) < 0.95
    assert certified > times / 4  # the test has something to say
    assert broken <= binom.ppf(0.999, times, 0.05)


def test_choosing_the_best_looking_threshold_instead_would_not_keep_it() -> None:
    rng, times, broken = np.random.default_rng(2), 800, 0
    for _ in range(times):
        scores, right = calibration(rng, 200)
        good = [t for t in GRID if (scores >= t).any() and right[scores >= t].mean() >= 0.95]
        broken += bool(good) and true_precision(min(good)) < 0.95
    assert broken > 2 * binom.ppf(0.999, times, 0.05)


def test_values_that_stand_and_fall_together_keep_the_word_only_when_documents_are_counted() -> None:
    rng, times = np.random.default_rng(5), 300
    documents, shares = np.repeat(np.arange(150), 20), {0.2: 0.87, 0.4: 0.89, 0.6: 1.0, 0.8: 1.0}  # .94 are right of all, .963 without .2
    by_document, by_value, certified = 0, 0, 0
    for _ in range(times):
        score = rng.choice(list(shares), 150)
        right = np.repeat(rng.random(150) < [shares[one] for one in score.tolist()], 20)
        scores, falling = np.repeat(score, 20), (0.5, 0.3, 0.1)
        honest, naive = certify_values(scores, right, documents.astype(str), 0.95, falling), certify(scores, right, 0.95, falling)
        certified += isinstance(honest, Certificate)
        by_document += isinstance(honest, Certificate) and honest.threshold < 0.3
        by_value += isinstance(naive, Certificate) and naive.threshold < 0.3
    assert certified == pytest.approx(times, abs=times / 4)
    assert by_document <= binom.ppf(0.999, times, 0.05) < by_value


def test_thresholds_come_from_other_documents_and_fall() -> None:
    scores = np.random.default_rng(1).beta(3, 1, 500)
    found = thresholds_from(scores, 200, 0.95)
    assert list(found) == sorted(set(found), reverse=True)
    assert np.mean(scores >= found[0]) * 200 == pytest.approx(1.5 * 59, abs=2)
    assert found[-1] == scores.min()
    short = thresholds_from(scores, 80, 0.95)
    assert np.mean(scores >= short[0]) * 80 == pytest.approx(59, abs=2)
    assert thresholds_from(scores, 10, 0.95) == (scores.min(),)


@pytest.mark.parametrize(("precision", "thresholds"), [(1.0, (0.5,)), (0.0, (0.5,)), (0.9, ()), (0.9, (0.5, 0.5)), (0.9, (0.4, 0.5))])
def test_what_cannot_be_certified_at_all_is_refused(precision: float, thresholds: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"strict"):
        certify(*without_error(60), precision, thresholds)


def test_without_an_accepted_document_nothing_is_certified() -> None:
    found = certify(*without_error(60), 0.9, (0.95,))
    assert isinstance(found, NotCertifiable)
    assert found.accepted == 0


@pytest.mark.parametrize("count", [20, 100])
def test_an_outcome_survives_json(count: int) -> None:
    found = certify(*without_error(count), 0.95, (0.5,))
    assert certification_from_json(certification_to_json(found)) == found
