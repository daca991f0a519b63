"""Accuracy: of a vendor against its own earlier level, and of all against the floor."""

from __future__ import annotations

from mlcore.alerting.counted import Counted, Spans, clustering, fallen, measured
from mlcore.alerting.finding import Finding, Severity, Standing
from mlcore.alerting.limits import Limits

LEAST_WRONG = 5
"""So many documents that are looked at have to be wrong: three that are wrong throughout are an accident, however unlikely."""


def vendor_accuracy(vendor: int, name: str, seen: Spans, limits: Limits, *, vendors: int = 1, baseline: Counted | None = None) -> Finding:
    """Fires when the vendor's share of right values fell by more than the limit, and surely fell at all.

    ``vendors`` is how many are looked at together: the chance of a false alarm is shared by all of them (Bonferroni). ``baseline`` is the
    level that an open alert compares with, so that the fall does not become the new level while nobody does anything. ``name`` goes out in
    messages.
    """
    before, now = baseline or seen.before, seen.now
    enough = min(before.documents, now.documents) >= limits.least_documents
    fall = fallen(before, now, limits.false_alarm / max(1, vendors)) if min(before.documents, now.documents) else None
    standing = Standing.UNKNOWN
    if enough and fall is not None and fall.low is not None:
        if fall.value > limits.vendor_drop and fall.low > 0 and _wrong(now) >= LEAST_WRONG:
            standing = Standing.FIRES
        else:
            standing = Standing.OVER if fall.value <= limits.vendor_drop * (1 - limits.margin) else Standing.HOLDS
    evidence = {
        "unit": "share",
        "now": now.to_json(),
        "before": before.to_json(),
        "share_now": round(now.share, 6),
        "share_before": round(before.share, 6),
        "fall_at_least": round(fall.low, 6) if fall is not None and fall.low is not None else None,
        "days": seen.days,
        "vendors": vendors,
        "false_alarm": limits.false_alarm,
        "least_documents": limits.least_documents,
    }
    sentence = (
        f"{name}: {now.share:.1%} of the values were right in the last {seen.days} days ({now.documents} documents), after "
        f"{before.share:.1%} before ({before.documents}). That is {(before.share - now.share) * 100:.1f} points less; "
        f"{limits.vendor_drop * 100:g} are put up with."
    )
    return Finding(
        *("vendor_accuracy", f"vendor_accuracy:{vendor}", standing, Severity.NOW, f"{name}: accuracy fell"[:200]),
        *(sentence, round(before.share - now.share, 6), limits.vendor_drop, evidence, vendor),
    )


def overall_accuracy(seen: Spans, limits: Limits) -> Finding:
    """Fires when the share of right values is surely under the floor; over when it is ``margin`` of the way from there to 1."""
    now = seen.now
    standing, high = Standing.UNKNOWN, None
    if now.documents:
        high = measured(now, clustering(now), limits.false_alarm).high
    if now.documents >= limits.least_documents and high is not None:
        if high < limits.overall_floor and _wrong(now) >= LEAST_WRONG:
            standing = Standing.FIRES
        else:
            over = limits.overall_floor + limits.margin * (1 - limits.overall_floor)
            standing = Standing.OVER if now.share >= over else Standing.HOLDS
    evidence = {
        "unit": "share",
        "now": now.to_json(),
        "share_now": round(now.share, 6),
        "share_at_most": round(high, 6) if high is not None else None,
        "days": seen.days,
        "false_alarm": limits.false_alarm,
        "least_documents": limits.least_documents,
    }
    sentence = (
        f"{now.share:.1%} of the values were right in the last {seen.days} days ({now.documents} documents judged); "
        f"{limits.overall_floor:.1%} is the floor."
    )
    return Finding(
        *("overall_accuracy", "overall_accuracy", standing, Severity.TODAY, f"Accuracy is under {limits.overall_floor:.1%}"),
        *(sentence, round(now.share, 6), limits.overall_floor, evidence),
    )


def _wrong(counted: Counted) -> int:
    return counted.documents - counted.right_documents
