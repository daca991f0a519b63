"""Real workers are killed while they work: nothing is lost, nothing is doubled."""

from __future__ import annotations

import random
import time
from functools import partial

import pytest
from django.db.models import Sum

from benchmarks.fault_rig import Rig, wait_until
from invoices.models import Vendor
from workers.models import Job, JobStatus

JOBS, KILLS = 20, 5


def effects() -> list[str]:
    return sorted(Vendor.objects.values_list("name", flat=True))


def claims() -> int:
    """How often a worker took up a job so far."""
    return int(Job.objects.aggregate(claims=Sum("fence"))["claims"])


def claimed_more_than(count: int) -> bool:
    return claims() > count or ended()


def ended() -> bool:
    return not Job.objects.exclude(status__in=[JobStatus.DONE, JobStatus.DEAD]).exists()


@pytest.mark.thorough
def test_killing_the_worker_tree_loses_nothing_and_doubles_nothing(fault_rig: Rig) -> None:
    chance = random.Random(7)
    fault_rig.ask("fault_effect", JOBS)
    fault_rig.start_scheduler()
    for _ in range(KILLS):
        fault_rig.start_worker()
        before = claims()
        assert wait_until(partial(claimed_more_than, before), 120)
        time.sleep(chance.uniform(0.0, 0.6))
        fault_rig.kill_worker()
    fault_rig.start_worker()
    assert wait_until(ended, 120)
    assert effects() == sorted(f"effect {number}" for number in range(JOBS))
    assert Job.objects.filter(status=JobStatus.DONE).count() == JOBS


@pytest.mark.thorough
def test_killing_a_worker_in_the_middle_of_a_batch_loses_nothing_and_doubles_nothing(fault_rig: Rig) -> None:
    fault_rig.ask("fault_batch", JOBS)
    fault_rig.start_worker()
    assert wait_until(lambda: 0 < len(effects()) < JOBS, 120)
    fault_rig.kill_worker()
    assert Job.objects.filter(status=JobStatus.RUNNING).exists()
    fault_rig.start_worker()
    assert wait_until(ended, 120), "no scheduler runs: the worker takes over, and a ring that it hears is enough for a batch"
    assert effects() == sorted(f"effect {number}" for number in range(JOBS))
    assert Job.objects.filter(status=JobStatus.DONE).count() == JOBS


@pytest.mark.thorough
def test_a_poison_job_is_dead_after_three_and_the_queue_drains(fault_rig: Rig) -> None:
    fault_rig.ask("fault_poison", 1)
    fault_rig.ask("fault_effect", 4)
    fault_rig.start_scheduler()
    fault_rig.start_worker()
    assert wait_until(ended, 120)
    poison = Job.objects.get(kind="fault_poison")
    assert (poison.status, poison.attempts, poison.error_code) == (JobStatus.DEAD, 3, "worker_died")
    assert len(effects()) == 4


def test_a_worker_started_again_takes_over_without_the_reaper(fault_rig: Rig) -> None:
    fault_rig.ask("fault_effect", JOBS)
    fault_rig.start_worker()
    assert wait_until(lambda: Job.objects.filter(status=JobStatus.RUNNING).exists(), 120)
    fault_rig.kill_worker()
    left = list(Job.objects.filter(status=JobStatus.RUNNING).values_list("pk", flat=True))
    fault_rig.start_worker()
    assert wait_until(ended, 120), "no scheduler runs: only the worker itself can bring its jobs back"
    assert Job.objects.filter(pk__in=left, status=JobStatus.DONE, fence=2).count() == len(left)
    assert effects() == sorted(f"effect {number}" for number in range(JOBS))
