"""Where an alert is looked at. Plain addresses: the scheduler, which keeps alerts, has no screens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from modelops.models import AlertKind

PLACES: Final[Mapping[str, tuple[str, str]]] = {
    AlertKind.VENDOR_ACCURACY: ("/monitoring/?vendor={vendor}", "Accuracy of this vendor"),
    AlertKind.OVERALL_ACCURACY: ("/monitoring/", "Accuracy day by day"),
    AlertKind.REVIEW_QUEUE: ("/review/", "The review queue"),
    AlertKind.CERTIFICATE: ("/thresholds/", "Thresholds and what they let through"),
    AlertKind.NEW_LAYOUT: ("/documents/?vendor={vendor}", "Documents of this vendor"),
    AlertKind.WORKER_SILENT: ("/health/", "Health of the station"),
    AlertKind.JOB_DEAD: ("/health/", "Health of the station"),
}


def where(kind: str, vendor: int | None) -> str:
    """The address of the screen on which it is looked at; ``""`` for a kind that has none."""
    address = PLACES.get(kind, ("", ""))[0]
    return address.format(vendor=vendor) if vendor is not None else address.partition("?")[0]


def what_is_there(kind: str) -> str:
    """What the link says."""
    return PLACES.get(kind, ("", ""))[1]
