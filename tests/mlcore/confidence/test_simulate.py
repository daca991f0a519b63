"""The simulator: what was measured is counted, what is certified comes from ``certify``, and short data says so."""

from __future__ import annotations

import json
import random
from decimal import Decimal

import pytest
from scipy.stats import beta

from mlcore.confidence.certificates import Certificate, NotCertifiable
from mlcore.confidence.simulate import PRECISIONS, Sample, hours, share_interval, simulate, to_json


def test_a_point_counts_what_would_have_been_accepted() -> None:
    samples = (
        [Sample(0.9, True, 0, Decimal("10"))] * 8 + [Sample(0.8, False, 3, Decimal("40"))] * 2 + [Sample(0.0, False, 9, Decimal("99"))] * 10
    )
    (stop,) = simulate(samples, [0.8]).stops
    assert stop.measured is not None
    assert (stop.measured.threshold, stop.measured.coverage, stop.measured.precision) == (0.8, 0.5, 0.8)
    assert (stop.measured.wrong_documents, stop.measured.wrong_values) == (100.0, 300.0)
    assert stop.measured.dollars == Decimal("4000.00")


def test_equal_scores_are_accepted_together_or_not_at_all() -> None:
    samples = [Sample(0.9, True, 0, Decimal(1)), Sample(0.9, False, 1, Decimal(1))]
    assert simulate(samples, [0.9]).stops[0].measured is None
    assert simulate(samples, [0.5]).stops[0].measured is not None


def test_a_contradicting_document_is_never_accepted() -> None:
    assert simulate([Sample(0.0, True, 0, Decimal(1))] * 100, [0.8]).stops[0].measured is None


def test_wanting_more_never_accepts_more() -> None:
    stops = simulate(_made(2000)).stops
    shares = [stop.measured.coverage if stop.measured else 0.0 for stop in stops]
    assert shares == sorted(shares, reverse=True)
    assert len(stops) == len(PRECISIONS)
    assert list(PRECISIONS) == sorted(set(PRECISIONS))


def test_short_data_is_not_certifiable_and_says_what_is_missing() -> None:
    outcome = simulate([Sample(0.9, True, 0, Decimal(1))] * 20, [0.95]).stops[0].certified
    assert isinstance(outcome, NotCertifiable)
    assert "Not certifiable with n = 20" in outcome.message
    assert "59 accepted" in outcome.message
    assert isinstance(simulate([], [0.95]).stops[0].certified, NotCertifiable)


@pytest.mark.thorough
def test_what_is_certified_holds_for_documents_drawn_alike() -> None:
    broken = certified = 0
    for seed in range(60):
        stop = simulate(_made(600, seed), [0.9]).stops[0]
        if isinstance(stop.certified, Certificate):
            certified += 1
            threshold = stop.certified.threshold
            others = [sample for sample in _made(20_000, 10_000 + seed) if sample.score >= threshold]
            broken += sum(sample.right for sample in others) / len(others) < 0.9
    assert certified >= 40, "so many of 60 that the next line says something"
    assert broken <= 6  # 2 expected of 44 at 95 % confidence; more than 6 has a chance below 1 %


def test_the_audit_interval_is_that_of_clopper_and_pearson() -> None:
    found = share_interval(3, 200)
    assert found.low == pytest.approx(beta.ppf(0.025, 3, 198))
    assert found.high == pytest.approx(beta.ppf(0.975, 4, 197))
    assert share_interval(0, 50).low == 0.0
    assert share_interval(50, 50).high == 1.0
    with pytest.raises(ValueError, match="no share"):
        share_interval(1, 0)
    samples = [Sample(0.9, n > 1, 1, Decimal(1), audited=True) for n in range(100)] + [Sample(0.9, False, 1, Decimal(1))]
    assert simulate(samples, [0.9]).audit == share_interval(2, 100)


def test_the_curve_is_small_and_plain_json() -> None:
    text = json.dumps(to_json(simulate(_made(3000))))
    assert len(text) < 30_000


def test_hours_are_for_a_thousand_documents() -> None:
    assert hours(36.0, 0.5) == pytest.approx(5.0)


def _made(count: int, seed: int = 1) -> list[Sample]:
    """Documents whose score is the probability that they are right."""
    rng = random.Random(seed)
    scores = [rng.random() ** 0.2 for _ in range(count)]
    return [Sample(score, rng.random() < score, 1, Decimal("12.34")) for score in scores]
