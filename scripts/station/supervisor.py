"""Keeps the processes of the station running and ends all of them together.

Each process leads a session of its own, so that ctrl-C reaches the supervisor alone, which then ends them in
order. One that dies is started again, after a pause that doubles up to ``LONGEST_PAUSE`` while it keeps dying. On
Linux the processes are told when the supervisor itself is killed, and whatever they leave behind is inherited by
the supervisor and ended too.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from scripts.station.progress import say

STOP_SECONDS = 8.0
FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS = 0.5, 30.0, 60.0
LOG_BYTES = 10 * 1024 * 1024

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


@dataclass(slots=True)
class Program:
    """One process: how it is started, and how it has been doing.

    ``once``: it has an end, which is not a fault. ``nice`` is added to its niceness: whatever else runs goes first.
    """

    name: str
    command: list[str]
    once: bool = False
    nice: int = 0
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    pause: float = FIRST_PAUSE
    deaths: int = 0


@dataclass(slots=True)
class Supervisor:
    """Runs ``programs`` in ``cwd`` with ``env``; their output goes to ``logs/<name>.log``."""

    programs: list[Program]
    cwd: Path
    env: Mapping[str, str]
    logs: Path
    stopping: bool = field(default=False, init=False)

    def start(self) -> None:
        """Start every program; from now on a signal to stop is obeyed by ``watch``."""
        self.logs.mkdir(parents=True, exist_ok=True)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        for program in self.programs:
            self._launch(program)

    def add(self, program: Program) -> None:
        """Start one more program, which is looked after and ended like the others."""
        self.programs.append(program)
        self._launch(program)

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Start again what dies, until a signal to stop comes or ``until`` answers true."""
        while not self.stopping and not until():
            for program in self.programs:
                self._look_after(program)
            _reap_inherited(self.programs)
            time.sleep(0.2)

    def stop(self) -> None:
        """End every program: first politely, after ``STOP_SECONDS`` with their whole process group."""
        self.stopping = True
        running = [program.process for program in self.programs if program.process and program.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(process.poll() is None for process in running) and time.monotonic() < deadline:
            time.sleep(0.05)
        for program in self.programs:
            if program.process:
                _kill_group(program.process.pid)
                program.process.wait()
        _end_inherited()

    def log_of(self, program: Program) -> Path:
        """Where the output of a program goes."""
        return self.logs / f"{program.name}.log"

    def _asked_to_stop(self, number: int, _frame: object) -> None:
        if self.stopping:
            for program in self.programs:
                if program.process:
                    _kill_group(program.process.pid)
        self.stopping = True

    def _launch(self, program: Program) -> None:
        log = self.log_of(program)
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            program.process = subprocess.Popen(
                program.command,
                cwd=self.cwd,
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(_prepare_child, program.nice),
            )
        program.started_at = time.monotonic()
        program.start_again_at = 0.0

    def _look_after(self, program: Program) -> None:
        now = time.monotonic()
        if program.start_again_at:
            if now >= program.start_again_at:
                self._launch(program)
            return
        if program.process is None or program.process.poll() is None:
            return
        _kill_group(program.process.pid)
        if program.once and program.process.returncode == 0:
            say(f"  {program.name}: done")
            program.process = None
            return
        program.pause = FIRST_PAUSE if now - program.started_at > STEADY_SECONDS else min(program.pause * 2, LONGEST_PAUSE)
        program.start_again_at = now + program.pause
        program.deaths += 1
        end = _how(program.process.returncode)
        say(f"! {program.name} {end}; starting it again in {program.pause:.0f} s (log: {self.log_of(program)})")


def _how(returncode: int) -> str:
    if returncode < 0:
        return f"was ended by {signal.Signals(-returncode).name}"
    return f"stopped with exit code {returncode}"


def _prepare_child(nice: int) -> None:
    """In the child, before its program starts: give way to others, and ask Linux for SIGTERM when the supervisor dies."""
    if nice:
        os.nice(nice)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _kill_group(leader: int) -> None:
    """Kill what is left of the process group of ``leader``."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _reap_inherited(programs: list[Program]) -> None:
    """Collect the exit of processes that the supervisor inherited, so that none stays a zombie."""
    own = {program.process.pid for program in programs if program.process}
    for pid in _children() - own:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def _end_inherited() -> None:
    """Kill what was left behind by programs that have ended, children of children included."""
    for _ in range(50):
        left = _children()
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _children() -> set[int]:
    """Process ids of the direct children of this process (Linux; elsewhere none are known)."""
    try:
        return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}
    except OSError:
        return set()
