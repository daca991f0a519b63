"""A worker that is killed while it takes up what was deployed: nothing is lost, and the next one takes it up."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from invoices.models import Document
from tests.conftest import Cast
from tests.modelops.deployment.conftest import Make, base_folder, calibrated, crown, make_model, run_folder, station
from tests.workers.tasks.test_taking_up import do_all, fresh_process, opened, reads, settle, shown
from workers import model_process
from workers.models import Job, JobStatus, ModelReport
from workers.tasks.deployment import fill_in_anew
from workers.tasks.inference import read_with_model

__all__ = ["base_folder", "calibrated", "fresh_process", "make_model", "run_folder", "station"]

pytestmark = pytest.mark.django_db(transaction=True)


def take_up_and_hang(job_id: int, begun: Any) -> None:
    """As a worker does with a job, but for the loading, in the middle of which it stays."""

    def hang(folder: Path, bases: object) -> None:
        begun.set()
        signal.pause()

    vars(model_process)["load_serving"] = hang  # in this child alone
    read_with_model(job_id)


def test_nothing_is_lost_and_the_next_worker_takes_it_up(cast: Cast, make_model: Make, prefilled: Callable[..., Document]) -> None:
    first, second = make_model(), make_model()
    crown(first, by=cast.admin)
    [document] = opened(prefilled, "A-1")
    settle()
    crown(second, by=cast.admin)
    do_all("fill_in_anew", fill_in_anew)
    job = Job.objects.get(kind="read_with_model", status=JobStatus.QUEUED, args__document_id=document.pk)
    connections.close_all()  # a connection must not be shared with a child
    fork = multiprocessing.get_context("fork")
    begun = fork.Event()
    worker = fork.Process(target=take_up_and_hang, args=(job.pk, begun))
    worker.start()
    assert begun.wait(60)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 0), "taking up comes before the job is claimed"
    assert ModelReport.objects.get().state == ModelReport.State.LOADING
    model_process._kept = model_process._Kept()
    settle()
    assert shown(document) == second.model_id
    assert reads() == [second.model_id]
    assert ModelReport.objects.get().state == ModelReport.State.READY
