"""The other rules, on both sides of their limits."""

from __future__ import annotations

import pytest

from mlcore.alerting.finding import Standing
from mlcore.alerting.limits import Limits
from mlcore.alerting.rules.certificate import certificate
from mlcore.alerting.rules.layout import new_layout
from mlcore.alerting.rules.queue import review_queue
from mlcore.alerting.rules.station import DeadJobs, QueueSeen, job_dead, worker_silent
from mlcore.confidence.certificates import Certificate

LIMITS = Limits()
CERTIFIED = Certificate(0.95, 0.95, 0.9, 400, 300, 0.98, 0.955)
FIRES, HOLDS, OVER, UNKNOWN = Standing.FIRES, Standing.HOLDS, Standing.OVER, Standing.UNKNOWN


@pytest.mark.parametrize(
    ("accepted", "right", "standing"),
    [
        (0, 0, UNKNOWN),
        (3, 0, UNKNOWN),
        (29, 10, UNKNOWN),
        (30, 23, FIRES),
        (100, 92, HOLDS),
        (100, 95, OVER),
        (400, 365, FIRES),
        (400, 380, OVER),
    ],
)
def test_a_certificate_is_refuted_by_audits_and_not_by_chance(accepted: int, right: int, standing: Standing) -> None:
    assert certificate(accepted, right, CERTIFIED, LIMITS).standing is standing


def test_what_nobody_certified_cannot_be_refuted() -> None:
    assert certificate(100, 10, None, LIMITS).standing is OVER


@pytest.mark.parametrize(
    ("review", "other", "standing"),
    [
        (0, 0, OVER),
        (3, 0, OVER),
        (29, 0, OVER),
        (9, 21, HOLDS),
        (10, 21, FIRES),
        (30, 70, HOLDS),
        (31, 69, FIRES),
        (25, 75, HOLDS),
        (24, 76, OVER),
    ],
)
def test_the_queue_is_too_long_above_its_share(review: int, other: int, standing: Standing) -> None:
    assert review_queue(review, other, LIMITS).standing is standing


def test_what_went_through_alone_counts_for_the_share() -> None:
    """Where the machine does most, nearly everything that is open is a review, and nobody drowns in it."""
    assert review_queue(60, 30, LIMITS, passed=310, days=7).standing is OVER
    assert review_queue(300, 100, LIMITS, passed=310, days=7).standing is FIRES


@pytest.mark.parametrize(
    ("novel", "received", "standing"),
    [(0, 0, UNKNOWN), (0, 9, OVER), (1, 9, HOLDS), (3, 3, HOLDS), (4, 4, HOLDS), (5, 5, FIRES), (5, 200, HOLDS), (40, 200, FIRES)],
)
def test_a_layout_is_new_when_it_is_more_than_the_odd_page(novel: int, received: int, standing: Standing) -> None:
    assert new_layout(3, "Apex", novel, received, LIMITS, days=7).standing is standing


@pytest.mark.parametrize(
    ("queue", "standing"),
    [
        (QueueSeen("light", 1, 0, 9, 9_000), OVER),
        (QueueSeen("light", 0, 299, 0, 0), HOLDS),
        (QueueSeen("light", 0, 300, 0, 0), FIRES),
        (QueueSeen("light", 0, None, 0, 0), HOLDS),
        (QueueSeen("light", 0, None, 1, 299), HOLDS),
        (QueueSeen("light", 0, None, 1, 300), FIRES),
    ],
)
def test_a_queue_is_silent_when_it_was_served_or_is_waited_for(queue: QueueSeen, standing: Standing) -> None:
    assert worker_silent(queue, LIMITS).standing is standing


@pytest.mark.parametrize(("deaths", "count", "standing"), [(1, 0, OVER), (1, 1, FIRES), (3, 2, HOLDS), (3, 3, FIRES)])
def test_dead_jobs_fire_from_the_limit_on(deaths: int, count: int, standing: Standing) -> None:
    finding = job_dead(DeadJobs("parse_document", count, 41, (("timeout", count),)), Limits(job_deaths=deaths))
    assert (finding.standing, finding.occasion, finding.key) == (standing, "41", "job_dead:parse_document")
