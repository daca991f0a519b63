"""Who is told of what: one message for a key and day, one for many when there are many, none where it is muted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from modelops.alerts.opening import Change, Event
from modelops.models import Alert, AlertDelivery, AlertDestination, AlertPolicyVersion, AlertTold
from modelops.signals import alert_told

MOST_ATTEMPTS = 9
"""Of one message altogether: three at once by the ledger, three after ``AGAIN[0]``, three after ``AGAIN[1]``."""
AGAIN = (dt.timedelta(minutes=15), dt.timedelta(hours=1))
_ORDER = {Alert.Severity.NOW: 0, Alert.Severity.TODAY: 1, Alert.Severity.INFO: 2}


def tell(changes: Sequence[Change], policy: AlertPolicyVersion) -> list[int]:
    """Write a message for each destination that wants to know, in the caller's transaction, and announce them; their ids.

    More than the policy's ``storm_from`` for one destination are one message.
    """
    now = timezone.now()
    due = [change for change in changes if (change.event is Event.OPENED or policy.tell_over) and _first_today(change, now)]
    made: list[int] = []
    if due:
        for destination in AlertDestination.objects.filter(is_active=True).order_by("pk"):
            for event in Event:
                made += _messages(destination, event, [change.alert for change in due if change.event is event], policy)
    if made:
        alert_told.send(sender=None, delivery_ids=made)
    return made


def tell_again() -> list[int]:
    """Announce what could not be delivered and is worth another try; their ids. One statement when there is nothing."""
    now = timezone.now()
    failed = AlertDelivery.objects.filter(
        state=AlertDelivery.State.FAILED, created_at__gte=now - dt.timedelta(days=1), in_vain=False, attempts__lt=MOST_ATTEMPTS
    )
    patient = Q(attempts__lte=3, tried_at__lt=now - AGAIN[0]) | Q(attempts__gt=3, tried_at__lt=now - AGAIN[1])
    with transaction.atomic():
        ids = list(failed.filter(patient).order_by("pk").values_list("pk", flat=True)[:200])
        if ids:
            AlertDelivery.objects.filter(pk__in=ids, state=AlertDelivery.State.FAILED).update(state=AlertDelivery.State.WAITING)
            alert_told.send(sender=None, delivery_ids=ids)
    return ids


def _first_today(change: Change, now: dt.datetime) -> bool:
    key = change.alert.key if change.event is Event.OPENED else f"{change.alert.key[:190]}:over"
    try:
        with transaction.atomic():
            AlertTold.objects.create(key=key, day=now.astimezone(dt.UTC).date())
    except IntegrityError:
        return False
    return True


def _messages(destination: AlertDestination, event: Event, alerts: list[Alert], policy: AlertPolicyVersion) -> list[int]:
    wanted = [alert for alert in alerts if not destination.kinds or alert.kind in destination.kinds]
    wanted.sort(key=lambda alert: (_ORDER[Alert.Severity(alert.severity)], alert.pk))
    if len(wanted) > policy.storm_from:
        first, *others = wanted
        made = [_message(destination, first, f"{event.value}_digest", [alert.pk for alert in others])]
    else:
        made = [_message(destination, alert, event.value, []) for alert in wanted]
    return [delivery.pk for delivery in made]


def _message(destination: AlertDestination, alert: Alert, event: str, others: list[int]) -> AlertDelivery:
    delivery, _ = AlertDelivery.objects.get_or_create(
        alert=alert, destination=destination, event=f"{event}:{timezone.now():%Y-%m-%d}", defaults={"others": others}
    )
    return delivery
