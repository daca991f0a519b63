"""Accuracy: both sides of the limits, nothing from a handful of documents, and no alert by chance."""

from __future__ import annotations

import random

import pytest

from mlcore.alerting.counted import Counted, Day, Spans, clustering, spans
from mlcore.alerting.finding import Standing
from mlcore.alerting.limits import Limits
from mlcore.alerting.rules.accuracy import overall_accuracy, vendor_accuracy

LIMITS = Limits()


def counted(documents: int, share: float, *, values: int = 15, wrong_of_a_document: float = 1.5) -> Counted:
    wrong = round(documents * values * (1 - share))
    return Counted(
        documents * values, documents * values - wrong, documents, documents - min(documents, round(wrong / wrong_of_a_document))
    )


def vendor(now: Counted, before: Counted, **more: int) -> Standing:
    return vendor_accuracy(7, "Apex", Spans(now, before, 7), LIMITS, **more).standing


@pytest.mark.parametrize(
    ("now", "standing"),
    [(0.995, Standing.OVER), (0.955, Standing.OVER), (0.945, Standing.HOLDS), (0.93, Standing.FIRES), (0.80, Standing.FIRES)],
)
def test_a_vendor_fires_beyond_the_limit_and_is_over_well_within(now: float, standing: Standing) -> None:
    assert vendor(counted(200, now), counted(400, 0.99)) is standing


@pytest.mark.parametrize(("now", "before"), [(3, 400), (400, 3), (29, 400), (0, 400), (400, 0), (0, 0)])
def test_a_handful_of_documents_says_nothing(now: int, before: int) -> None:
    assert vendor(counted(now, 0.5), counted(before, 0.99)) is Standing.UNKNOWN


def test_a_loss_that_may_be_chance_is_no_alert() -> None:
    """Forty documents of which four are wrong in every value: 10 points less, and still it may be chance among fifty vendors."""
    few_wholly_wrong = Counted(600, 540, 40, 36)
    assert vendor(few_wholly_wrong, counted(40, 0.999), vendors=50) is Standing.HOLDS
    spread_over_many = Counted(600, 540, 40, 0)
    assert vendor(spread_over_many, counted(40, 0.999), vendors=50) is Standing.FIRES


def test_stable_vendors_raise_hardly_any_alert() -> None:
    """A hundred vendors whose errors come in clusters, looked at once: the chance of a false alarm is for all of them together."""
    chance = random.Random(5)

    def drawn(documents: int) -> Counted:
        total = Counted()
        for _ in range(documents):
            wrong = min(15, 1 + int(chance.expovariate(0.4))) if chance.random() < 0.25 else 0
            total += Counted(15, 15 - wrong, 1, int(not wrong))
        return total

    alarms = sum(vendor(drawn(35), drawn(60), vendors=100) is Standing.FIRES for _ in range(400))
    assert alarms <= 1


def test_an_open_alert_compares_with_the_level_before_it() -> None:
    """What the alert is about has become the vendor's earlier level meanwhile; that is no reason to call it over."""
    low = counted(200, 0.88)
    assert vendor(low, low) is Standing.OVER
    finding = vendor_accuracy(7, "Apex", Spans(low, low, 7), LIMITS, baseline=counted(400, 0.99))
    assert (finding.standing, finding.evidence["share_before"]) == (Standing.FIRES, pytest.approx(0.99, abs=1e-3))


def test_the_sentence_has_the_numbers() -> None:
    finding = vendor_accuracy(7, "Apex", Spans(counted(200, 0.9), counted(400, 0.99), 7), LIMITS)
    assert finding.sentence == (
        "Apex: 90.0% of the values were right in the last 7 days (200 documents), after 99.0% before (400). That is 9.0 points less; "
        "5 are put up with."
    )
    assert (finding.key, finding.vendor, finding.limit) == ("vendor_accuracy:7", 7, 0.05)


@pytest.mark.parametrize(
    ("documents", "share", "standing"),
    [
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
    assert overall_accuracy(Spans(counted(documents, share), Counted(), 7), LIMITS).standing is standing


def test_a_look_reaches_further_back_where_little_is_judged() -> None:
    daily = [Day(age, counted(2, 0.99)) for age in range(60)]
    seen = spans(daily, 7, 28, 30)
    assert (seen.days, seen.now.documents, seen.before.documents) == (15, 30, 56)
    seldom = [Day(age, counted(1, 0.99)) for age in range(60)]
    assert spans(seldom, 7, 28, 30).days == 28, "four windows at most"


def test_values_count_as_far_as_documents_are_wrong_together() -> None:
    assert clustering(Counted(1500, 1500, 100, 100)) == 1
    assert clustering(Counted(1500, 1490, 100, 90)) == 1
    assert clustering(Counted(1500, 1460, 100, 90)) == 7
