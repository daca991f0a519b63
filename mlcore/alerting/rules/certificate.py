"""Whether what went through without a person is as right as was certified."""

from __future__ import annotations

from mlcore.alerting.finding import Finding, Severity, Standing
from mlcore.alerting.limits import Limits
from mlcore.confidence.certificates import Certificate


def certificate(accepted: int, right: int, certified: Certificate | None, limits: Limits, *, model: str = "", days: int = 0) -> Finding:
    """Fires when so few of the ``accepted`` documents that were audited are wholly ``right`` that the certified precision is refuted.

    The test is the exact binomial one (Clopper and Pearson 1934), one-sided, at the limits' chance of a false alarm. Over when the share is
    the certified one again, or where nothing is certified.
    """
    precision = certified.precision if certified else None
    share = right / accepted if accepted else None
    at_most = _upper(right, accepted, limits.false_alarm) if accepted else None
    standing = Standing.UNKNOWN
    if precision is None:
        standing = Standing.OVER
    elif accepted >= limits.least_documents and at_most is not None and share is not None:
        standing = Standing.FIRES if at_most < precision else Standing.OVER if share >= precision else Standing.HOLDS
    evidence = {
        "unit": "share",
        "accepted": accepted,
        "right": right,
        "share_now": round(share, 6) if share is not None else None,
        "share_at_most": round(at_most, 6) if at_most is not None else None,
        "precision": precision,
        "confidence": certified.confidence if certified else None,
        "threshold": certified.threshold if certified else None,
        "model": model,
        "days": days,
        "false_alarm": limits.false_alarm,
        "least_documents": limits.least_documents,
    }
    sentence = "No acceptance without a person is certified."
    if precision is not None:
        found = f"{right} of {accepted} that were audited were wholly right" if accepted else "none was audited"
        sentence = (
            f"{precision:.0%} of the documents that go through without a person are certified to be right; in the last {days} days "
            f"{found}. Have more of them audited, raise the threshold, or certify anew."
        )
    return Finding(
        *("certificate", "certificate", standing, Severity.NOW, "The certificate of acceptance does not hold"),
        *(sentence, round(share, 6) if share is not None else None, precision, evidence),
    )


def _upper(right: int, count: int, chance: float) -> float:
    from mlcore.confidence.certify import lower_bound  # SciPy: only where there is something to test

    return 1 - lower_bound(count - right, count, 1 - chance)
