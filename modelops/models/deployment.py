"""What served when, and what a model would change."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from invoices.models import Document
from modelops.models.gate import GateOverride, GateResult
from modelops.models.registry import ModelVersion


class Deployment(models.Model):
    """A time in which a model (null: templates alone) pre-filled documents. The active one of a slot has no ``ended_at``.

    ``share`` is the percentage of documents that a canary reads, 100 for the champion. ``result`` is the pass by which it was allowed,
    ``override`` the reason instead of one; the first deployment and a return to what served before need neither. ``taken_up_at`` is when
    a worker last began to read with it, ``refusal`` why one could not. A canary that is taken back leaves a row without length, kind
    ``rollback``, that says who did it.

    The database itself refuses (triggers of the migration): a promotion or canary whose pass or override is another model's, a return to
    a model that never served, a first deployment of anything but what came with the product.
    """

    class Slot(models.TextChoices):
        """Beside the champion a canary may serve a share of the documents."""

        CHAMPION = "champion", "Champion"
        CANARY = "canary", "Canary"

    class Kind(models.TextChoices):
        """How it came about."""

        FIRST = "first", "First"
        PROMOTION = "promotion", "Promoted"
        CANARY = "canary", "Canary"
        ROLLBACK = "rollback", "Rolled back"

    slot = models.CharField(max_length=12, choices=Slot.choices, default=Slot.CHAMPION)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    model = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="deployments")
    share = models.PositiveSmallIntegerField(default=100, validators=[MinValueValidator(1), MaxValueValidator(100)])
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    result = models.ForeignKey(GateResult, null=True, on_delete=models.PROTECT, related_name="deployments")
    override = models.ForeignKey(GateOverride, null=True, on_delete=models.PROTECT, related_name="deployments")
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=600, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=Q(ended_at__isnull=True), name="deployment_active_once"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="deployment_share"),
            models.CheckConstraint(
                condition=Q(model__isnull=True) | Q(kind__in=["first", "rollback"]) | Q(result__isnull=False) | Q(override__isnull=False),
                name="deployment_allowed",
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="deployment_newest")]


class ShadowRun(models.Model):
    """A model reading recent documents without anybody seeing it: what would change, and who would be spared.

    ``against`` is the champion of the time. ``chosen`` are the ids of its documents, in the order in which they are read; ``summary`` has
    the counts, of documents and values.
    """

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Reading"
        FINISHED = "finished", "Finished"
        FAILED = "failed", "Failed"

    model = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="shadow_runs")
    against = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    wanted = models.PositiveIntegerField()
    chosen = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    error = models.CharField(max_length=600, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)


class ShadowDocument(models.Model):
    """One document of a shadow run: route of both, what differs, and how many of each were right where the truth is known.

    ``changed`` are ``shadow_compare.Changed.to_json``. ``won`` and ``lost`` count values that became right, and that were right before.
    ``work_before`` and ``work_after`` say what a person has to do with it (``labeling.routing.Work``).
    """

    run = models.ForeignKey(ShadowRun, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    route_before = models.CharField(max_length=16)
    route_after = models.CharField(max_length=16)
    changed = models.JSONField(default=list)
    judged = models.PositiveIntegerField(default=0)
    right_before = models.PositiveIntegerField(default=0)
    right_after = models.PositiveIntegerField(default=0)
    won = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    work_before = models.CharField(max_length=12, default="label")
    work_after = models.CharField(max_length=12, default="label")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "document"], name="shadow_document_once")]
