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


class LabelingTask(models.Model):
    """One piece of work for one person. The lease is part of the row, so that a claim is one UPDATE.

    ``assignee`` and ``lease_expires_at`` say who holds it until when; an expired lease may be claimed by
    anyone. ``prefetched`` marks a lease that was taken ahead and not opened yet. ``prediction`` is the pre-fill
    that the person was shown (``None``: hidden or none). Larger ``priority`` comes first; ``escalated`` tasks
    come first for seniors. ``postponed_by`` gets the task back first once ``postponed_until`` has passed.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=16, choices=TaskKind.choices, default=TaskKind.LABEL)
    ordinal = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=TaskState.choices, default=TaskState.OPEN)
    priority = models.IntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    postponed_until = models.DateTimeField(null=True, blank=True)
    postponed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    escalated = models.BooleanField(default=False)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    prefetched = models.BooleanField(default=False)
    prediction = models.ForeignKey(Prediction, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "kind", "ordinal"], name="task_once")]
        indexes = [
            models.Index(F("kind"), F("priority").desc(), F("id"), name="task_claim", condition=Q(state="open")),
            models.Index(fields=["assignee", "state"], name="task_assignee"),
            models.Index(fields=["priority", "id"], name="task_list"),
            models.Index(fields=["postponed_by"], name="task_postponed", condition=Q(state="open", postponed_by__isnull=False)),
            models.Index(F("priority").desc(), F("id"), name="task_escalated", condition=Q(state="open", escalated=True)),
        ]


class SkipReason(models.TextChoices):
    """Why a person passes a task on."""

    NOT_AN_INVOICE = "not_an_invoice", "Not an invoice"
    ILLEGIBLE = "illegible", "Illegible"
    WRONG_LANGUAGE = "wrong_language", "Wrong language"
    NEEDS_SENIOR = "needs_senior", "Needs a senior"
    OTHER = "other", "Other"


class TaskSkip(models.Model):
    """A person does not want, or cannot do, a task; it is not handed to that person again."""

    task = models.ForeignKey(LabelingTask, on_delete=models.CASCADE, related_name="skips")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=40, choices=SkipReason.choices)
    comment = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "user"], name="skip_once")]


class TaskDraft(models.Model):
    """Work in progress of one person on one task; survives the lease.

    ``cells`` and ``rows`` are those of the labeling protocol. ``version`` rises by one with every stored
    change and is what a stale writer is refused by; ``rows_version`` is the version that last changed ``rows``.
    """

    task = models.ForeignKey(LabelingTask, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    cells = models.JSONField(default=dict)
    rows = models.JSONField(null=True, default=None)
    version = models.PositiveIntegerField(default=0)
    rows_version = models.PositiveIntegerField(default=0)
    active_ms = models.PositiveBigIntegerField(default=0)
    keystrokes = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

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
    keystrokes_saved = models.IntegerField(default=0)
    request_hash = models.CharField(max_length=64)
    submitted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["author", "submitted_at"], name="annotation_author")]

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


class GoldRecord(models.Model):
    """The truth about a document, with provenance per field. A later one supersedes, none is deleted.

    ``provenance`` maps field paths to ``{source, by, model_id}``; ``source`` is ``confirmed`` (the pre-fill
    was right), ``corrected`` or ``typed``. ``evidence`` maps field paths to places.
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
