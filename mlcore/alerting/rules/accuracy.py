"""Accuracy: of a vendor against its own earlier level, and of all against the floor."""

from __future__ import annotations

from mlcore.alerting.estimate import Estimate, fall
from mlcore.alerting.finding import Finding, Severity, Standing
from mlcore.alerting.limits import Limits
from mlcore.percent import exact, in_percent, in_points

LEAST_WRONG = 5
"""So many documents that are looked at have to be wrong: three that are wrong throughout are an accident, however unlikely."""


def vendor_accuracy(vendor: int, name: str, now: Estimate, before: Estimate, limits: Limits, *, days: int, vendors: int = 1) -> Finding:
    """Fires when the vendor's share of right values fell by more than the limit, and surely fell at all.

    Both estimates have bounds at the limits' chance of a false alarm, shared by the ``vendors`` that are looked at together (Bonferroni).
    ``before`` of an open alert is the level that it was opened with, so that the fall does not become the new level while nobody does
    anything. ``name`` goes out in messages.
    """
    fell = fall(before, now)
    standing = Standing.UNKNOWN
    if fell is not None and fell.low is not None and min(before.documents, now.documents) >= limits.least_documents:
        if fell.value > limits.vendor_drop and fell.low > 0 and now.wrong >= LEAST_WRONG:
            standing = Standing.FIRES
        else:
            standing = Standing.OVER if fell.value <= limits.vendor_drop * (1 - limits.margin) else Standing.HOLDS
    evidence = {
        "unit": "share",
        "now": now.to_json(),
        "before": before.to_json(),
        "fall_at_least": round(fell.low, 6) if fell is not None and fell.low is not None else None,
        "days": days,
        "vendors": vendors,
        "false_alarm": limits.false_alarm,
        "least_documents": limits.least_documents,
    }
    sentence = (
        f"{name}: {_percent(now)} of the values were right in the last {days} days ({now.documents:,} documents looked at), after "
        f"{_percent(before)} before ({before.documents:,})."
    )
    if fell is not None:
        sentence += f" That is {in_points(fell.value)} less; {exact(limits.vendor_drop)} are put up with."
    return Finding(
        *("vendor_accuracy", f"vendor_accuracy:{vendor}", standing, Severity.NOW, f"{name}: accuracy fell"[:200], sentence),
        *(round(fell.value, 6) if fell is not None else None, limits.vendor_drop, evidence, vendor),
    )


def overall_accuracy(now: Estimate, limits: Limits, *, days: int) -> Finding:
    """Fires when the share of right values is surely under the floor; over when it is ``margin`` of the way from there to 1.

    The bounds are at the limits' chance of a false alarm.
    """
    standing = Standing.UNKNOWN
    if now.value is not None and now.high is not None and now.documents >= limits.least_documents:
        if now.high < limits.overall_floor and now.wrong >= LEAST_WRONG:
            standing = Standing.FIRES
        else:
            over = limits.overall_floor + limits.margin * (1 - limits.overall_floor)
            standing = Standing.OVER if now.value >= over else Standing.HOLDS
    evidence = {
        "unit": "share",
        "now": now.to_json(),
        "days": days,
        "false_alarm": limits.false_alarm,
        "least_documents": limits.least_documents,
    }
    sentence = (
        f"{_percent(now)} of the values were right in the last {days} days ({now.documents:,} documents looked at); "
        f"{exact(limits.overall_floor)} % is the floor."
    )
    return Finding(
        *("overall_accuracy", "overall_accuracy", standing, Severity.TODAY, f"Accuracy is under {exact(limits.overall_floor)} %"),
        *(sentence, round(now.value, 6) if now.value is not None else None, limits.overall_floor, evidence),
    )


def _percent(estimate: Estimate) -> str:
    return in_percent(estimate.value) if estimate.value is not None else "an unknown share"
