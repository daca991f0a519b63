"""The review queue, what was verified in batches, and what was corrected on many documents at once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from invoices.models import Document, Prediction, Vendor
from labeling.models.gold import GoldRecord
from labeling.models.tasks import LabelingTask


class DoubtCause(models.TextChoices):
    """Why a value is doubted; the values of ``mlcore.confidence.doubts.Cause``."""

    CONTRADICTION = "contradiction", "Contradiction"
    CHECK = "check", "Failed check"
    LOW = "low", "Low confidence"
    PLACE = "place", "No place on the page"
    MARKED = "marked", "Marked in a batch"


class FieldDoubt(models.Model):
    """One field that is doubted on the document of a review task, for one cause: what the queue is filtered by.

    ``name`` is the field without an index, ``""`` the document as a whole. ``ANY`` stands for every field and for every cause,
    in rows of their own, so that tasks are counted and filtered off the index. Written when the task is opened, and anew with its pre-fill.
    """

    ANY = "*"

    task = models.ForeignKey(LabelingTask, on_delete=models.CASCADE, related_name="doubts")
    name = models.CharField(max_length=80, blank=True)
    cause = models.CharField(max_length=16, choices=DoubtCause.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "name", "cause"], name="doubt_once")]
        indexes = [models.Index(fields=["name", "cause", "task"], name="doubt_filter")]


class FieldVerification(models.Model):
    """What a person said about one value of one document, seen as a crop among those of others.

    ``confirmed``: the value that ``prediction`` has is on the document; ``corrected``: ``value`` is, as typed; ``wrong``: the predicted one
    is not, and a person has to look at the page. It holds for the document and the field, whatever is predicted later. One for each;
    ``batch`` groups what was sent together.
    """

    class Verdict(models.TextChoices):
        """What was said."""

        CONFIRMED = "confirmed", "Confirmed"
        CORRECTED = "corrected", "Corrected"
        WRONG = "wrong", "Wrong"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="verifications")
    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=80)
    value = models.TextField(null=True)
    verdict = models.CharField(max_length=16, choices=Verdict.choices)
    batch = models.UUIDField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "path"], name="verification_once")]
        indexes = [models.Index(fields=["by", "batch"], name="verification_batch")]


class Correction(models.Model):
    """A correction of one document that was carried over to others of its kind.

    ``gold`` is the record that it was seen on. ``before`` and ``after`` say in short what was changed: names of vendors, or the order of
    a date. ``alias`` is the name that the vendor ``vendor`` got with it, ``alias_before`` whose it was. Undone as a whole, once.
    """

    class Kind(models.TextChoices):
        """What was corrected."""

        VENDOR = "vendor", "Vendor"
        ALIAS = "alias", "Name of a vendor"
        DATE_ORDER = "date_order", "Order of dates"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    gold = models.ForeignKey(GoldRecord, on_delete=models.PROTECT, related_name="corrections")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    before = models.CharField(max_length=300, blank=True, default="")
    after = models.CharField(max_length=300, blank=True, default="")
    alias = models.CharField(max_length=300, blank=True, default="")
    alias_before = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gold", "kind"], condition=Q(undone_at__isnull=True), name="correction_once")]


class CorrectionItem(models.Model):
    """One document that a correction was carried over to: the prediction before and after, and whose document it was."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="items")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    before = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="+")
    vendor_before = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["correction", "document"], name="correction_item_once")]


class MeasuredReading(models.Model):
    """How right a document was read before anybody labeled it: what thresholds are simulated with. ``gold`` is the truth it was held to.

    ``score`` is the lowest confidence of a value that decides about the payment, 0 for a record that contradicts itself; ``right`` says
    that nothing of the record is wrong, ``wrong`` counts the values that are. ``audited``: accepted unseen, and drawn to be checked.
    """

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="measured_reading")
    gold = models.OneToOneField(GoldRecord, on_delete=models.CASCADE, related_name="+")
    prediction = models.ForeignKey(Prediction, on_delete=models.PROTECT, related_name="+")
    score = models.FloatField()
    right = models.BooleanField()
    wrong = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    audited = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["-gold"], name="measured_newest")]
