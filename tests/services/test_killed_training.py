"""A training worker is killed, its broker forgets and dies: the run goes on from its last checkpoint, and ends as if nothing had been."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import redis
from django.conf import LazySettings

from benchmarks.fault_rig import Rig, rig, wait_until
from mlcore.base_model.prepare import VARIABLE
from mlcore.training.config import Recipe
from modelops.folders import run_folder
from modelops.models import RunState, TrainingRun
from modelops.runs.resuming import resume_run
from modelops.runs.starting import start_run
from modelops.runs.stopping import stop_run
from scripts.checks.services import RunningRedis
from tests.mlcore.tiny import write_tiny_base
from tests.modelops.runs.small import LONG, frozen
from tests.services.conftest import database_url
from tests.services.training_rig import TrainingRig, losses_at_kills, steps_after, told_lines, trainers_in, undisturbed
from workers.models import Job, JobStatus

KILLS = 20
STAGES_SECONDS = 600
KILLED = replace(LONG, epochs=100, save_every_steps=3)
"""300 steps, saved every third: enough to be killed twenty times after at most twice as many."""

ENDED = (RunState.FINISHED, RunState.FAILED, RunState.STOPPED)


@pytest.fixture
def fault_rig(
    transactional_db: None, running_redis: RunningRedis, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rig]:
    """As that of the folder, with the data folder shared with this process and a tiny base."""
    settings.DATA_DIR = tmp_path
    base = write_tiny_base(tmp_path / "base")
    monkeypatch.setenv(VARIABLE, str(base))
    with rig(tmp_path, database_url=database_url(), broker_url=running_redis.url) as made:
        made.env |= {VARIABLE: str(base), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "COUNTERSIGN_MODEL": "none"}
        yield made


@pytest.fixture
def training(fault_rig: Rig) -> Iterator[TrainingRig]:
    """Its training worker."""
    made = TrainingRig(fault_rig)
    yield made
    made.stop()


def a_run(recipe: Recipe = LONG) -> TrainingRun:
    return start_run(by=None, dataset=frozen(), recipe=recipe)


def now(run: TrainingRun) -> TrainingRun:
    return TrainingRun.objects.get(pk=run.pk)


def got_to(run: TrainingRun, step: int) -> bool:
    found = now(run)
    return found.step >= step or found.state in ENDED


def made(run: TrainingRun, lines: int, steps: int) -> bool:
    return steps_after(run, lines) >= steps


def ended(run: TrainingRun) -> bool:
    return now(run).state in ENDED


def finished(run: TrainingRun) -> TrainingRun:
    found = now(run)
    assert (found.state, found.error_message) == (RunState.FINISHED, "")
    assert Job.objects.get(key=f"train:{run.pk}:{found.attempts}").status == JobStatus.DONE
    return found


@pytest.mark.slow
def test_killed_twenty_times_it_ends_with_the_weights_of_an_undisturbed_run(training: TrainingRig, tmp_path: Path) -> None:
    chance, run = random.Random(3), a_run(KILLED)
    training.rig.start_scheduler()
    for kill in range(KILLS):
        training.start_worker()
        assert wait_until(partial(made, run, told_lines(run), chance.randint(1, 2 * KILLED.save_every_steps)), 300, every=0.02), kill
        training.kill_worker()
        assert wait_until(lambda: trainers_in(str(tmp_path)) == [], 20), "the trainer died with its worker"
        assert now(run).state == RunState.RUNNING, "the run has too few steps for so many kills"
    training.start_worker()
    assert wait_until(partial(ended, run), STAGES_SECONDS)
    found = finished(run)
    lost = losses_at_kills(run)
    print(f"{training.kills} kills, gone on with {len(lost)} times, steps lost each time: {lost}, seconds {found.seconds:.0f}")
    assert len(lost) == KILLS
    assert max(lost) <= KILLED.save_every_steps
    assert list(found.points.order_by("step").values_list("step", flat=True)) == list(range(1, found.steps + 1))
    assert found.attempts == 1, "nobody had to press anything"
    assert (run_folder(found) / "best.safetensors").read_bytes() == undisturbed(found, tmp_path / "reference", training.rig.env)


@pytest.mark.slow
def test_a_broker_that_forgets_and_one_that_dies_do_not_end_a_run(
    training: TrainingRig, running_redis: RunningRedis, fault_rig: Rig
) -> None:
    run = a_run()
    training.rig.start_scheduler()
    training.start_worker()
    assert wait_until(partial(got_to, run, 10), 240)
    client = redis.Redis.from_url(running_redis.url)
    client.flushall()
    client.close()
    assert wait_until(partial(got_to, run, now(run).step + 10), 120)
    running_redis.process.kill()
    running_redis.process.wait()
    assert wait_until(partial(ended, run), STAGES_SECONDS)
    found = finished(run)
    assert losses_at_kills(found) == [], "the training itself was never interrupted"


@pytest.mark.slow
def test_two_workers_never_train_in_one_folder_and_take_a_run_each(training: TrainingRig, tmp_path: Path) -> None:
    first = a_run()
    second = start_run(by=None, dataset=first.dataset, recipe=LONG)
    training.rig.start_scheduler()
    one, other = training.start_worker("training-0"), training.start_worker("training-1")
    others = TrainingRig(training.rig, worker=one)
    try:
        most = 0
        assert wait_until(lambda: got_to(first, 5) and got_to(second, 5), 300)
        for _ in range(20):
            for run in (first, second):
                most = max(most, len(trainers_in(str(run_folder(run)))))
            time.sleep(0.1)
        assert most == 1
        stop_run(now(first), None)
        assert wait_until(partial(ended, first), 60)
        assert now(first).state == RunState.STOPPED
        resume_run(now(first), None)
        assert wait_until(lambda: ended(first) and ended(second), STAGES_SECONDS)
        finished(first)
        finished(second)
    finally:
        others.stop()
    assert other.pid != one.pid
