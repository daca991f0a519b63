"""Disagreements, what a senior ruled, and the guidelines that come of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from invoices.models import Document, Vendor
from labeling.models.agreement import Agreement
from labeling.models.annotations import Annotation
from labeling.models.gold import GoldRecord
from labeling.models.tasks import LabelingTask


class DifferenceCause(models.TextChoices):
    """Why two labels differ. Typed by ``mlcore.agreement.causes``, and the senior's to correct."""

    FORMAT = "format", "Format only"
    MISREAD = "misread", "OCR misread"
    PLACE = "place", "Wrong place"
    ROW = "row", "Missing or extra row"
    ALIAS = "alias", "Vendor alias"
    GUIDELINE = "guideline", "Guideline gap"


class Choice(models.TextChoices):
    """What a difference was settled with."""

    A = "a", "A"
    B = "b", "B"
    MACHINE = "machine", "Machine"
    OTHER = "other", "Other value"
    ABSENT = "absent", "Not on the document"


class Guideline(models.Model):
    """What holds for one field, as Markdown. A change is a new version; the newest of a field counts."""

    field = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["field", "version"], name="guideline_once")]


class GuidelineRead(models.Model):
    """Up to which guideline a person has seen what changed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    last = models.ForeignKey(Guideline, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now=True)


class Adjudication(models.Model):
    """A document whose two labels differ, until a senior has settled every difference.

    ``a_is_first`` says which of the two annotations is called A: drawn, so that the letter gives no author away. ``third`` is the label
    that policy asked for before a senior looks.
    """

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", "Waits for a third label"
        OPEN = "open", "Open"
        RESOLVED = "resolved", "Resolved"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="adjudications")
    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="adjudication")
    task = models.OneToOneField(LabelingTask, null=True, blank=True, on_delete=models.PROTECT, related_name="adjudication")
    third = models.OneToOneField(Annotation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    a_is_first = models.BooleanField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    gold = models.OneToOneField(GoldRecord, null=True, blank=True, on_delete=models.PROTECT, related_name="adjudication")
    opened_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "opened_at"], name="adjudication_state"),
            models.Index(fields=["state", "resolved_at", "id"], name="adjudication_resolved"),
        ]


class Ruling(models.Model):
    """What a senior decided about one difference, or about several alike at once; a precedent for the vendor and field.

    ``place`` is ``{document, page, box}`` of the crop that it was decided by. ``undone_at`` takes it back with every difference it settled.
    """

    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.SET_NULL, related_name="rulings")
    field = models.CharField(max_length=80)
    cause = models.CharField(max_length=16, choices=DifferenceCause.choices)
    choice = models.CharField(max_length=16, choices=Choice.choices)
    value = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=1000, blank=True, default="")
    place = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    guideline = models.ForeignKey(Guideline, null=True, blank=True, on_delete=models.SET_NULL, related_name="rulings")
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["vendor", "field", "-id"], name="ruling_precedent", condition=Q(undone_at__isnull=True))]


class Difference(models.Model):
    """One field, or one whole row, in which the two labels of a document differ.

    ``name`` is the field without an index (``line_items.total``; ``line_items`` for a row); ``path_first`` and ``path_second`` are its
    paths in the two records, ``""`` where that record has no such row. Values are the text forms of ``mlcore.record_json``, a row's the
    JSON of the row; ``None`` is "not on the document". ``choice`` is empty until it is settled.
    """

    adjudication = models.ForeignKey(Adjudication, on_delete=models.CASCADE, related_name="differences")
    name = models.CharField(max_length=80)
    path_first = models.CharField(max_length=80, blank=True, default="")
    path_second = models.CharField(max_length=80, blank=True, default="")
    value_first = models.TextField(null=True)
    value_second = models.TextField(null=True)
    value_machine = models.TextField(null=True)
    cause = models.CharField(max_length=16, choices=DifferenceCause.choices)
    cause_typed = models.CharField(max_length=16, choices=DifferenceCause.choices)
    critical = models.BooleanField(default=False)
    choice = models.CharField(max_length=16, choices=Choice.choices, blank=True, default="")
    value = models.TextField(null=True)
    ruling = models.ForeignKey(Ruling, null=True, blank=True, on_delete=models.PROTECT, related_name="differences")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["name", "cause"], name="difference_alike", condition=Q(choice=""))]
