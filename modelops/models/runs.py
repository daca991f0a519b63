"""Training runs, what they tell while they go on, and sets of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from modelops.models.datasets import DatasetVersion


class RunState(models.TextChoices):
    """``STOPPING``: asked for, after the step under way. A stopped or failed run can go on from its last checkpoint."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    STOPPING = "stopping", "Stopping"
    STOPPED = "stopped", "Stopped"
    FINISHED = "finished", "Finished"
    FAILED = "failed", "Failed"


class RunStage(models.TextChoices):
    """What a run does, in this order. Each stage leaves files behind, so that a run goes on with the one that it was in."""

    TRAINING = "training", "Training"
    READING = "reading", "Reading held-out documents"
    CALIBRATING = "calibrating", "Learning confidence"
    PACKING = "packing", "Packing the model"
    EVALUATING = "evaluating", "Evaluating"
    JUDGING = "judging", "Asking the gate"
    DONE = "done", "Done"


class TrainingSweep(models.Model):
    """Runs that differ in ``axes`` alone: for each path in a recipe the values that were tried, ``{"lora.rank": [4, 8, 16]}``."""

    name = models.CharField(max_length=80)
    axes = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)


class TrainingRun(models.Model):
    """One training on one data set version, from its start to its verdict.

    ``recipe`` is ``mlcore.training.config.Recipe.to_json``, ``base`` the identity of the base model (name, revision, sha256),
    ``preflight`` what was shown and confirmed before it began. ``folder`` is relative to the station's ``runs`` folder and holds what
    docs/artifacts.md says. ``launcher`` names what starts the processes (``modelops.runs.launching``). Progress: ``step`` of ``steps``,
    the newest ``loss`` and ``validation_loss``, ``tokens`` and ``tokens_per_second``, peak ``memory`` in bytes, ``seconds`` on the clock,
    ``eta_seconds`` left. ``hourly_rate`` is what a device costs an hour, ``cost`` what the run did. ``attempts`` counts how often it
    was begun or gone on with. ``start_model`` is the model whose weights it starts from, null for the base. ``told_bytes`` is how much of
    its ``events.jsonl`` is kept in ``RunPoint`` and ``RunLine``.
    """

    dataset = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="runs")
    sweep = models.ForeignKey(TrainingSweep, null=True, blank=True, on_delete=models.PROTECT, related_name="runs")
    start_model = models.ForeignKey("ModelVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="further_runs")
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.QUEUED)
    stage = models.CharField(max_length=12, choices=RunStage.choices, default=RunStage.TRAINING)
    recipe = models.JSONField()
    base = models.JSONField(default=dict)
    preflight = models.JSONField(default=dict)
    launcher = models.CharField(max_length=40, default="here")
    folder = models.CharField(max_length=200, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    device = models.CharField(max_length=80, blank=True, default="")
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=0)
    loss = models.FloatField(null=True)
    validation_loss = models.FloatField(null=True)
    tokens = models.PositiveBigIntegerField(default=0)
    tokens_per_second = models.FloatField(null=True)
    memory = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    eta_seconds = models.FloatField(null=True)
    hourly_rate = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    cost = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    attempts = models.PositiveIntegerField(default=0)
    told_bytes = models.PositiveBigIntegerField(default=0)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error_message = models.CharField(max_length=600, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-id"], name="run_open", condition=Q(state__in=["queued", "running", "stopping"])),
            models.Index(fields=["dataset", "-id"], name="run_dataset"),
        ]

    def __str__(self) -> str:
        return f"training run {self.pk}"


class RunPoint(models.Model):
    """A point of the curves, after ``step``. ``validation_loss`` is set at the end of an epoch alone. Written again, it stays one."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="points")
    step = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField(default=0)
    loss = models.FloatField(null=True)
    validation_loss = models.FloatField(null=True)
    learning_rate = models.FloatField(null=True)
    tokens_per_second = models.FloatField(null=True)
    memory = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "step"], name="run_point_once")]


class RunLine(models.Model):
    """A line of the run's log, for people. It holds no content of a document."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="lines")
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(max_length=600)

    class Meta:
        indexes = [models.Index(fields=["run", "id"], name="run_line")]
