"""What people submitted, and every change on the way."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from invoices.models import Document, Prediction
from labeling.models.tasks import LabelingTask, TaskDraft


class EditCause(models.TextChoices):
    """What made a person's change."""

    TYPED = "typed", "Typed"
    CLICK = "click", "Clicked word"
    LASSO = "lasso", "Lasso"
    DITTO = "ditto", "Ditto"
    PASTE = "paste", "Pasted"
    FILL = "fill", "Filled column"
    SUGGESTION = "suggestion", "Suggestion"
    MARK = "mark", "Mark"
    CONFIRM = "confirm", "Confirmed"
    UNDO = "undo", "Undo or redo"


class Annotation(models.Model):
    """What one person submitted for one task. Immutable.

    ``record`` is the JSON form of an ``InvoiceRecord``; ``marks`` maps field paths to ``blank``,
    ``illegible`` or ``not_applicable``; ``unsure`` lists field paths; ``evidence`` maps field paths to places.
    ``request_hash`` makes a repeated submit recognisable.
    """

    task = models.OneToOneField(LabelingTask, on_delete=models.PROTECT, related_name="annotation")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="annotations", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prediction = models.ForeignKey(Prediction, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    record = models.JSONField()
    marks = models.JSONField(default=dict)
    unsure = models.JSONField(default=list)
    evidence = models.JSONField(default=dict)
    active_ms = models.PositiveBigIntegerField(default=0)
    keystrokes = models.PositiveIntegerField(default=0)
    keystrokes_saved = models.IntegerField(default=0)
    request_hash = models.CharField(max_length=64)
    submitted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["author", "submitted_at"], name="annotation_author"),
            models.Index(fields=["document", "author"], name="annotation_own"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: a submitted annotation never changes."""
        if not self._state.adding:
            raise TypeError("An annotation is immutable once submitted.")
        super().save(*args, **kwargs)


class FieldEdit(models.Model):
    """One acknowledged change of one field, written when its draft is saved, so that none is ever lost.

    ``edit_id`` comes from the browser and makes a repeated send recognisable. ``key`` is the cell key of the
    labeling protocol, split into ``row_id`` (``""`` in the header) and ``name``. On submit the edit gets its
    ``annotation`` and the field ``path`` that the row ended at (``""`` when the row was removed).
    ``cause`` is one of the protocol's causes; ``version`` is the draft version that the edit made.
    """

    draft = models.ForeignKey(TaskDraft, on_delete=models.CASCADE, related_name="edits")
    annotation = models.ForeignKey(Annotation, null=True, blank=True, on_delete=models.CASCADE, related_name="edits")
    edit_id = models.UUIDField()
    version = models.PositiveIntegerField()
    row_id = models.CharField(max_length=40, blank=True, default="")
    name = models.CharField(max_length=80)
    path = models.CharField(max_length=80, blank=True, default="")
    before = models.TextField(blank=True, default="")
    after = models.TextField(blank=True, default="")
    mark = models.CharField(max_length=20, blank=True, default="")
    cause = models.CharField(max_length=20, choices=EditCause.choices)
    at = models.DateTimeField()
    active_ms = models.PositiveIntegerField(default=0)
    keystrokes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "edit_id"], name="edit_once")]
        indexes = [models.Index(fields=["draft", "version"], name="edit_version")]
