"""What somebody has to look at, who is told, and whether it got there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from invoices.models import Vendor
from labeling.models import StoredPolicy


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
    ``occasion`` names what it is about where that can be named (the newest dead job): a person who resolved it is not told of that again.
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
    occasion = models.CharField(max_length=80, blank=True, default="")
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
        indexes = [
            models.Index(fields=["state", "-last_seen"], name="alert_state"),
            models.Index(fields=["key", "-id"], name="alert_key"),
            models.Index(fields=["-id"], name="alert_standing", condition=Q(state__in=["open", "acknowledged", "muted"])),
        ]

    @property
    def resolved_by_person(self) -> bool:
        """Whether somebody resolved it, rather than that it was over."""
        return self.resolved_at is not None and self.resolved_at == self.decided_at


class AlertPolicyVersion(StoredPolicy):
    """One version of the limits that findings are held to; the newest counts, none is ever edited. Shares are 0..1.

    ``vendor_drop``: loss of a vendor's accuracy against its own earlier level; ``overall_floor``: least accuracy of all;
    ``review_share``: most open documents that wait for review. A drop compares the last ``window_days`` with the ``before_days`` before.
    Nothing is said of fewer than ``least_documents`` judged, or ``least_open`` open, documents; ``false_alarm`` is the chance of an alert
    by chance alone that is put up with for one look at one limit. ``layout_documents``: documents of a new layout; ``job_deaths``: failed
    jobs of one kind. ``silent_minutes``: time without a sign of any worker of a queue. An alert is over when its value is
    ``margin`` (a share of the limit's own distance) on the good side. ``storm_from``: more new ones in one look are told of in one
    message; ``quiet_hours``: so long a resolved one is not opened again; ``tell_over`` (0 or 1): whether its end is told.
    """

    vendor_drop = models.FloatField(default=0.05)
    overall_floor = models.FloatField(default=0.98)
    review_share = models.FloatField(default=0.30)
    window_days = models.PositiveSmallIntegerField(default=7)
    before_days = models.PositiveSmallIntegerField(default=28)
    least_documents = models.PositiveIntegerField(default=30)
    least_open = models.PositiveIntegerField(default=30)
    false_alarm = models.FloatField(default=0.01)
    layout_documents = models.PositiveIntegerField(default=5)
    job_deaths = models.PositiveIntegerField(default=1)
    silent_minutes = models.PositiveIntegerField(default=5)
    margin = models.FloatField(default=0.20)
    storm_from = models.PositiveIntegerField(default=5)
    quiet_hours = models.PositiveIntegerField(default=24)
    tell_over = models.PositiveSmallIntegerField(default=1)


class AlertMute(models.Model):
    """Until ``until`` nobody is told of alerts of this kind (``""``: any) about this vendor (null: any). They are kept all the same."""

    kind = models.CharField(max_length=24, choices=AlertKind.choices, blank=True, default="")
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["until"], name="alert_mute_until")]


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
    """One message to one destination, at most once for each change of an alert that is told of (``event``).

    ``others`` are the ids of further alerts in the same message (a digest). Without an alert it is a trial of the destination.
    ``in_vain``: it failed so that trying again would change nothing.
    """

    class State(models.TextChoices):
        """Whether it got there."""

        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"

    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="deliveries")
    destination = models.ForeignKey(AlertDestination, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    others = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    in_vain = models.BooleanField(default=False)
    error = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "destination", "event"], name="alert_delivery_once")]
        indexes = [models.Index(fields=["created_at"], name="delivery_failed", condition=Q(state="failed"))]

    @property
    def tells_end(self) -> bool:
        """Whether it says that an alert is over, rather than that it began."""
        return self.event.startswith("over")


class AlertTold(models.Model):
    """That a key was told of on a day (UTC): once, whichever look found it and however often it opened."""

    key = models.CharField(max_length=200)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="alert_told_once")]
