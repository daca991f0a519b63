"""Models that may serve, served, or serve; and how each did on a data set version."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from modelops.models.datasets import DatasetVersion
from modelops.models.runs import TrainingRun


class ModelVersion(models.Model):
    """A verified artifact. ``model_id`` is its content-addressed name, ``number`` what people call it by.

    ``folder`` is relative to the station's ``artifacts`` folder, absolute for the shipped one and those that a setting names. ``base``,
    ``recipe`` and ``facts`` are what its description says, ``card`` is its model card (Markdown), ``metrics`` and ``calibration`` are
    summaries. ``trained_vendors`` are keys of the vendors that anything in it, or in a model that it started from, was learned from.
    ``lineage`` has the models that it started from, the nearest first (``modelops.registry.lineage``). ``removed_documents`` counts
    documents that it, or one of those, had learned from and that had to go since. ``put_away_by`` is who retired it; a champion that
    another one replaced was put away by nobody.
    """

    class State(models.TextChoices):
        """Its standing. There is one champion at most."""

        CANDIDATE = "candidate", "Candidate"
        CHAMPION = "champion", "Champion"
        RETIRED = "retired", "Retired"

    class Origin(models.TextChoices):
        """Where it comes from."""

        SHIPPED = "shipped", "Came with the product"
        TRAINED = "trained", "Trained here"
        IMPORTED = "imported", "Brought in"

    number = models.PositiveIntegerField(unique=True)
    model_id = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CANDIDATE)
    origin = models.CharField(max_length=12, choices=Origin.choices)
    folder = models.CharField(max_length=400)
    run = models.OneToOneField(TrainingRun, null=True, blank=True, on_delete=models.PROTECT, related_name="model")
    dataset = models.ForeignKey(DatasetVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="models")
    base = models.JSONField(default=dict)
    recipe = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    card = models.TextField(blank=True, default="")
    metrics = models.JSONField(default=dict)
    calibration = models.JSONField(default=dict)
    trained_vendors = models.JSONField(default=list)
    lineage = models.JSONField(default=list)
    bytes = models.PositiveBigIntegerField(default=0)
    removed_documents = models.PositiveIntegerField(default=0)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    put_away_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["state"], condition=Q(state="champion"), name="one_champion")]

    def __str__(self) -> str:
        return f"model {self.number}"


class ModelEvaluation(models.Model):
    """How a model, or the templates alone (``model`` null), did on the held-out documents of a version.

    ``folder`` (relative to ``evaluations``) holds ``evidence.json``, a ``mlcore.gate.System``, with every document's scores, and the
    report. ``overall`` has the measures with intervals, ``seconds`` the median of a document, ``calibration`` the adaptive ECE.
    """

    model = models.ForeignKey(ModelVersion, null=True, on_delete=models.CASCADE, related_name="evaluations")
    dataset = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="evaluations")
    folder = models.CharField(max_length=200)
    documents = models.PositiveIntegerField()
    vendors = models.PositiveIntegerField(default=0)
    overall = models.JSONField(default=dict)
    seconds = models.FloatField(null=True)
    calibration = models.FloatField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "dataset"], name="evaluation_once", nulls_distinct=False),
        ]


class EvaluationAsk(models.Model):
    """Somebody, or something, wants a model (null: the templates alone) evaluated on a version and, being a model, judged.

    ``done`` of ``documents`` are read. ``error`` says why it could not be done, or what went wrong the last time while it is tried again.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "Waiting"
        READING = "reading", "Reading"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    model = models.ForeignKey(ModelVersion, null=True, on_delete=models.CASCADE, related_name="asks")
    dataset = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="asks")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    documents = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=600, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model", "dataset"], condition=Q(state__in=["waiting", "reading"]), name="ask_open_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["model", "-id"], name="ask_model")]
