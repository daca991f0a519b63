"""What is stored of labeling: tasks with their lease, drafts, annotations, edits and gold."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from invoices.models import Document, Prediction, Vendor


class TaskKind(models.TextChoices):
    """Why a person sees a document."""

    LABEL = "label", "Label"
    SECOND_LABEL = "second_label", "Second label"
    ADJUDICATE = "adjudicate", "Adjudicate"
    REVIEW = "review", "Review"
    AUDIT = "audit", "Audit"


class TaskState(models.TextChoices):
    """A task is open until it is submitted (done) or no longer needed (withdrawn)."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    WITHDRAWN = "withdrawn", "Withdrawn"


class LabelingTask(models.Model):
    """One piece of work for one person. The lease is part of the row, so that a claim is one UPDATE.

    ``assignee`` and ``lease_expires_at`` say who holds it until when; an expired lease may be claimed by
    anyone. ``prediction`` is the pre-fill that the person was shown (``None``: hidden or none).
    Larger ``priority`` comes first.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=16, choices=TaskKind.choices, default=TaskKind.LABEL)
    ordinal = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=TaskState.choices, default=TaskState.OPEN)
    priority = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    postponed_until = models.DateTimeField(null=True, blank=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    prediction = models.ForeignKey(Prediction, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "kind", "ordinal"], name="task_once")]
        indexes = [
            models.Index(F("kind"), F("priority").desc(), F("id"), name="task_claim", condition=Q(state="open")),
            models.Index(fields=["assignee", "state"], name="task_assignee"),
        ]


class TaskSkip(models.Model):
    """A person does not want, or cannot do, a task; it is not handed to that person again."""

    task = models.ForeignKey(LabelingTask, on_delete=models.CASCADE, related_name="skips")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=40)
    comment = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="skip_once")]


class TaskDraft(models.Model):
    """Work in progress of one person on one task; survives the lease.

    ``state`` is the draft of the labeling protocol (``cells``, ``rows``); ``version`` rises by one with
    every stored change and is what a stale writer is refused by.
    """

    task = models.ForeignKey(LabelingTask, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    active_ms = models.PositiveBigIntegerField(default=0)
    keystrokes = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "author"], name="draft_once")]


class Annotation(models.Model):
    """What one person submitted for one task. Immutable.

    ``record`` is the JSON form of an ``InvoiceRecord``; ``marks`` maps field paths to ``blank``,
    ``illegible`` or ``not_applicable``; ``unsure`` lists field paths; ``evidence`` maps field paths to places.
    ``request_hash`` makes a repeated submit recognisable.
    """

    task = models.OneToOneField(LabelingTask, on_delete=models.PROTECT, related_name="annotation")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="annotations")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prediction = models.ForeignKey(Prediction, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    record = models.JSONField()
    marks = models.JSONField(default=dict)
    unsure = models.JSONField(default=list)
    evidence = models.JSONField(default=dict)
    active_ms = models.PositiveBigIntegerField(default=0)
    keystrokes = models.PositiveIntegerField(default=0)
    keystrokes_saved = models.PositiveIntegerField(default=0)
    request_hash = models.CharField(max_length=64)
    submitted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["author", "submitted_at"], name="annotation_author")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: a submitted annotation never changes."""
        if self.pk is not None:
            raise TypeError("An annotation is immutable once submitted.")
        super().save(*args, **kwargs)


class FieldEdit(models.Model):
    """One change of one field with its time and cause (``typed``, ``click``, ``lasso``, ``ditto``, ``paste``,
    ``fill``, ``suggestion``, ``mark``, ``undo``)."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="edits")
    path = models.CharField(max_length=80)
    before = models.TextField(blank=True, default="")
    after = models.TextField(blank=True, default="")
    cause = models.CharField(max_length=20)
    at = models.DateTimeField()
    active_ms = models.PositiveIntegerField(default=0)
    keystrokes = models.PositiveIntegerField(default=0)


class GoldRecord(models.Model):
    """The truth about a document, with provenance per field. A later one supersedes, none is deleted."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="gold_records")
    vendor = models.ForeignKey(Vendor, null=True, blank=True, on_delete=models.SET_NULL, related_name="gold_records")
    annotation = models.ForeignKey(Annotation, null=True, on_delete=models.PROTECT, related_name="gold_records")
    record = models.JSONField()
    evidence = models.JSONField(default=dict)
    provenance = models.JSONField(default=dict)
    superseded_by = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="supersedes")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document"], condition=Q(superseded_by__isnull=True), name="gold_current_once"),
        ]
