"""What somebody has to look at, who is told, and whether it got there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from invoices.models import Vendor


class AlertKind(models.TextChoices):
    """What is watched. The first three are the specification's."""

    VENDOR_ACCURACY = "vendor_accuracy", "Accuracy of a vendor fell"
    OVERALL_ACCURACY = "overall_accuracy", "Accuracy is too low"
    REVIEW_QUEUE = "review_queue", "Too many documents wait for review"
    CERTIFICATE = "certificate", "The certificate does not hold any more"
    NEW_LAYOUT = "new_layout", "A new layout was seen"
    WORKER_SILENT = "worker_silent", "A worker is silent"
    JOB_DEAD = "job_dead", "Work failed for good"


class Alert(models.Model):
    """One finding, from when it was first seen until it is resolved. Seen again it is the same alert (``key``), and told of once.

    ``value`` and ``limit`` are what was measured and what is allowed, ``evidence`` the numbers behind it, ``address`` where to look.
    """

    class State(models.TextChoices):
        """``MUTED`` until a time; ``RESOLVED`` by a person, or by itself when it is over."""

        OPEN = "open", "Open"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        MUTED = "muted", "Muted"
        RESOLVED = "resolved", "Resolved"

    class Severity(models.TextChoices):
        """How soon."""

        NOW = "now", "At once"
        TODAY = "today", "Today"
        INFO = "info", "To know"

    kind = models.CharField(max_length=24, choices=AlertKind.choices)
    key = models.CharField(max_length=200)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    title = models.CharField(max_length=200)
    sentence = models.CharField(max_length=600)
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.SET_NULL, related_name="alerts")
    value = models.FloatField(null=True)
    limit = models.FloatField(null=True)
    evidence = models.JSONField(default=dict)
    address = models.CharField(max_length=300, blank=True, default="")
    times = models.PositiveIntegerField(default=1)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    muted_until = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], condition=~Q(state="resolved"), name="alert_open_once")]
        indexes = [models.Index(fields=["state", "-last_seen"], name="alert_state")]


class AlertDestination(models.Model):
    """Where alerts are sent: an e-mail address, or an address of an allowlisted host that is called with a signed message.

    ``kinds`` are those of ``AlertKind`` that it wants, empty for all. ``secret`` signs webhooks (HMAC-SHA256).
    """

    class Channel(models.TextChoices):
        """How."""

        EMAIL = "email", "E-mail"
        WEBHOOK = "webhook", "Webhook"

    channel = models.CharField(max_length=8, choices=Channel.choices)
    address = models.CharField(max_length=400)
    kinds = models.JSONField(default=list)
    secret = models.CharField(max_length=120, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)


class AlertDelivery(models.Model):
    """One message to one destination, at most once for each change of an alert that is told of (``event``)."""

    class State(models.TextChoices):
        """Whether it got there."""

        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="deliveries")
    destination = models.ForeignKey(AlertDestination, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "destination", "event"], name="alert_delivery_once")]
