"""What the endpoints of alerts answer. A secret is in none of these."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from labeling.api.answers import instant
from modelops.models import Alert, AlertDelivery, AlertDestination, AlertMute


class AlertAnswer(serializers.Serializer[Any]):
    """One alert. ``value`` and ``limit`` are in ``evidence.unit``; ``decided_by`` is who said something to it last."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    key = serializers.CharField()
    state = serializers.CharField()
    severity = serializers.CharField()
    title = serializers.CharField()
    sentence = serializers.CharField()
    vendor = serializers.DictField(child=serializers.JSONField(), allow_null=True)
    value = serializers.FloatField(allow_null=True)
    limit = serializers.FloatField(allow_null=True)
    evidence = serializers.DictField(child=serializers.JSONField())
    address = serializers.CharField(allow_blank=True, help_text="the screen on which it is looked at")
    times = serializers.IntegerField()
    first_seen = serializers.DateTimeField()
    last_seen = serializers.DateTimeField()
    muted_until = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by_itself = serializers.BooleanField()


class AlertPage(serializers.Serializer[Any]):
    """One page; ``counts`` by state."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    results = AlertAnswer(many=True)


class AlertDeliveryAnswer(serializers.Serializer[Any]):
    """One message. ``alert`` is null for a trial."""

    id = serializers.IntegerField()
    destination = serializers.IntegerField()
    alert = serializers.IntegerField(allow_null=True)
    others = serializers.ListField(child=serializers.IntegerField())
    event = serializers.CharField()
    state = serializers.CharField()
    attempts = serializers.IntegerField()
    error = serializers.CharField()
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)


class AlertDestinationAnswer(serializers.Serializer[Any]):
    """One destination; no ``kinds`` are all. ``secret`` is there once, when it was made, and null from then on."""

    id = serializers.IntegerField()
    channel = serializers.CharField()
    address = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    active = serializers.BooleanField()
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    secret = serializers.CharField(allow_null=True)


class AlertMuteAnswer(serializers.Serializer[Any]):
    """A mute of a kind (blank: any), or of a vendor (null: any), until a time."""

    id = serializers.IntegerField()
    kind = serializers.CharField(allow_blank=True)
    vendor = serializers.IntegerField(allow_null=True)
    until = serializers.DateTimeField()
    note = serializers.CharField()
    by = serializers.CharField(allow_null=True)


def alert_json(alert: Alert) -> dict[str, Any]:
    """An alert with its vendor and person."""
    return {
        **{name: getattr(alert, name) for name in ("kind", "key", "state", "severity", "title", "sentence", "value", "limit", "evidence")},
        "address": alert.address,
        "id": alert.pk,
        "vendor": {"id": alert.vendor.pk, "name": alert.vendor.name} if alert.vendor else None,
        "times": alert.times,
        "first_seen": instant(alert.first_seen),
        "last_seen": instant(alert.last_seen),
        "muted_until": instant(alert.muted_until),
        "note": alert.note,
        "decided_by": alert.decided_by.username if alert.decided_by else None,
        "decided_at": instant(alert.decided_at),
        "resolved_at": instant(alert.resolved_at),
        "resolved_by_itself": alert.resolved_at is not None and not alert.resolved_by_person,
    }


def delivery_json(delivery: AlertDelivery) -> dict[str, Any]:
    """A message and what came of it."""
    return {
        "id": delivery.pk,
        "destination": delivery.destination_id,
        "alert": delivery.alert_id,
        **{name: getattr(delivery, name) for name in ("others", "event", "state", "attempts", "error")},
        "created_at": instant(delivery.created_at),
        "sent_at": instant(delivery.sent_at),
    }


def destination_json(one: AlertDestination, secret: str = "") -> dict[str, Any]:
    """A destination; ``secret`` is given when it was made just now."""
    return {
        "id": one.pk,
        "channel": one.channel,
        "address": one.address,
        "kinds": one.kinds,
        "active": one.is_active,
        "created_by": one.created_by.username if one.created_by else None,
        "created_at": instant(one.created_at),
        "secret": secret or None,
    }


def mute_json(mute: AlertMute) -> dict[str, Any]:
    """A mute."""
    by = mute.by.username if mute.by else None
    return {"id": mute.pk, "kind": mute.kind, "vendor": mute.vendor_id, "until": instant(mute.until), "note": mute.note, "by": by}
