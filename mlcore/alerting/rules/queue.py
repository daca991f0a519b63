"""Whether more waits for review than people can keep up with."""

from __future__ import annotations

from mlcore.alerting.finding import Finding, Severity, Standing
from mlcore.alerting.limits import Limits


def review_queue(review: int, other: int, limits: Limits, *, passed: int = 0, days: int = 0) -> Finding:
    """Fires when more than the limit of the documents wait for ``review``.

    Documents are those that are open (``review`` and ``other``) and, where the machine accepts some alone, those that it ``passed`` in the
    last ``days``: without them a station in which hardly anything is left to label would seem to drown in reviews. All are counted, so no
    interval is needed, and a station with few open documents has no capacity problem.
    """
    count = review + other
    share = review / (count + passed) if count else 0.0
    if count >= limits.least_open and share > limits.review_share:
        standing = Standing.FIRES
    else:
        standing = Standing.OVER if share <= limits.review_share * (1 - limits.margin) or count < limits.least_open else Standing.HOLDS
    evidence = {
        "unit": "share",
        "review": review,
        "open": count,
        "passed": passed,
        "days": days,
        "share_now": round(share, 6),
        "least_open": limits.least_open,
    }
    beside = f" (and {passed:,} that went through alone in {days} days)" if passed else ""
    sentence = f"{review:,} of {count:,} open documents{beside} wait for review: {share:.0%}; {limits.review_share:.0%} is the limit."
    return Finding(
        *("review_queue", "review_queue", standing, Severity.TODAY, "The review queue is too long"),
        *(sentence, round(share, 6), limits.review_share, evidence),
    )
