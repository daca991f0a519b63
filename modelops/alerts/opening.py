"""Keeping alerts: one finding opens one, stays the same one while it lasts, and resolves it when it is over.

Two looks at the same time make one alert: the database has at most one that is not resolved for each key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from mlcore.alerting.finding import Finding, Standing
from modelops.alerts.policies import current_alert_policy
from modelops.alerts.where import where
from modelops.models import Alert, AlertMute, AlertPolicyVersion

State = Alert.State


class Event(StrEnum):
    """What is told of."""

    OPENED = "opened"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Change:
    """That an alert opened (or is not muted any more), or is over."""

    alert: Alert
    event: Event


def report(finding: Finding) -> Change | None:
    """Keep one finding; what changed by it, if anything did. See ``report_all``; nobody is told."""
    changes = report_all([finding])
    return changes[0] if changes else None


def report_all(findings: Sequence[Finding], policy: AlertPolicyVersion | None = None) -> list[Change]:
    """Keep what was found: two statements, and two to four for each alert that is open or opens. Nobody is told.

    The same again changes nothing but when it was last seen. A person's resolution stands for the policy's quiet hours, and for good
    where the finding names its occasion and that is still the same.
    """
    policy = policy or current_alert_policy()
    now = timezone.now()
    standing = {alert.key: alert for alert in Alert.objects.exclude(state=State.RESOLVED)}
    wanted = sorted((one for one in findings if one.standing is Standing.FIRES or one.key in standing), key=lambda one: one.key)
    mutes = list(AlertMute.objects.filter(until__gt=now)) if wanted else []
    changes = []
    with transaction.atomic():
        for finding in wanted:
            alert = standing.get(finding.key)
            change = _new(finding, policy, mutes, now) if alert is None else _seen_again(alert, finding, mutes, now)
            if change is not None:
                changes.append(change)
    return changes


def muted_until(kind: str, vendor: int | None, mutes: Sequence[AlertMute]) -> dt.datetime | None:
    """Until when alerts of this kind about this vendor are muted; ``None``: they are not."""
    hits = [mute.until for mute in mutes if mute.kind in ("", kind) and mute.vendor_id in (None, vendor)]
    return max(hits, default=None)


def _new(finding: Finding, policy: AlertPolicyVersion, mutes: Sequence[AlertMute], now: dt.datetime) -> Change | None:
    if _rests(finding, policy, now):
        return None
    quiet = muted_until(finding.kind, finding.vendor, mutes)
    try:
        with transaction.atomic():
            alert = Alert.objects.create(
                kind=finding.kind,
                key=finding.key,
                state=State.MUTED if quiet else State.OPEN,
                muted_until=quiet,
                first_seen=now,
                last_seen=now,
                **_told(finding),
            )
    except IntegrityError:  # another look has opened it at the same moment, and tells of it
        return None
    return None if quiet else Change(alert, Event.OPENED)


def _seen_again(alert: Alert, finding: Finding, mutes: Sequence[AlertMute], now: dt.datetime) -> Change | None:
    row = Alert.objects.filter(pk=alert.pk)
    if finding.standing is Standing.OVER:
        ended = row.exclude(state=State.RESOLVED).update(
            state=State.RESOLVED, resolved_at=now, muted_until=None, evidence=_with_end(alert, finding)
        )
        told = ended and alert.state != State.MUTED
        return Change(_fresh(alert), Event.OVER) if told else None
    if finding.standing is not Standing.FIRES:
        return None
    row.exclude(state=State.RESOLVED).update(last_seen=now, times=F("times") + 1, **_told(finding))
    lapsed = row.filter(Q(muted_until__lte=now) | Q(muted_until=None), state=State.MUTED)
    heard = alert.state == State.MUTED and muted_until(finding.kind, finding.vendor, mutes) is None
    if heard and lapsed.update(state=State.OPEN, muted_until=None):
        return Change(_fresh(alert), Event.OPENED)
    return None


def _rests(finding: Finding, policy: AlertPolicyVersion, now: dt.datetime) -> bool:
    """Whether a person has resolved the same so lately that it is not opened again."""
    last = Alert.objects.filter(key=finding.key, state=State.RESOLVED).order_by("-pk").first()
    if last is None or last.resolved_at is None or not last.resolved_by_person:
        return False
    return now - last.resolved_at < dt.timedelta(hours=policy.quiet_hours) or bool(finding.occasion and finding.occasion == last.occasion)


def _told(finding: Finding) -> dict[str, object]:
    return {
        "severity": finding.severity.value,
        "title": finding.title[:200],
        "sentence": finding.sentence[:600],
        "vendor_id": finding.vendor,
        "value": finding.value,
        "limit": finding.limit,
        "evidence": dict(finding.evidence),
        "occasion": finding.occasion[:80],
        "address": where(finding.kind, finding.vendor),
    }


def _with_end(alert: Alert, finding: Finding) -> dict[str, object]:
    """What it was when it was last seen, and what it is now that it is over."""
    return {**alert.evidence, "over": {**finding.evidence, "value": finding.value, "sentence": finding.sentence[:600]}}


def _fresh(alert: Alert) -> Alert:
    return Alert.objects.select_related("vendor").get(pk=alert.pk)
