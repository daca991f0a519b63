"""Labels of documents whose truth is known: gold tests and onboarding, and what follows from them for a person's queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from invoices.models import Document, Prediction
from labeling.models.gold import GoldRecord
from labeling.models.policy import LabelingPolicy
from labeling.models.tasks import LabelingTask, TaskPurpose


class KnownDocument(models.Model):
    """A document that a senior chose: as material for gold tests, or as a step of the onboarding set, in the order of ``position``."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="known")
    purpose = models.CharField(max_length=16, choices=TaskPurpose.choices)
    position = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "purpose"], name="known_once")]
        indexes = [models.Index(fields=["purpose", "position", "id"], name="known_order")]


class Trial(models.Model):
    """One person's go at one document whose truth is known. A person gets a document once, whatever for.

    ``reserved``: put by for the person, who sees it as an open document from then on; ``open``: the person has the task ``task``;
    ``judged``: submitted and held to the gold record ``truth``; ``skipped``: the person gave it up, or is tested no more; ``void``: its
    truth had been taken back when it was submitted. ``wrong`` lists the fields
    (without index) that were not right, ``exact`` says that there were none. ``position``, ``share`` and ``seed`` repeat the draw of a
    gold test (``labeling.draws.is_drawn`` with what ``gold_test`` and stratum ``person <id>``).
    """

    class State(models.TextChoices):
        """How far it is."""

        RESERVED = "reserved", "Put by"
        OPEN = "open", "Handed out"
        JUDGED = "judged", "Judged"
        SKIPPED = "skipped", "Skipped"
        VOID = "void", "Without a truth"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trials")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="trials")
    purpose = models.CharField(max_length=16, choices=TaskPurpose.choices)
    prediction = models.ForeignKey(Prediction, null=True, on_delete=models.PROTECT, related_name="+")
    task = models.OneToOneField(LabelingTask, null=True, on_delete=models.PROTECT, related_name="trial")
    state = models.CharField(max_length=16, choices=State.choices, default=State.RESERVED)
    position = models.PositiveIntegerField(default=0)
    share = models.FloatField(default=0.0)
    seed = models.PositiveBigIntegerField(default=0)
    policy = models.ForeignKey(LabelingPolicy, null=True, on_delete=models.PROTECT, related_name="+")
    truth = models.ForeignKey(GoldRecord, null=True, on_delete=models.PROTECT, related_name="+")
    exact = models.BooleanField(null=True)
    wrong = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "document"], name="trial_once")]
        indexes = [
            models.Index(fields=["person", "purpose", "state"], name="trial_person"),
            models.Index(fields=["-judged_at", "-id"], name="trial_newest", condition=Q(state="judged")),
        ]


class TrialTurns(models.Model):
    """Up to which of a person's submissions gold tests were drawn: ``position`` counts them since tests began, ``last`` is the newest."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)
    last = models.BigIntegerField(default=0)


class Standing(models.Model):
    """How right a person's newest judged labels are: the share of values, its 95 % interval and the number of documents ``judged``.

    ``value`` is ``None`` with too few. ``newest`` is the mark by which a standing is known to be up to date.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standing")
    judged = models.PositiveIntegerField(default=0)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    newest = models.CharField(max_length=64, default="")
    at = models.DateTimeField(auto_now=True)


class QueuePause(models.Model):
    """A person is handed no new documents. One at a time; kept when it has ended. ``by`` is ``None`` for one that the policy made.

    ``figures`` are those that spoke for it: ``{judged, value, low, high, limit}``.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pauses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    figures = models.JSONField(default=dict)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], condition=Q(ended_at__isnull=True), name="pause_once")]
