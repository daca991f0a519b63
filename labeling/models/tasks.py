"""Work and who holds it: tasks with their lease, skips and drafts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from invoices.models import Document, Prediction
from labeling.models.policy import LabelingPolicy


class TaskKind(models.TextChoices):
    """Why a person sees a document."""

    LABEL = "label", "Label"
    SECOND_LABEL = "second_label", "Second label"
    ADJUDICATE = "adjudicate", "Adjudicate"
    REVIEW = "review", "Review"
    AUDIT = "audit", "Audit"


LABELING_LINE = Q(state="open", kind__in=["label", "second_label", "audit"])
"""Open tasks that are handed out as labels; whoever does one is not told which it is."""

SENIOR_LINES = Q(state="open", kind__in=["review", "adjudicate"])
"""Open tasks of the seniors' desks."""


class TaskState(models.TextChoices):
    """A task is open until it is submitted (done) or no longer needed (withdrawn)."""

    OPEN = "open", "Open"
    DONE = "done", "Done"
    WITHDRAWN = "withdrawn", "Withdrawn"


class TaskPurpose(models.TextChoices):
    """What a task is for, besides its kind. The person who does it is never told."""

    WORK = "work", "Work"
    GOLD_TEST = "gold_test", "Gold test"
    ONBOARDING = "onboarding", "Onboarding"


class LabelingTask(models.Model):
    """One piece of work for one person. The lease is part of the row, so that a claim is one UPDATE.

    ``assignee`` and ``lease_expires_at`` say who holds it until when; an expired lease may be claimed by
    anyone. ``prefetched`` marks a lease that was taken ahead and not opened yet. ``prediction`` is the pre-fill
    that the person was shown (``None``: hidden or none). Larger ``priority`` comes first; ``escalated`` tasks
    come first for seniors, and what is due (``due_at``) within a day comes before the queue. ``postponed_by``
    gets the task back first once ``postponed_until`` has passed.

    Under ``policy`` it was drawn for this task whether the pre-fill is hidden (``hides_prefill``) and which wrong values stand in the
    place of right ones (``seeded``: ``{path: {"right": value, "wrong": value}}``); ``drawn_for`` says why the task exists at all.
    ``side`` is the half of the people who may do it (``labeling.halves``) when it is one of two blind labels, else ``None``.
    ``reserved_for`` is the one person who may do it: of a gold test or a step of the onboarding (``purpose``), else ``None``.
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
    policy = models.ForeignKey(LabelingPolicy, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=16, choices=TaskPurpose.choices, default=TaskPurpose.WORK)
    reserved_for = models.ForeignKey(  # without an index of its own, which planners would take to look for nobody's
        settings.AUTH_USER_MODEL, null=True, blank=True, db_index=False, on_delete=models.CASCADE, related_name="+"
    )
    drawn_for = models.CharField(max_length=32, blank=True, default="")
    hides_prefill = models.BooleanField(default=False)
    seeded = models.JSONField(default=dict, blank=True)
    side = models.SmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "kind", "ordinal"], name="task_once", condition=Q(reserved_for__isnull=True)),
            models.UniqueConstraint(fields=["document", "reserved_for"], name="task_of_person", condition=Q(reserved_for__isnull=False)),
        ]
        indexes = [
            models.Index(
                *(F("priority").desc(), F("id"), F("side"), F("kind"), F("state"), F("reserved_for")),
                name="task_claim",
                condition=LABELING_LINE,
            ),
            models.Index(
                *(F("reserved_for"), F("priority").desc(), F("id")),
                name="task_reserved",
                condition=Q(state="open", reserved_for__isnull=False),
            ),
            models.Index(fields=["document"], name="task_third", condition=Q(state="open", side=-1)),
            models.Index(F("kind"), F("priority").desc(), F("id"), name="task_desk", condition=SENIOR_LINES),
            models.Index(F("priority").desc(), F("id"), name="task_review", condition=Q(state="open", kind="review")),
            models.Index(fields=["due_at", "id"], name="task_due", condition=Q(state="open", due_at__isnull=False)),
            models.Index(fields=["-finished_at"], name="task_reviewed", condition=Q(state="done", kind="review")),
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
