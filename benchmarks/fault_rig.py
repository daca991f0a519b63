"""Workers and a scheduler as real processes that can be killed, against a given database and broker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEASE_SECONDS = 3


@dataclass(slots=True)
class Rig:
    """Processes that share ``env``. Each leads a process group, so that killing it kills its whole tree."""

    env: dict[str, str]
    folder: Path
    worker: subprocess.Popen[bytes] | None = None
    scheduler: subprocess.Popen[bytes] | None = None
    kills: int = field(default=0)

    def start_worker(self) -> None:
        """Start a worker of two processes."""
        lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
        self.worker = self._start("worker", "worker", "--queues", "documents", "--concurrency", "2", *lonely)

    def start_scheduler(self) -> None:
        """Start the scheduler, which runs the reaper."""
        self.scheduler = self._start("scheduler", "beat", "--pidfile", "", "--loglevel", "INFO")

    def kill_worker(self) -> None:
        """SIGKILL for the worker's whole tree."""
        if self.worker is not None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.kills += 1

    def ask(self, kind: str, count: int, first: int = 0) -> None:
        """Ask for the jobs ``first`` to ``first + count - 1``, from another process."""
        code = "import sys, django; django.setup(); from benchmarks import fault_jobs as f; "
        code += "f.ask(f.KINDS[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3]))"
        subprocess.run([sys.executable, "-c", code, kind, str(first), str(count)], cwd=ROOT, env=self.env, check=True)

    def stop(self) -> None:
        """End everything."""
        for process in (self.worker, self.scheduler):
            if process is not None and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "--app", "benchmarks.fault_jobs", *arguments]
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True)


@contextmanager
def rig(folder: Path, *, database_url: str, broker_url: str) -> Iterator[Rig]:
    """A rig with the embedded settings, a short lease, and all of its files in ``folder``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
    env = kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "COUNTERSIGN_DATA_DIR": str(folder),
        "COUNTERSIGN_DATABASE_URL": database_url,
        "COUNTERSIGN_BROKER_URL": broker_url,
        "COUNTERSIGN_JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "REMAP_SIGTERM": "SIGQUIT",
    }
    made = Rig(env, folder)
    try:
        yield made
    finally:
        made.stop()


def wait_until(condition: Callable[[], bool], seconds: float, every: float = 0.1) -> bool:
    """Whether ``condition``, asked every so many seconds, became true within ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(every)
    return condition()
