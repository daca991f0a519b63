"""Everything between an installed environment and running processes: folders, database, static files, people, demo."""

from __future__ import annotations

import fcntl
import os
import socket
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scripts.station.progress import PhaseFailed, phase, run_logged


@dataclass(frozen=True, slots=True)
class Station:
    """Where the product is, where it writes, which Python runs it, where it listens (loopback)."""

    root: Path
    data: Path
    python: Path
    port: int

    @property
    def url(self) -> str:
        """The address a person opens."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def has_demo(self) -> bool:
        """Whether the demo documents were taken in before; ``labeling.demo`` writes this file last."""
        return (self.data / "demo-records.json").exists()

    @property
    def logs(self) -> Path:
        """Folder of all logs."""
        return self.data / "logs"

    def environment(self) -> Mapping[str, str]:
        """The environment of every process: everything that is written goes to the data folder."""
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "COUNTERSIGN_DATA_DIR": str(self.data),
            "COUNTERSIGN_BIND": f"127.0.0.1:{self.port}",
            "TMPDIR": str(self.data / "tmp"),
            "XDG_CACHE_HOME": str(self.data / "cache"),
            "HF_HOME": str(self.data / "models"),
            "PYTHONUNBUFFERED": "1",
            "REMAP_SIGTERM": "SIGQUIT",  # Celery: give running work a few seconds, then leave it to the ledger
        }


def claim_port(port: int) -> None:
    """Raises ``PhaseFailed`` when something listens on this port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise PhaseFailed(f"Port {port} cannot be used ({error.strerror}). Choose another one: scripts/run --port {other}") from error


def claim_data(data: Path) -> IO[str]:
    """Make the data folder and lock it for this station; the lock lasts as long as the returned file is open."""
    for folder in (data, data / "tmp", data / "logs"):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            why = "there is a file of that name" if isinstance(error, FileExistsError) else error.strerror
            raise PhaseFailed(f"The data folder {folder} cannot be made ({why}). Choose another one with --data.") from error
    try:
        lock = (data / "station.lock").open("a")
    except OSError as error:
        why = error.strerror
        raise PhaseFailed(f"Nothing can be written to the data folder {data} ({why}). Choose another one with --data.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise PhaseFailed(f"Another station is running with the data folder {data}. Stop it, or choose another one with --data.") from error
    return lock


def prepare(station: Station, *, demo: bool) -> None:
    """Bring database and static files up to date; create the demo's people and documents unless told not to.

    Documents are loaded here the first time only; later the process that confirms their history looks after them.
    """
    with phase("Preparing the database, static files and people"):
        _manage(station, "prepare_station", *(["--demo"] if demo else []))
    if demo and not station.has_demo:
        with phase("Loading the demo documents"):
            _manage(station, "load_demo")


def answers(station: Station) -> bool:
    """Whether the web process says that it is ready."""
    try:
        with urllib.request.urlopen(f"{station.url}health/", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _manage(station: Station, command: str, *arguments: str) -> None:
    run_logged(
        [str(station.python), "manage.py", command, *arguments],
        station.logs / f"{command}.log",
        cwd=station.root,
        env={"COUNTERSIGN_LOG_LEVEL": "WARNING", **station.environment()},
    )
