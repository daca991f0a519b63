"""The truth about documents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from invoices.models import Document, Vendor
from labeling.models.annotations import Annotation


class GoldRecord(models.Model):
    """The truth about a document, with provenance per field. A later one supersedes, none is deleted.

    ``provenance`` maps field paths to ``{source, by, model_id, reason?}``. With a single label ``source`` is ``confirmed`` (the pre-fill
    was right), ``corrected`` or ``typed``; with two it is ``agreed`` or ``adjudicated``; ``reviewed`` and ``audited`` are of those tasks.
    ``evidence`` maps field paths to places. ``annotation`` is the one that settled the record; an adjudicated one has none.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="gold_records")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.SET_NULL, related_name="gold_records")
    annotation = models.ForeignKey(Annotation, null=True, on_delete=models.PROTECT, related_name="gold_records")
    record = models.JSONField()
    evidence = models.JSONField(default=dict)
    provenance = models.JSONField(default=dict)
    is_current = models.BooleanField(default=True)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document"], condition=Q(is_current=True), name="gold_current_once")]
        indexes = [models.Index(fields=["vendor", "-id"], name="gold_vendor", condition=Q(is_current=True))]
