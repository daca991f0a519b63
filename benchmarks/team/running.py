"""The running product for one simulation: web process, workers and scheduler of ``scripts/run`` in a data folder of their own."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.web_station import ROOT, command, environment
from scripts.checks.services import free_port

START_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Running:
    """Where it listens and writes; ``env`` is what commands against the same database need."""

    port: int
    data: Path
    env: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run one management command; answers its output."""
        return command(self.env, "manage.py", *arguments)


@contextmanager
def running(data: Path, database_url: str = "", *, model: bool = False) -> Iterator[Running]:
    """Start the product and wait until it answers; ended with everything that it started. Its log is ``data``/station.log.

    Without the ``model`` documents are filled in from templates alone, and nothing is trained.
    """
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    env = environment(data, database_url) | {"COUNTERSIGN_WEB_WORKERS": "2"}
    arguments = [
        sys.executable,
        "-m",
        "scripts.station",
        "--no-install",
        "--no-demo",
        *([] if model else ["--no-model"]),
        "--port",
        str(port),
    ]
    with (data / "station.log").open("wb") as log:
        process = subprocess.Popen([*arguments, "--data", str(data)], cwd=ROOT, env=env, stdout=log, stderr=log)
    try:
        _wait(port, process, data / "station.log")
        yield Running(port, data, env)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=2) as response:
                if response.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise SystemExit(f"The product did not start:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def data_folder(given: Path | None, remedy: str) -> Iterator[Path]:
    """The folder for a run: ``given``, which must be new, or one that is deleted afterwards. Raises ``SystemExit`` with the ``remedy``."""
    if given is None:
        with tempfile.TemporaryDirectory(prefix="countersign-simulation-") as folder:
            yield Path(folder)
        return
    if given.exists() and any(given.iterdir()):
        raise SystemExit(f"{given} is not empty. {remedy}")
    yield given.resolve()


def say(text: str) -> None:
    """One line with the time."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)
