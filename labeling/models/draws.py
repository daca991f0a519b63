"""What was drawn, and the counters that draws are numbered by."""

from __future__ import annotations

from django.db import models

from invoices.models import Document
from labeling.models.policy import LabelingPolicy


class DrawStratum(models.Model):
    """How many documents a stratum has had; ``key`` names what is drawn for and the stratum."""

    key = models.CharField(max_length=160, unique=True)
    count = models.PositiveIntegerField(default=0)


class Draw(models.Model):
    """One draw for one document, kept with everything that it can be repeated from (``labeling.draws.is_drawn``).

    ``what``: ``double`` (a second label), ``new_biller`` (one after the fact), ``hidden``, ``seeded`` or ``audit``. A document with a
    draw of ``audit`` was accepted by a certified model: nobody labels it unless it was drawn.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="draws")
    what = models.CharField(max_length=16)
    stratum = models.CharField(max_length=120)
    position = models.PositiveIntegerField()
    share = models.FloatField()
    seed = models.PositiveBigIntegerField()
    drawn = models.BooleanField()
    policy = models.ForeignKey(LabelingPolicy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "what"], name="draw_once")]
        indexes = [models.Index(fields=["what", "drawn", "at"], name="draw_what")]
