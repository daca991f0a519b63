"""The training worker's job: it survives its worker, fails its run when it is dead, and keeps nobody else from working."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from invoices.models import Document
from modelops.models import DatasetVersion, RunState, TrainingRun
from modelops.runs.resuming import resume_run
from modelops.runs.stopping import stop_run
from tests.modelops.runs.conftest import Started, dataset, started, station, tiny_base
from tests.modelops.runs.small import told
from tests.workers.second_reader import SecondReader
from workers import health, ledger, signs
from workers.kinds import INFERENCE, READ_WITH_MODEL, TRAIN_RUN, TRAINING
from workers.ledger import MAX_ATTEMPTS
from workers.models import Job, JobStatus
from workers.reaper import reap
from workers.tasks.inference import read_with_model
from workers.tasks.training import train_run

__all__ = ["dataset", "started", "station", "tiny_base"]

pytestmark = pytest.mark.django_db


def job_of(run: TrainingRun) -> Job:
    return Job.objects.get(key=f"train:{run.pk}:{run.attempts}")


def lapse(worker: str = "training@here#7") -> None:
    """The worker that holds the job is gone, as a whole."""
    Job.objects.filter(status=JobStatus.RUNNING).update(worker=worker, lease_until=Now() - timedelta(seconds=1))


def test_a_run_survives_more_deaths_of_its_worker_than_other_work(started: Started) -> None:
    job = job_of(started())
    for _ in range(60):
        assert ledger.claim(job.pk) is not None
        lapse()
        assert reap().requeued == 1
        Job.objects.update(not_before=Now())
    job.refresh_from_db()
    assert (job.status, job.attempts, job.fence) == (JobStatus.QUEUED, 0, 60)


def test_what_was_got_on_with_wipes_out_failures_before_it(started: Started) -> None:
    job = job_of(started())
    for _ in range(2 * MAX_ATTEMPTS):
        lease = ledger.claim(job.pk)
        assert lease is not None
        lease.got_on()
        assert ledger.fail(lease, "database_away", "Away.") == JobStatus.QUEUED
        Job.objects.update(not_before=Now())
    for _ in range(MAX_ATTEMPTS - 1):
        lease = ledger.claim(job.pk)
        assert lease is not None
        state = ledger.fail(lease, "database_away", "Away.")
        Job.objects.update(not_before=Now())
    assert state == JobStatus.DEAD, "without getting on it is dead after the third"


def test_a_dead_job_leaves_a_run_that_failed_and_can_go_on(started: Started) -> None:
    run = started()
    assert ledger.claim(job_of(run).pk) is not None
    TrainingRun.objects.update(state=RunState.RUNNING)
    Job.objects.update(attempts=MAX_ATTEMPTS, lease_until=Now() - timedelta(seconds=1))
    assert reap().dead == 1
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "job_dead")
    assert told(run)[-1] == run.error_message
    assert job_of(resume_run(run, None)).status == JobStatus.QUEUED


def test_a_run_that_was_stopped_while_it_waited_is_not_begun(started: Started) -> None:
    run = started()
    stop_run(run, None)
    assert train_run(job_of(run).pk) == "done"
    run.refresh_from_db()
    assert (run.state, run.started_at) == (RunState.STOPPED, None)


def test_a_run_that_was_to_stop_when_its_worker_died_has_stopped(started: Started) -> None:
    run = started()
    TrainingRun.objects.update(state=RunState.STOPPING)
    assert train_run(job_of(run).pk) == "done"
    run.refresh_from_db()
    assert run.state == RunState.STOPPED
    assert run.finished_at is not None


def test_the_job_of_an_attempt_that_is_over_does_nothing(started: Started) -> None:
    run = started()
    late = job_of(run)
    stop_run(run, None)
    resume_run(run, None)
    assert train_run(late.pk) == "done"
    run.refresh_from_db()
    assert (run.state, run.attempts) == (RunState.QUEUED, 2)


def test_a_designed_fault_ends_the_run_and_not_the_job(started: Started) -> None:
    run = started()
    DatasetVersion.objects.update(removed_documents=1)
    assert train_run(job_of(run).pk) == "done"
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "dataset_has_removed_documents")
    assert told(run)[-1] == run.error_message


def test_nobody_is_rung_for_before_a_training_worker_is_there(started: Started) -> None:
    job = job_of(started())
    Job.objects.update(rung_at=None)
    assert reap().rung == 0
    signs.sign("training@here", "training")
    assert reap().rung == 1
    job.refresh_from_db()
    assert job.rung_at is not None


def test_documents_are_read_with_the_model_while_a_run_is_in_work(
    started: Started, prefilled: Callable[..., Document], second_reader: SecondReader
) -> None:
    run = started()
    assert ledger.claim(job_of(run).pk) is not None
    TrainingRun.objects.update(state=RunState.RUNNING)
    document = prefilled("A-1")
    ledger.enqueue_many(READ_WITH_MODEL, [("read now", {"document_id": document.pk})])
    reading = Job.objects.get(key="read now")
    assert (reading.queue, job_of(run).queue) == (INFERENCE, TRAINING)
    assert read_with_model(reading.pk) == "done"
    assert document.predictions.count() == 2
    assert job_of(run).status == JobStatus.RUNNING


def test_a_worker_is_missed_only_while_a_run_waits(started: Started) -> None:
    for name, queues in (("documents@here", "documents,light"), ("model@here", "model"), ("scheduler@here", "")):
        signs.sign(name, queues)
    assert health.NO_TRAINER not in health.look().problems
    run = started()
    assert health.NO_TRAINER in health.look().problems
    signs.sign("training@here", "training")
    assert health.NO_TRAINER not in health.look().problems
    assert job_of(run).kind == TRAIN_RUN.name
