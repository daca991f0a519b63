"""A web process of its own for benchmarks: temporary data folder, fresh database, gunicorn on a private port."""

from __future__ import annotations

import http.client
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class WebStation:
    """The running process. ``env`` is what commands against the same database need."""

    port: int
    pid: int
    env: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run one management command; answers its output."""
        return command(self.env, "manage.py", *arguments)

    def rows(self, *arguments: str) -> dict[str, Any]:
        """Run ``benchmarks.labeling_rows`` against the same database."""
        answer: dict[str, Any] = json.loads(command(self.env, "-m", "benchmarks.labeling_rows", *arguments).splitlines()[-1])
        return answer

    def processes(self) -> list[int]:
        """The master and its workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        """CPU time of the web processes so far."""
        total = 0
        for pid in self.processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / _TICKS

    def memory_mb(self) -> float:
        """Memory of the web processes in MB: the proportional share of what they have in common counts once."""
        kilobytes = 0
        for pid in self.processes():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
        return kilobytes / 1024


@dataclass(frozen=True)
class Answer:
    """One answer: status, body, and how long it took from the first byte sent to the last received."""

    status: int
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        """The body as JSON, ``None`` when it is empty."""
        return json.loads(self.body) if self.body else None


class Browser:
    """One person's connection, kept open, with an API token."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}

    def send(self, method: str, path: str, body: object = None) -> Answer:
        """One request. Raises ``RuntimeError`` for a server error or a throttled request: the run would mean nothing."""
        started = time.perf_counter()
        data = None if body is None else json.dumps(body)
        self._connection.request(method, f"/api/v1/{path}", data, self._headers)
        response = self._connection.getresponse()
        answer = Answer(response.status, response.read(), time.perf_counter() - started)
        if answer.status >= 500 or answer.status == 429:
            raise RuntimeError(f"{method} {path} answered {answer.status}: {answer.body[:300]!r}")
        return answer


def environment(data_dir: Path, database_url: str = "") -> dict[str, str]:
    """What a command needs to work in ``data_dir`` of its own, free of any configuration of this shell."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
    return env | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "COUNTERSIGN_DATA_DIR": str(data_dir),
        "COUNTERSIGN_DATABASE_URL": database_url,
        "COUNTERSIGN_LOG_LEVEL": "WARNING",
    }


def command(env: dict[str, str], *arguments: str) -> str:
    """Run Python with ``arguments`` in the clone; raises ``SystemExit`` with its output when it fails."""
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def web_station(database_url: str = "", workers: int = 1, *, screens: bool = False) -> Iterator[WebStation]:
    """Migrate a fresh database and serve it until the end of the block. The database behind the URL must be empty.

    With ``screens`` pages can be asked for too, not the API alone.
    """
    folder = Path(tempfile.mkdtemp(prefix="countersign-benchmark-"))
    port = _free_port()
    env = environment(folder, database_url) | {"COUNTERSIGN_BIND": f"127.0.0.1:{port}", "COUNTERSIGN_WEB_WORKERS": str(workers)}
    command(env, "manage.py", "migrate", "--verbosity", "0")
    (folder / "static").mkdir(exist_ok=True)
    if screens:
        command(env, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    arguments = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application"]
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(arguments, cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        _wait(port, process, folder / "web.log")
        yield WebStation(port, process.pid, env)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def machine() -> str:
    """The machine in words, for beside the numbers."""
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    return f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start, Python {sys.version.split()[0]}, {when}"


def own_cpu_seconds() -> float:
    """CPU time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"The web process did not start:\n{log.read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
