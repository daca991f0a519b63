"""What happened on one day, counted exactly from what people found out; never from the model's own opinion."""

from __future__ import annotations

from django.db import models

from invoices.models import Vendor


class DailyMetric(models.Model):
    """Counts of one day (UTC), of one vendor or of all (``vendor`` null). Counting again writes the same row.

    Right and wrong are what audits, reviews and corrections found about what the machine had filled in on documents settled that day, by
    the record that counts now: ``judged_*`` were looked at, ``right_*`` of them were right, values and whole documents; ``accepted_*`` are
    of documents that would have gone through without a person. ``fields`` has the same by field: ``{name: [judged, right, corrected]}``.
    ``strata`` has it apart for documents that everybody's eyes were meant for (``seen``) and those that had gone through and were drawn to
    be checked (``audit``): ``{documents: [judged, right], values: [judged, right], squares: [judged², judged·right, right²], fields:
    {name: [judged, right]}, bins: [[judged, right, said], ...]}``, squares summed over documents, ``said`` the sum of the confidences in
    ten-thousandths. ``confidence`` has for each of 20 equal bins
    of a value's confidence ``[values, judged, right]``.

    ``received``, ``read_*`` and ``passed`` are of the documents that came in that day: all of them, those that have been read by the route
    of the reading that counts, and those that went through without a person. ``settled`` counts documents that got their first gold record
    that day, ``corrected_documents`` those of which somebody changed a value. ``waiting_*`` is how it stood at the end of the day, ages in
    seconds. ``effort_seconds`` is the active time of the ``labels`` labels of the settled documents. ``ocr_pages`` of ``pages`` were read
    by OCR, ``ocr_confidence`` is the sum of their mean word confidences; ``novel`` counts documents whose layout was new for its vendor,
    or whose vendor was new. ``model_id`` is that of the newest reading in which a model had a part.
    """

    day = models.DateField()
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.CASCADE, related_name="daily_metrics")
    judged_values = models.PositiveIntegerField(default=0)
    right_values = models.PositiveIntegerField(default=0)
    judged_documents = models.PositiveIntegerField(default=0)
    right_documents = models.PositiveIntegerField(default=0)
    accepted_judged = models.PositiveIntegerField(default=0)
    accepted_right = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)
    strata = models.JSONField(default=dict)
    confidence = models.JSONField(default=list)
    received = models.PositiveIntegerField(default=0)
    read_accepted = models.PositiveIntegerField(default=0)
    read_review = models.PositiveIntegerField(default=0)
    read_flagged = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)
    corrected_documents = models.PositiveIntegerField(default=0)
    waiting_label = models.PositiveIntegerField(default=0)
    waiting_review = models.PositiveIntegerField(default=0)
    waiting_oldest = models.PositiveIntegerField(default=0)
    labels = models.PositiveIntegerField(default=0)
    effort_seconds = models.FloatField(default=0.0)
    pages = models.PositiveIntegerField(default=0)
    ocr_pages = models.PositiveIntegerField(default=0)
    ocr_confidence = models.FloatField(default=0.0)
    novel = models.PositiveIntegerField(default=0)
    model_id = models.CharField(max_length=80, blank=True, default="")
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "vendor"], name="daily_metric_once", nulls_distinct=False)]
        indexes = [models.Index(fields=["vendor", "-day"], name="daily_vendor")]
