"""A child process that does the heavy part of a stage: watched, stopped when asked, and never left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from modelops.runs.launching import Command

ROOT = Path(__file__).resolve().parents[2]
LOG_BYTES = 5 * 1024 * 1024
_KEPT_LINES = 200


@dataclass(frozen=True, slots=True)
class Ended:
    """``status`` is the exit status, negative for the signal that ended it; ``tail`` its last lines."""

    status: int
    tail: tuple[str, ...]


def run_child(command: Command, *, log: Path, look: Callable[[], None], every: float = 1.0, keeps: int | None = None) -> Ended:
    """Run ``command`` to its end and call ``look`` every so many seconds; what ``look`` raises ends the child and is raised.

    Its output goes to ``log`` as far as the disk takes it. ``keeps`` is a file descriptor that the child holds open for as long as it
    lives: a lock on it outlives this process only as long as the child does.
    """
    line = [sys.executable, "-m", "modelops.runs.tied", str(os.getpid()), str(int(command.on_death)), *command.line]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    process = subprocess.Popen(  # noqa: S603 - the command of a launcher, without a shell
        line,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **command.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=() if keeps is None else (keeps,),
    )
    tail: deque[str] = deque(maxlen=_KEPT_LINES)
    reader = threading.Thread(target=_read, args=(process, log, tail), name="child-output", daemon=True)
    reader.start()
    try:
        while not _ended_within(process, every):
            look()
    finally:
        _end(process, command.grace)
        reader.join(timeout=5)
    return Ended(process.returncode, tuple(tail))


def _ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(process: subprocess.Popen[bytes], grace: float) -> None:
    """Ask it to end, and after ``grace`` seconds kill what is left of its session's group."""
    deadline = time.monotonic() + grace
    if process.poll() is None:
        process.terminate()
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _read(process: subprocess.Popen[bytes], log: Path, tail: deque[str]) -> None:
    """Until the child closes its output. A disk that takes nothing any more does not keep the child waiting."""
    assert process.stdout is not None
    with contextlib.suppress(OSError):
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_name(f"{log.name}.1"))
    with process.stdout as output:
        for line in output:
            tail.append(line.decode(errors="replace").rstrip("\n"))
            with contextlib.suppress(OSError), log.open("ab") as file:
                file.write(line)
