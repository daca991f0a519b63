"""What the scheduler runs in its own process; it needs the database, not the broker."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.db.models.functions import Now

from workers import reaper
from workers.celery import app
from workers.models import Job, JobStatus, WorkerSign

KEEP_JOBS = timedelta(days=30)


@app.task(name="workers.reap")
def reap() -> None:
    """Bring back jobs of dead workers and ring again."""
    reaper.reap()


@app.task(name="workers.clear_sessions")
def clear_sessions() -> None:
    """Delete sessions that have run out."""
    call_command("clearsessions")


@app.task(name="workers.clear_ledger")
def clear_ledger() -> None:
    """Forget jobs done long ago and processes not seen for a day; dead jobs stay until a person has looked."""
    Job.objects.filter(status__in=[JobStatus.DONE, JobStatus.CANCELLED], finished_at__lt=Now() - KEEP_JOBS).delete()
    WorkerSign.objects.filter(seen_at__lt=Now() - timedelta(days=1)).delete()
