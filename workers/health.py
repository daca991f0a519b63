"""How the station is: database, broker, queues, processes, disk. What the health page and monitoring read."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from invoices.sandbox.confinement import SandboxLevel, sandbox_level
from workers.celery import broker_reachable
from workers.kinds import QUEUES
from workers.models import Job, JobStatus, WorkerSign

SIGN_FRESH = timedelta(seconds=30)
DISK_FREE_BYTES = 1024**3
OLDEST_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class QueueHealth:
    """One queue. ``oldest_seconds`` is how long the oldest due job has been waiting (0: none waits)."""

    name: str
    waiting: int
    running: int
    oldest_seconds: int
    workers: int


@dataclass(frozen=True, slots=True)
class Health:
    """``problems`` are sentences, each with what to do; empty when all is well. Sizes are in bytes."""

    database: str
    broker: bool
    queues: tuple[QueueHealth, ...]
    scheduler: bool
    dead_jobs: int
    disk_free: int
    ocr: str
    sandbox: str
    problems: tuple[str, ...]

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
    fresh = WorkerSign.objects.filter(seen_at__gte=Now() - SIGN_FRESH)
    signs = list(fresh.values_list("name", "queues"))
    queues = tuple(_queue(name, sum(name in served.split(",") for _, served in signs)) for name in QUEUES)
    scheduler = any(name.startswith("scheduler@") for name, _ in signs)
    dead = Job.objects.filter(status=JobStatus.DEAD).count()
    free = shutil.disk_usage(settings.DATA_DIR).free
    broker = broker_reachable()
    problems = tuple(_problems(queues, scheduler=scheduler, dead=dead, free=free, broker=broker))
    return Health(connection.vendor, broker, queues, scheduler, dead, free, ocr_engine(), sandbox_level().value, problems)


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


def _problems(queues: tuple[QueueHealth, ...], *, scheduler: bool, dead: int, free: int, broker: bool) -> list[str]:
    found = [f"No worker serves the queue “{queue.name}”; start one." for queue in queues if not queue.workers]
    found += [
        f"The oldest job of the queue “{queue.name}” has waited {queue.oldest_seconds // 60} minutes; add a worker."
        for queue in queues
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
