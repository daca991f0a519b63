"""Accuracy: both sides of the limits, nothing from a handful of documents, and no alert by chance."""

from __future__ import annotations

import pytest

from mlcore.agreement.ratios import wilson
from mlcore.alerting.estimate import Estimate, days_looked_at, fall
from mlcore.alerting.finding import Standing
from mlcore.alerting.limits import Limits
from mlcore.alerting.rules.accuracy import overall_accuracy, vendor_accuracy

LIMITS = Limits()


def estimate(documents: int, share: float, *, values: int = 15, wrong: int | None = None) -> Estimate:
    """With bounds as if values were independent; ``wrong`` documents, else one for each two wrong values."""
    if not documents:
        return Estimate()
    count = documents * values
    low, high = wilson(round(share * count), count, 0.98)
    return Estimate(share, low, high, documents, wrong if wrong is not None else round(count * (1 - share) / 2))


def vendor(now: Estimate, before: Estimate) -> Standing:
    return vendor_accuracy(7, "Apex", now, before, LIMITS, days=7).standing


@pytest.mark.parametrize(
    ("now", "standing"),
    [(0.995, Standing.OVER), (0.955, Standing.OVER), (0.945, Standing.HOLDS), (0.93, Standing.FIRES), (0.80, Standing.FIRES)],
)
def test_a_vendor_fires_beyond_the_limit_and_is_over_well_within(now: float, standing: Standing) -> None:
    assert vendor(estimate(200, now), estimate(400, 0.99)) is standing


@pytest.mark.parametrize(("now", "before"), [(3, 400), (400, 3), (29, 400), (0, 400), (400, 0), (0, 0)])
def test_a_handful_of_documents_says_nothing(now: int, before: int) -> None:
    assert vendor(estimate(now, 0.5), estimate(before, 0.99)) is Standing.UNKNOWN


def test_a_loss_that_may_be_chance_is_no_alert() -> None:
    wide = Estimate(0.90, 0.78, 0.97, 40, 10)
    assert vendor(wide, estimate(400, 0.99)) is Standing.FIRES
    assert vendor(wide, Estimate(0.99, 0.85, 0.999, 40, 1)) is Standing.HOLDS


def test_three_documents_that_are_wrong_throughout_are_an_accident() -> None:
    assert vendor(estimate(50, 0.93, wrong=4), estimate(400, 0.99)) is Standing.HOLDS
    assert vendor(estimate(50, 0.93, wrong=5), estimate(400, 0.99)) is Standing.FIRES


def test_the_sentence_has_the_numbers() -> None:
    finding = vendor_accuracy(7, "Apex", estimate(200, 0.9), estimate(400, 0.99), LIMITS, days=7)
    assert finding.sentence == (
        "Apex: 90.0 % of the values were right in the last 7 days (200 documents looked at), after 99.0 % before (400). "
        "That is 9.0 points less; 5 are put up with."
    )
    assert (finding.key, finding.vendor, finding.limit) == ("vendor_accuracy:7", 7, 0.05)
    assert "unknown" in vendor_accuracy(7, "Apex", Estimate(), Estimate(), LIMITS, days=7).sentence


@pytest.mark.parametrize(
    ("documents", "share", "standing"),
    [
        (0, 1.0, Standing.UNKNOWN),
        (3, 0.2, Standing.UNKNOWN),
        (29, 0.2, Standing.UNKNOWN),
        (30, 0.2, Standing.FIRES),
        (1000, 0.970, Standing.FIRES),
        (1000, 0.979, Standing.HOLDS),
        (1000, 0.982, Standing.HOLDS),
        (1000, 0.990, Standing.OVER),
        (100, 0.975, Standing.HOLDS),
    ],
)
def test_overall_fires_where_it_is_surely_under_the_floor(documents: int, share: float, standing: Standing) -> None:
    assert overall_accuracy(estimate(documents, share), LIMITS, days=7).standing is standing


def test_what_nobody_knows_is_neither_good_nor_bad() -> None:
    """Documents went through without a person and none was checked: there is no share, whatever was seen of the others."""
    unknown = Estimate(None, None, None, 400, 90)
    assert overall_accuracy(unknown, LIMITS, days=7).standing is Standing.UNKNOWN
    assert vendor(unknown, estimate(400, 0.99)) is Standing.UNKNOWN
    assert fall(unknown, estimate(400, 0.99)) is None


def test_a_look_reaches_further_back_where_little_is_judged() -> None:
    assert days_looked_at(dict.fromkeys(range(60), 50), 7, 30) == 7
    assert days_looked_at(dict.fromkeys(range(60), 2), 7, 30) == 15
    assert days_looked_at(dict.fromkeys(range(60), 1), 7, 30) == 28, "four windows at most"
    assert days_looked_at({}, 7, 30) == 28


def test_an_estimate_is_kept_with_an_alert_and_read_back() -> None:
    for one in (estimate(100, 0.97), Estimate()):
        read = Estimate.from_json(one.to_json())
        assert read.documents == one.documents
        assert read.value == (pytest.approx(one.value, abs=1e-6) if one.value is not None else None)
    for damaged in ({}, {"value": "x", "low": 1, "high": 1, "documents": 1, "wrong": 1}):
        with pytest.raises((KeyError, ValueError)):
            Estimate.from_json(damaged)
