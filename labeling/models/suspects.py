"""Gold records that something speaks against."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from labeling.models.gold import GoldRecord
from labeling.models.tasks import LabelingTask


class SuspectGold(models.Model):
    """What was found out about one gold record the last time it was looked at.

    ``score`` is in thousandths (0..1000), ``reasons`` are those of ``mlcore.agreement.reasons``, the strongest first. ``state``: ``clear``
    below the score from which a record is listed, ``open`` while it waits for a senior, ``right`` when one said that it is,
    ``in_review`` while a review is under way and ``settled`` when that is done. ``heard`` are the keys of the reasons that a senior has
    decided on: the same evidence alone does not bring a record back.
    """

    class State(models.TextChoices):
        """How it stands."""

        CLEAR = "clear", "Nothing against it"
        OPEN = "open", "Suspect"
        RIGHT = "right", "Said to be right"
        IN_REVIEW = "in_review", "In review"
        SETTLED = "settled", "Reviewed"

    gold = models.OneToOneField(GoldRecord, on_delete=models.CASCADE, related_name="suspicion")
    score = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=16, choices=State.choices, default=State.CLEAR)
    heard = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    review = models.OneToOneField(LabelingTask, null=True, on_delete=models.PROTECT, related_name="suspicion")
    looked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(F("score").desc(), F("id"), name="suspect_order", condition=Q(state="open")),
            models.Index(fields=["state", "id"], name="suspect_state"),
            models.Index(fields=["looked_at"], name="suspect_oldest"),
        ]
