"""The broker freezes, forgets or dies: whoever asks for work does not notice, and the work is done afterwards."""

from __future__ import annotations

import signal

import redis

from benchmarks.fault_rig import Rig, wait_until
from invoices.models import Vendor
from scripts.checks.services import RunningRedis
from workers.models import Job, JobStatus


def all_done(count: int) -> bool:
    return Job.objects.filter(status=JobStatus.DONE).count() == count


def test_a_frozen_broker_delays_work_but_loses_none(fault_rig: Rig, running_redis: RunningRedis) -> None:
    running_redis.process.send_signal(signal.SIGSTOP)
    fault_rig.ask("fault_effect", 3)
    assert Job.objects.filter(status=JobStatus.QUEUED, rung_at=None).count() == 3
    running_redis.process.send_signal(signal.SIGCONT)
    fault_rig.start_scheduler()
    fault_rig.start_worker()
    assert wait_until(lambda: all_done(3), 60)
    assert Vendor.objects.count() == 3


def test_a_broker_that_forgets_its_queues_is_rung_again(fault_rig: Rig, running_redis: RunningRedis) -> None:
    fault_rig.ask("fault_effect", 3)
    client = redis.Redis.from_url(running_redis.url)
    assert client.llen("documents") == 3
    client.flushall()
    client.close()
    fault_rig.start_scheduler()
    fault_rig.start_worker()
    assert wait_until(lambda: all_done(3), 90)


def test_a_dead_broker_refuses_nobody(fault_rig: Rig, running_redis: RunningRedis) -> None:
    running_redis.process.kill()
    running_redis.process.wait()
    fault_rig.ask("fault_effect", 3)
    assert Job.objects.filter(status=JobStatus.QUEUED, rung_at=None).count() == 3
