"""The product inside of the test process: the live server's threads, and one thread that does the jobs that they write."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from benchmarks.team.running import Running
from workers.celery import app
from workers.kinds import KINDS, READ_WITH_MODEL
from workers.models import Job, JobStatus


@dataclass(frozen=True, slots=True)
class Here(Running):
    """Commands run in this process, against the test's database."""

    def manage(self, *arguments: str) -> str:
        """Run one management command; answers its output."""
        said = io.StringIO()
        call_command(*arguments, stdout=said)
        return said.getvalue()


@pytest.fixture
def here(transactional_db: None, live_server: LiveServer, tmp_path: Path) -> Iterator[Running]:
    """The running product, with its workers' jobs done one after the other until the test ends."""
    app.loader.import_default_modules()
    over = threading.Event()
    worker = threading.Thread(target=_work, args=(over,), daemon=True)
    worker.start()
    yield Here(urlsplit(live_server.url).port or 0, tmp_path, {})
    over.set()
    worker.join(60)


def _work(over: threading.Event) -> None:
    wanted = [name for name in KINDS if name != READ_WITH_MODEL.name]
    while not over.is_set():
        job = Job.objects.filter(status=JobStatus.QUEUED, kind__in=wanted).order_by("pk").first()
        if job is None or app.tasks[KINDS[job.kind].task].apply(args=(job.pk,)).get() == "not_due":
            over.wait(0.1)
    connection.close()
