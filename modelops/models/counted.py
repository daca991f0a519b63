"""What a day's numbers are added up from: one row for each document that was read, and one for each that was settled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from invoices.models import Document, Prediction, Vendor
from labeling.models import GoldRecord


class CountedDay(models.Model):
    """A day (UTC) whose numbers are stored, or have to be. ``stale``: it was not over then, or a document of it has changed since. Whoever
    counts the day holds it.

    ``marks`` rises with every change, so that a change which comes while the day is being counted is not lost.
    """

    day = models.DateField(primary_key=True)
    stale = models.BooleanField(default=True)
    marks = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["day"], name="counted_day_stale", condition=Q(stale=True))]


class CountedReading(models.Model):
    """What a document was read as: the reading that counts, the newest that no label of the document had a part in.

    ``day`` is the day on which the document came in. ``passed``: it went through without a person, whether or not it was drawn to be
    checked; that stays so. ``bins`` counts its values by their confidence (``monitoring.bins``). ``ocr_confidence`` is the sum of the mean
    word confidences of its ``ocr_pages``, in ten-thousandths. ``revision`` is that of the text.
    """

    document = models.OneToOneField(Document, primary_key=True, on_delete=models.CASCADE, related_name="counted_reading")
    day = models.DateField()
    vendor = models.ForeignKey(Vendor, null=True, db_index=False, on_delete=models.SET_NULL, related_name="+")
    prediction = models.ForeignKey(Prediction, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=16)
    passed = models.BooleanField(default=False)
    bins = models.JSONField(default=list)
    revision = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=0)
    ocr_pages = models.PositiveIntegerField(default=0)
    ocr_confidence = models.PositiveIntegerField(default=0)
    novel = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["day", "vendor", "document"], name="counted_reading_day"),
            models.Index(fields=["vendor", "day"], name="counted_reading_vendor"),
        ]


class CountedDocument(models.Model):
    """A settled document: what the machine had filled in, held to the record that counts now.

    ``day`` is the day of its first gold record. ``stratum`` says how it came to be looked at, ``accepted`` that it would have gone through
    without a person. ``judged`` values are those that either side has, ``right`` of them are the same, ``exact``: all are. ``corrected``
    values were changed by the first person who saw them. ``fields`` is ``{name: [judged, right, corrected]}``, ``bins`` ``[[bin, judged,
    right, said], ...]`` of the values that were filled in, ``said`` the sum of their confidences in ten-thousandths. Without a reading
    before the first label there is no ``prediction``, and nothing is judged; nor where a record is stored in a form that cannot be read.
    ``effort_ms`` is the active time of its ``labels`` labels.
    """

    class Stratum(models.TextChoices):
        """``SEEN``: a person looks at every such document. ``AUDIT``: it had gone through and chance picked it. ``REPORTED``: it had gone
        through and somebody saw something wrong; it is in no accuracy, since chance had no part in it."""

        SEEN = "seen", "Seen"
        AUDIT = "audit", "Audited"
        REPORTED = "reported", "Reported"

    document = models.OneToOneField(Document, primary_key=True, on_delete=models.CASCADE, related_name="counted_document")
    gold = models.OneToOneField(GoldRecord, on_delete=models.CASCADE, related_name="+")
    prediction = models.ForeignKey(Prediction, null=True, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    vendor = models.ForeignKey(Vendor, null=True, db_index=False, on_delete=models.SET_NULL, related_name="+")
    stratum = models.CharField(max_length=8, choices=Stratum.choices)
    accepted = models.BooleanField(default=False)
    is_judged = models.BooleanField(default=False)
    judged = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    exact = models.BooleanField(default=False)
    corrected = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)
    bins = models.JSONField(default=list)
    labels = models.PositiveIntegerField(default=0)
    effort_ms = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["day", "vendor", "document"], name="counted_document_day"),
            models.Index(fields=["vendor", "day"], name="counted_document_vendor"),
        ]


class SeenLayout(models.Model):
    """A layout of a vendor, by the document that showed it first. ``marks`` are the fingerprints of its first few documents."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="+")
    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="+")
    marks = models.JSONField(default=list)
