"""The Celery application: the doorbell of the job ledger.

Start a worker with ``celery -A workers.celery worker -Q documents,light`` and the scheduler with
``celery -A workers.celery beat``.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
# A quarter of the time that a worker takes to start, for checks that migrating and the deployment check have made.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

from celery import Celery
from celery.signals import beat_init, celeryd_init, worker_ready
from django.conf import settings

from workers import instance
from workers.kinds import INFERENCE
from workers.schedules import BEAT_SCHEDULE

app = Celery("countersign")
app.set_default()  # for every thread: the bell rings with it
app.conf.update(settings.CELERY, beat_schedule=BEAT_SCHEDULE)
for option in ("data_folder_in", "control_folder"):
    if folder := app.conf.broker_transport_options.get(option):
        Path(folder).mkdir(parents=True, exist_ok=True)
app.autodiscover_tasks(["workers"], related_name="tasks")


@celeryd_init.connect(dispatch_uid="workers.instance")
def _worker_begins(sender: str, **_: Any) -> None:
    instance.set_instance(sender)


@worker_ready.connect(dispatch_uid="workers.worker_sign")
def _worker_signs(sender: Any, **_: Any) -> None:
    # models: not before Django is set up, which Celery does after it has imported this file
    from workers import bell
    from workers.reaper import succeed
    from workers.signs import keep_signing, sign

    queues = sorted(queue.name for queue in sender.task_consumer.queues)
    name = str(sender.hostname)
    keep_signing(name, ",".join(queues))  # first: it goes on also when the database does not answer just now
    sign(name, ",".join(queues))
    succeed(queues)
    if INFERENCE in queues:
        bell.call("workers.warm_model", INFERENCE)


@beat_init.connect(dispatch_uid="workers.scheduler_sign")
def _scheduler_signs(sender: Any, **_: Any) -> None:
    from workers.signs import keep_signing, sign

    name = f"scheduler@{socket.gethostname()}"
    instance.set_instance(name)
    keep_signing(name, "")
    sign(name, "")


def broker_reachable(timeout: int = 1) -> bool:
    """Whether the broker takes a connection within ``timeout`` seconds."""
    if settings.CELERY["broker_url"].startswith(("filesystem:", "memory:")):
        return True
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=0, timeout=timeout)
    except Exception:  # the transports share no base class for their faults
        return False
    return True
