"""A PostgreSQL and a Redis of our own, on private ports, with data in a temporary folder; gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.station.progress import PhaseFailed

START_SECONDS = 30.0


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a new PostgreSQL cluster; yields its URL. As root it runs as the user ``postgres``: it refuses root."""
    programs = _postgresql_programs()
    folder = Path(tempfile.mkdtemp(prefix="countersign-postgresql-"))
    port = free_port()
    as_owner: list[str] = []
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_owner = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    server: subprocess.Popen[bytes] | None = None
    try:
        _run([*as_owner, str(programs / "initdb"), "-D", str(data), "-U", "countersign", "--auth=trust", "-E", "UTF8", "--no-sync"], folder)
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "max_connections": 100, "fsync": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (folder.parent / f"{folder.name}.log").open("wb") as log:
            server = subprocess.Popen([*as_owner, str(programs / "postgres"), "-D", str(data), *settings], cwd="/", stdout=log, stderr=log)
        _wait([str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)], "PostgreSQL")
        _run([str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "countersign", "countersign"], folder)
        yield f"postgres://countersign@127.0.0.1:{port}/countersign"
    finally:
        if server:
            subprocess.run(
                [*as_owner, str(programs / "pg_ctl"), "stop", "-D", str(data), "-m", "immediate"], cwd="/", capture_output=True, check=False
            )
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class RunningRedis:
    """A Redis and its process, which a test may freeze or kill."""

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def redis() -> Iterator[RunningRedis]:
    """Run a Redis with an append-only file."""
    folder = Path(tempfile.mkdtemp(prefix="countersign-redis-"))
    port = free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", "", "--appendonly", "yes"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(["redis-cli", "-p", str(port), "ping"], "Redis")
        yield RunningRedis(f"redis://127.0.0.1:{port}/0", server)
    finally:
        server.send_signal(signal.SIGCONT)
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _postgresql_programs() -> Path:
    """The folder of the newest installed PostgreSQL server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    raise PhaseFailed("PostgreSQL's server programs were not found. Install PostgreSQL (Debian: apt-get install postgresql).")


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PhaseFailed(f"{done.stdout}{done.stderr}\nThis command failed: {' '.join(command)}")


def _wait(probe: list[str], name: str) -> None:
    """Wait until ``probe`` succeeds."""
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        if time.monotonic() > deadline:
            raise PhaseFailed(f"{name} did not answer within {START_SECONDS:.0f} s.")
        time.sleep(0.1)
