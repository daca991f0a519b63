"""Kill the worker tree again and again while it works; count what was lost and what was done twice.

    python -m benchmarks.faults --database sqlite --broker folder --jobs 60 --kills 50
    python -m benchmarks.faults --database postgresql --broker redis --jobs 60 --kills 50

Every database and broker is started for the run and removed afterwards. Prints one JSON object:
``lost`` jobs that did not end, ``doubled`` effects that exist more than once. Seconds, median and worst, from a kill
until: ``started_s`` the new worker is ready (interpreter, libraries, broker), ``recovery_s`` it has taken up work of any
kind, ``back_s`` the very jobs that were running wait again, rung for, behind the others of their queue.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fault_rig import LEASE_SECONDS, ROOT, Rig, rig, wait_until
from scripts.checks.services import postgresql, redis


@dataclass(slots=True)
class Measured:
    """Seconds from a kill until a worker was ready, until work went on, and until the jobs it hit were back."""

    starts: list[float] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    killed_at: float = 0.0
    hit: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Job to the fence it had and the moment when its worker was killed, until it is back."""


def main() -> int:
    """Run one configuration; the exit code is 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description="Kill workers at random while they work.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--broker", choices=("folder", "redis"), default="folder")
    parser.add_argument("--jobs", type=int, default=60)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="countersign-faults-")))
        database_url = stack.enter_context(postgresql()) if options.database == "postgresql" else ""
        broker_url = stack.enter_context(redis()).url if options.broker == "redis" else ""
        made = stack.enter_context(rig(folder, database_url=database_url, broker_url=broker_url))
        result = measure(made, options.jobs, options.kills, options.seed)
    result |= {"database": options.database, "broker": options.broker, "cores": os.cpu_count(), "lease_s": LEASE_SECONDS}
    print(json.dumps(result))
    return 1 if result["lost"] or result["doubled"] else 0


def measure(made: Rig, jobs: int, kills: int, seed: int) -> dict[str, object]:
    """Ask for ``jobs`` jobs, kill ``kills`` times, let the rest be done, count."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=made.env, check=True)
    os.environ.update(made.env)
    import django

    django.setup()
    from invoices.models import Vendor
    from workers.models import Job, JobStatus, WorkerSign

    chance, measured, begun = random.Random(seed), Measured(), time.monotonic()
    open_jobs = Job.objects.exclude(status__in=[JobStatus.DONE, JobStatus.DEAD])
    made.ask("fault_effect", jobs)
    made.start_scheduler()
    made.start_worker()
    asked = jobs
    for _ in range(kills):
        if open_jobs.count() < 4:  # never let the work run out: a kill has to hit something
            made.ask("fault_effect", 10, first=asked)
            asked += 10
        _wait_for_work(measured)
        time.sleep(chance.uniform(0.0, 0.8))
        WorkerSign.objects.exclude(name__startswith="scheduler@").delete()
        made.kill_worker()
        measured.killed_at = time.monotonic()
        for job, fence in Job.objects.filter(status=JobStatus.RUNNING).values_list("pk", "fence"):
            measured.hit.setdefault(job, (fence, measured.killed_at))
        made.start_worker()
    _wait_for_work(measured)
    wait_until(lambda: _looked(measured) and not open_jobs.exists(), 60 + jobs)
    effects = Counter(Vendor.objects.values_list("name", flat=True))
    return {
        "jobs": asked,
        "kills": made.kills,
        "lost": asked - Job.objects.filter(status=JobStatus.DONE).count() - Job.objects.filter(status=JobStatus.DEAD).count(),
        "dead": Job.objects.filter(status=JobStatus.DEAD).count(),
        "effects": len(effects),
        "doubled": sum(1 for count in effects.values() if count > 1),
        "started_s": _median_and_worst(measured.starts),
        "recovery_s": _median_and_worst(measured.recoveries),
        "back_s": _median_and_worst(measured.back),
        "seconds": round(time.monotonic() - begun),
    }


def _wait_for_work(measured: Measured) -> None:
    """Wait until the new worker takes up a job, and note what is measured on the way."""
    from workers.models import Job, WorkerSign

    newer = Job.objects.exclude(started_at=None)
    seen = newer.order_by("-started_at").values_list("started_at", flat=True).first()
    if seen is not None:
        newer = newer.filter(started_at__gt=seen)
    ready = WorkerSign.objects.exclude(name__startswith="scheduler@")

    def goes_on() -> bool:
        _looked(measured)
        if measured.killed_at and len(measured.starts) == len(measured.recoveries) and ready.exists():
            measured.starts.append(time.monotonic() - measured.killed_at)
        return newer.exists()

    if not wait_until(goes_on, 120):
        raise SystemExit("No worker took up work within two minutes.")
    if measured.killed_at:
        measured.recoveries.append(time.monotonic() - measured.killed_at)
        if len(measured.starts) < len(measured.recoveries):  # it takes up work a moment before it says that it is ready
            measured.starts.append(measured.recoveries[-1])


def _looked(measured: Measured) -> bool:
    """Note which of the interrupted jobs wait again or have been taken up; always true."""
    from workers.models import Job, JobStatus

    for job, fence, status, rung_at in Job.objects.filter(pk__in=measured.hit).values_list("pk", "fence", "status", "rung_at"):
        before, killed_at = measured.hit[job]
        if fence > before or (status != JobStatus.RUNNING and rung_at is not None):
            measured.back.append(time.monotonic() - killed_at)
            del measured.hit[job]
    return True


def _median_and_worst(seconds: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(seconds), 1), "worst": round(max(seconds), 1)}


if __name__ == "__main__":
    sys.exit(main())
