"""What asks for the next training run, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from invoices.models import Vendor
from labeling.models import StoredPolicy
from modelops.models.datasets import DatasetVersion
from modelops.models.runs import TrainingRun


class TriggerPolicy(StoredPolicy):
    """One version of the rules; the newest counts, none is edited. Switches are 0 or 1.

    ``every_days``: time after the last data set version from which the next one is due (0: never). ``drop_points``: loss of a vendor's
    accuracy in points that counts as a changed template, with ``changed_examples`` gold records since it was seen. ``new_vendor_examples``:
    gold records of a vendor that no model has learned from. ``starts_by_itself``: a proposal whose preflight has nothing against it begins
    without a person. ``hourly_rate`` is what a device costs an hour.
    """

    every_days = models.PositiveIntegerField(default=91)
    drop_points = models.FloatField(default=5.0)
    changed_examples = models.PositiveIntegerField(default=100)
    new_vendor_examples = models.PositiveIntegerField(default=200)
    starts_by_itself = models.PositiveSmallIntegerField(default=0)
    hourly_rate = models.DecimalField(max_digits=10, decimal_places=4, default=0)


class TriggerProposal(models.Model):
    """A run that was asked for, why, and what became of it. One waits at most for each ``key``.

    Taken up by somebody (``taken_up_by``; nobody: by policy), it waits for its ``dataset`` to be frozen and then starts its run, unless
    the preflight refuses (``held_back`` says why). ``occasion`` names what it is about: dismissed, it is not proposed again for that.
    """

    class Kind(models.TextChoices):
        """The specification's three."""

        SCHEDULE = "schedule", "Its time has come"
        TEMPLATE_CHANGE = "template_change", "A vendor's template changed"
        NEW_VENDOR = "new_vendor", "A new vendor has enough labels"

    class State(models.TextChoices):
        """How it stands."""

        OPEN = "open", "Waits for an admin"
        STARTED = "started", "A run was started"
        DISMISSED = "dismissed", "Dismissed"
        OVERTAKEN = "overtaken", "Another run did it"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.SET_NULL, related_name="+")
    sentence = models.CharField(max_length=600)
    evidence = models.JSONField(default=dict)
    preflight = models.JSONField(default=dict)
    policy = models.ForeignKey(TriggerPolicy, null=True, on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=80, blank=True, default="")
    dataset = models.ForeignKey(DatasetVersion, null=True, on_delete=models.SET_NULL, related_name="proposals")
    taken_up_at = models.DateTimeField(null=True, blank=True)
    taken_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    held_back = models.CharField(max_length=600, blank=True, default="")
    run = models.ForeignKey(TrainingRun, null=True, on_delete=models.SET_NULL, related_name="proposals")
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], condition=Q(state="open"), name="proposal_open_once")]
        indexes = [models.Index(fields=["key", "-id"], name="proposal_key"), models.Index(fields=["state", "-id"], name="proposal_state")]
