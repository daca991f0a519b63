"""The job ledger: the queue of record. Celery only rings the bell."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class JobStatus(models.TextChoices):
    """A job waits, runs under a lease, and ends in one of three ways."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Dead"
    CANCELLED = "cancelled", "Cancelled"


class Job(models.Model):
    """One piece of work, written in the transaction that asked for it.

    ``key`` makes asking twice the same as asking once. ``args`` holds ids, never content of a document.
    ``attempts`` is raised before the work starts, so that work which kills its process is counted too.
    ``fence`` is raised by every claim; a result is only written under the newest value. ``worker`` is the
    instance that claimed it last. All times are the
    database's clock. ``rung_at`` is when the bell was last rung for this job, null when it must be rung.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, unique=True)
    args = models.JSONField(default=dict)
    queue = models.CharField(max_length=20)
    status = models.CharField(max_length=12, choices=JobStatus.choices, default=JobStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=160, blank=True, default="")
    not_before = models.DateTimeField(db_default=Now())
    rung_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error_message = models.CharField(max_length=600, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["queue", "not_before"], name="job_waiting", condition=Q(status="queued")),
            models.Index(fields=["lease_until"], name="job_leased", condition=Q(status="running")),
            models.Index(fields=["queue", "-started_at"], name="job_started"),
            models.Index(fields=["status", "-id"], name="job_status"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(status="running") | Q(lease_until__isnull=False), name="job_running_has_lease"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.status})"


class ModelReport(models.Model):
    """What a worker says of the model that it reads with: one row for each worker, for the health page.

    ``message`` says why there is no model, or why it cannot be used. The counts begin when the model is loaded;
    ``last_batch`` is in documents, ``last_seconds`` on the clock. ``worker`` is the name in its ``WorkerSign``.
    """

    class State(models.TextChoices):
        """Whether it reads."""

        LOADING = "loading", "Getting ready"
        READY = "ready", "Reads"
        UNUSABLE = "unusable", "Cannot be used"

    worker = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=12, choices=State.choices)
    model_id = models.CharField(max_length=80, blank=True, default="")
    message = models.CharField(max_length=600, blank=True, default="")
    documents = models.PositiveIntegerField(default=0)
    last_batch = models.PositiveIntegerField(default=0)
    last_seconds = models.FloatField(default=0.0)
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.worker} ({self.state})"


class WorkerSign(models.Model):
    """A sign of life: each worker and the scheduler writes its row every third of a job's lease."""

    name = models.CharField(max_length=120, unique=True)
    instance = models.CharField(max_length=160, blank=True, default="")
    queues = models.CharField(max_length=120)
    seen_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name
