"""Frozen sets of gold records, and the side that each vendor is on for good."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from invoices.models import Document, Vendor
from labeling.models import GoldRecord


class Side(models.TextChoices):
    """What the documents of a vendor are for. ``TEST`` vendors are held out: nothing is ever learned from them."""

    TRAIN = "train", "Training"
    VALIDATION = "validation", "Validation"
    TEST = "test", "Held out"


class VendorSide(models.Model):
    """The side of one vendor, the same in every version: a vendor that one model was tested on is trained on by none.

    The database refuses an item of a version on another side than its vendor's, and a change of side that items contradict
    (``modelops.held_out``).

    ``group`` is shared by vendors that look or are called alike, which are on one side together. ``reason`` says why it is this side.
    """

    vendor = models.OneToOneField(Vendor, on_delete=models.CASCADE, related_name="side")
    side = models.CharField(max_length=12, choices=Side.choices)
    group = models.CharField(max_length=160, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["side", "id"], name="vendor_side")]


class DatasetVersion(models.Model):
    """One frozen data set: a directory of ``mlcore.dataset.directory`` and where each of its documents comes from.

    ``parent`` is the version that it was merged with; ``since`` the day from which corrections were collected. ``plan`` is how it was
    put together (rules, seed, synthetic documents beside the gold), ``counts`` documents by side, vendor and line type, ``left_out`` how
    many gold records are not in it, by reason. ``data_hash`` is that of the directory, blank until it is frozen. ``folder`` is relative
    to the station's ``datasets`` folder. ``removed_documents`` counts documents that had to go after it was frozen: nothing is trained
    on it any more. ``same_as`` is the earlier version that holds exactly the same, which is then taken instead of this one.
    """

    class State(models.TextChoices):
        """How far it is."""

        COLLECTING = "collecting", "Being put together"
        FROZEN = "frozen", "Frozen"
        SAME = "same", "Same as an earlier one"
        FAILED = "failed", "Failed"

    number = models.PositiveIntegerField(unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    state = models.CharField(max_length=12, choices=State.choices, default=State.COLLECTING)
    same_as = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField(null=True, blank=True)
    plan = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict)
    data_hash = models.CharField(max_length=64, blank=True, default="")
    folder = models.CharField(max_length=200, blank=True, default="")
    documents = models.PositiveIntegerField(default=0)
    validation_documents = models.PositiveIntegerField(default=0)
    test_documents = models.PositiveIntegerField(default=0)
    removed_documents = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True, default="")
    error = models.CharField(max_length=600, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="frozen") | ~Q(data_hash=""), name="dataset_frozen_has_hash"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="collecting"), name="dataset_collecting_once"),
        ]

    def __str__(self) -> str:
        return f"data set {self.number}"


class DatasetItem(models.Model):
    """One gold record of a version. ``weight`` (above 0, 1 for a full one) is that of its loss, ``reason`` says why it is not 1.

    ``removed_at``: the document had to go, and its line with it.
    """

    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="items")
    gold = models.ForeignKey(GoldRecord, on_delete=models.PROTECT, related_name="dataset_items")
    vendor = models.ForeignKey(Vendor, null=True, on_delete=models.SET_NULL, related_name="dataset_items")
    vendor_key = models.CharField(max_length=80)
    side = models.CharField(max_length=12, choices=Side.choices)
    layout = models.CharField(max_length=80, blank=True, default="")
    weight = models.FloatField(default=1.0)
    reason = models.CharField(max_length=120, blank=True, default="")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "gold"], name="dataset_item_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="dataset_weight_above_0"),
        ]
        indexes = [models.Index(fields=["version", "side", "id"], name="dataset_side")]


class DocumentRemoval(models.Model):
    """A document that had to go. ``touched`` has the numbers of the versions, runs and models that had used it.

    ``files`` are the hashes of its stored files, until they are deleted and its lines are out of all others: ``finished_at``.
    """

    class Ground(models.TextChoices):
        """Why."""

        RETENTION = "retention", "Its time is over"
        PATIENT = "patient", "The patient asked for it"
        OTHER = "other", "Another reason"

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="removal")
    ground = models.CharField(max_length=12, choices=Ground.choices)
    reason = models.CharField(max_length=500)
    touched = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(auto_now_add=True)
