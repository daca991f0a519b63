"""Whether a vendor began to send documents that look like none before, or is new itself."""

from __future__ import annotations

from mlcore.agreement.ratios import wilson
from mlcore.alerting.finding import Finding, Severity, Standing
from mlcore.alerting.limits import Limits

ODD_SHARE = 0.05
"""Share of a vendor's documents that look like none before by accident (a torn scan, a cover sheet)."""


def new_layout(
    vendor: int, name: str, novel: int, received: int, limits: Limits, *, days: int, newest: str = "", vendors: int = 1
) -> Finding:
    """Fires from so many ``novel`` documents on, where they are surely more than the odd ones among those ``received``.

    Over when documents come in and none of them is novel any more: the layout was learned. ``newest`` is the day of the newest novel one.
    ``vendors`` share the chance of a false alarm.
    """
    low = wilson(min(novel, received), received, 1 - 2 * limits.false_alarm / max(1, vendors))[0] if received else 0.0
    if novel >= limits.layout_documents and low > ODD_SHARE:
        standing = Standing.FIRES
    elif not received:
        standing = Standing.UNKNOWN
    else:
        standing = Standing.HOLDS if novel else Standing.OVER
    evidence = {
        "unit": "documents",
        "novel": novel,
        "received": received,
        "novel_share_at_least": round(low, 6),
        "newest": newest,
        "days": days,
        "false_alarm": limits.false_alarm,
    }
    sentence = (
        f"{name}: {novel} of {received} documents of the last {days} days look like none that is known of this vendor. "
        "Label some of them; the template learns from each."
    )
    return Finding(
        *("new_layout", f"new_layout:{vendor}", standing, Severity.INFO, f"{name}: a new layout"[:200], sentence),
        *(float(novel), float(limits.layout_documents), evidence, vendor, newest),
    )
