"""What a message says. It holds counts, limits and names of confirmed vendors; nothing of a document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from modelops.models import Alert, AlertDelivery

SHOWN = 20
"""Alerts that a digest names; the rest is a number."""


@dataclass(frozen=True, slots=True)
class Message:
    """``event``: alert.opened | alert.over | alert.trial. ``data`` is what a program reads, ``subject`` and ``text`` what a person does."""

    event: str
    subject: str
    text: str
    data: dict[str, Any]

    def body(self) -> bytes:
        """The JSON of a webhook."""
        return json.dumps({"event": self.event, "text": self.text, **self.data}, ensure_ascii=False, separators=(",", ":")).encode()


def message_of(delivery: AlertDelivery) -> Message:
    """The message of a delivery: one statement for its digest, none else."""
    if delivery.alert is None:
        text = "This is a trial message of Countersign. Alerts will be sent here."
        return Message("alert.trial", "Countersign: trial message", f"{text}\n{link('/alerts/')}".strip(), {"alerts": [], "count": 0})
    others = list(Alert.objects.filter(pk__in=delivery.others).order_by("pk"))
    alerts = [delivery.alert, *others]
    over = delivery.tells_end
    lines = [_line(alert, over=over) for alert in alerts[:SHOWN]]
    if len(alerts) > SHOWN:
        lines.append(f"And {len(alerts) - SHOWN} more.")
    subject = _subject(alerts, over=over)
    text = "\n\n".join([*lines, f"All alerts: {link('/alerts/')}"] if link("/alerts/") else lines)
    data = {"alerts": [_data(alert) for alert in alerts[:SHOWN]], "count": len(alerts)}
    return Message("alert.over" if over else "alert.opened", subject, text, data)


def link(path: str) -> str:
    """The address of a page for somebody who is not on it; ``""`` where the station was not told its own address."""
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{path}" if settings.PUBLIC_ADDRESS and path else ""


def _subject(alerts: Sequence[Alert], *, over: bool) -> str:
    first = " ".join(alerts[0].title.split())
    what = first if len(alerts) == 1 else f"{len(alerts)} alerts, first: {first}"
    return f"Countersign: {'over: ' if over else ''}{what}"[:180]


def _line(alert: Alert, *, over: bool) -> str:
    head = f"{'Over' if over else alert.get_severity_display()}: {alert.title}"
    now = alert.evidence.get("over", {}).get("sentence", "") if over else alert.sentence
    return "\n".join(part for part in (head, str(now), link(f"/alerts/{alert.pk}/")) if part)


def _data(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.pk,
        "kind": alert.kind,
        "key": alert.key,
        "state": alert.state,
        "severity": alert.severity,
        "title": alert.title,
        "sentence": alert.sentence,
        "vendor": alert.vendor_id,
        "value": alert.value,
        "limit": alert.limit,
        "first_seen": alert.first_seen.isoformat(),
        "last_seen": alert.last_seen.isoformat(),
        "url": link(f"/alerts/{alert.pk}/") or None,
    }
