"""How the station is: database, broker, queues, processes, disk. What the health page and monitoring read."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from invoices.sandbox.confinement import SandboxLevel, sandbox_level
from invoices.serving import serving
from workers.celery import broker_reachable
from workers.health_beside import Beside, look_beside
from workers.kinds import INFERENCE, QUEUES, TRAINING
from workers.models import Job, JobStatus, ModelReport
from workers.signs import living

DISK_FREE_BYTES = 1024**3
OLDEST_SECONDS = 15 * 60
NO_READER = (
    "No worker reads with the model, so documents are filled in from templates alone. Start one that serves the queue "
    f"“{INFERENCE}”, or set COUNTERSIGN_MODEL=none."
)
NO_TRAINER = (
    "A training run waits, and no worker trains. Start one that serves the queue "
    f"“{TRAINING}”: celery -A workers.celery worker -Q {TRAINING} --concurrency 1 --max-tasks-per-child 1."
)
_UNUSABLE, _READY = ModelReport.State.UNUSABLE.value, ModelReport.State.READY.value


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """One queue. ``oldest_seconds`` is how long the oldest due job has been waiting (0: none waits)."""

    name: str
    waiting: int
    running: int
    oldest_seconds: int
    workers: int


@dataclass(frozen=True, slots=True)
class ModelHealth:
    """What one living worker says of the model that it reads with; the counts begin when it was loaded.

    ``state`` is ``loading``, ``ready`` or ``unusable``, and then ``message`` says why; of one that is ready it says what could not be
    taken up.
    """

    worker: str
    state: str
    model_id: str
    message: str
    documents: int
    last_batch: int
    last_seconds: float


@dataclass(frozen=True, slots=True)
class Health:
    """``problems`` are sentences, each with what to do; empty when all is well. Sizes are in bytes.

    Where no ``model_serves``, the inference queue needs no worker.
    """

    database: str
    broker: bool
    queues: tuple[QueueHealth, ...]
    scheduler: bool
    dead_jobs: int
    disk_free: int
    ocr: str
    sandbox: str
    model_serves: bool
    models: tuple[ModelHealth, ...]
    problems: tuple[str, ...]
    beside: Beside

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types."""
        return asdict(self)


def database_answers() -> bool:
    """Whether the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def look() -> Health:
    """Look at everything. Raises ``DatabaseError`` when the database does not answer."""
    alive = living()
    queues = tuple(_queue(name, sum(name in served for served in alive.values())) for name in QUEUES)
    scheduler = any(name.startswith("scheduler@") for name in alive)
    dead = Job.objects.filter(status=JobStatus.DEAD).count()
    free = shutil.disk_usage(settings.DATA_DIR).free
    broker = broker_reachable()
    models = _models([name for name, served in alive.items() if INFERENCE in served])
    serves = bool(serving().models)
    problems = _problems(queues, scheduler=scheduler, dead=dead, free=free, broker=broker) + _model_problems(queues, models, serves=serves)
    sandbox, beside = sandbox_level().value, look_beside()
    told = (*problems, *beside.problems)
    return Health(connection.vendor, broker, queues, scheduler, dead, free, ocr_engine(), sandbox, serves, models, told, beside)


def ocr_engine() -> str:
    """Which Tesseract would read a scan: ``system``, ``bundled`` or ``none``."""
    if shutil.which("tesseract"):
        return "system"
    return "bundled" if find_spec("tesserocr") else "none"


def _queue(name: str, workers: int) -> QueueHealth:
    waiting, running = Q(status=JobStatus.QUEUED), Q(status=JobStatus.RUNNING)
    counts = Job.objects.filter(waiting | running, queue=name).aggregate(
        waiting=Count("pk", filter=waiting),
        running=Count("pk", filter=running),
        oldest=Min("not_before", filter=waiting & Q(not_before__lte=Now())),
    )
    oldest = int((datetime.now(UTC) - counts["oldest"]).total_seconds()) if counts["oldest"] else 0
    return QueueHealth(name, counts["waiting"], counts["running"], max(oldest, 0), workers)


def _models(workers: list[str]) -> tuple[ModelHealth, ...]:
    names = ("worker", "state", "model_id", "message", "documents", "last_batch", "last_seconds")
    reports = ModelReport.objects.filter(worker__in=workers).order_by("worker")
    return tuple(ModelHealth(*row) for row in reports.values_list(*names))


def _model_problems(queues: tuple[QueueHealth, ...], models: tuple[ModelHealth, ...], *, serves: bool) -> list[str]:
    """Nobody waits for the model, so a backlog of its queue is no problem, and neither is a missing worker where no model serves.

    Training needs a worker only while something waits for it.
    """
    served = any(queue.workers for queue in queues if queue.name == INFERENCE)
    found = [NO_READER] if serves and not served else []
    found += [NO_TRAINER for queue in queues if queue.name == TRAINING and queue.waiting and not queue.workers]
    found += [f"The worker {model.worker} reads nothing. {model.message}" for model in models if model.state == _UNUSABLE]
    behind = (model for model in models if model.state == _READY and model.model_id and model.message)
    return found + [f"The worker {model.worker}: {model.message}" for model in behind]


def _problems(queues: tuple[QueueHealth, ...], *, scheduler: bool, dead: int, free: int, broker: bool) -> list[str]:
    waited_for = [queue for queue in queues if queue.name not in (INFERENCE, TRAINING)]
    found = [f"No worker serves the queue “{queue.name}”; start one." for queue in waited_for if not queue.workers]
    found += [
        f"The oldest job of the queue “{queue.name}” has waited {queue.oldest_seconds // 60} minutes; add a worker."
        for queue in waited_for
        if queue.oldest_seconds > OLDEST_SECONDS
    ]
    if not scheduler:
        found.append("The scheduler is not running: jobs of a worker that dies would not come back. Start it.")
    if not broker:
        found.append("The broker does not answer: jobs wait in the database until it does.")
    if dead:
        found.append(f"{dead} jobs failed three times; see “manage.py jobs list --status dead”.")
    if sandbox_level() is SandboxLevel.LIMITS_ONLY:
        found.append("Documents are read with limits on memory and time only; on Linux x86_64 they are also shut in by the kernel.")
    if free < DISK_FREE_BYTES:
        found.append(f"Only {free // 1024**2} MB are free in the data folder; make room.")
    return found
