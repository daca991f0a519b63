"""The supervisor with real processes: starts again what dies, ends everything, leaves no orphan."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

STATION = """
import sys
from pathlib import Path
from scripts.station.supervisor import Program, Supervisor
folder = Path(sys.argv[1])
programs = [Program(f"p{n}", [sys.executable, "-c", code]) for n, code in enumerate(sys.argv[2:])]
supervisor = Supervisor(programs, folder, {}, folder)
supervisor.start()
print("started", flush=True)
supervisor.watch()
supervisor.stop()
print("stopped", flush=True)
"""

SLEEPER = "import os, time; open(f'pid-{os.getpid()}', 'w').close(); time.sleep(600)"
WITH_GRANDCHILD = (
    f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}], start_new_session=True); time.sleep(600)"
)
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); exec({SLEEPER!r})"


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def pids(folder: Path) -> list[int]:
    return sorted(int(path.name.removeprefix("pid-")) for path in folder.glob("pid-*"))


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def station(folder: Path, *codes: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", STATION, str(folder), *codes]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env, start_new_session=True)


ADDED = """
import os, sys
from pathlib import Path
from scripts.station.supervisor import Program, Supervisor
folder = Path(sys.argv[1])
supervisor = Supervisor([], folder, {"PYTHONUNBUFFERED": "1"}, folder)
supervisor.start()
supervisor.add(Program("late", [sys.executable, "-c", "import os; print(os.nice(0)); import time; time.sleep(600)"], nice=3))
supervisor.watch(until=lambda: (folder / "late.log").read_text() != "")
print(int((folder / "late.log").read_text()) - os.nice(0))
supervisor.stop()
"""


def test_a_program_that_is_added_runs_with_its_own_niceness(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ADDED, str(tmp_path)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=True, timeout=60)
    assert done.stdout.strip() == str(min(3, 19 - os.nice(0)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_process_and_what_they_left_behind(tmp_path: Path, number: int) -> None:
    running = station(tmp_path, SLEEPER, WITH_GRANDCHILD)
    assert eventually(lambda: len(pids(tmp_path)) == 2)
    running.send_signal(number)
    output, _ = running.communicate(timeout=30)
    assert output.splitlines()[-1] == "stopped"
    assert running.returncode == 0
    assert [pid for pid in pids(tmp_path) if alive(pid)] == []


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    running = station(tmp_path, SLEEPER)
    try:
        assert eventually(lambda: len(pids(tmp_path)) == 1)
        os.kill(pids(tmp_path)[0], signal.SIGKILL)
        assert eventually(lambda: len(pids(tmp_path)) == 2)
    finally:
        running.send_signal(signal.SIGINT)
        output, _ = running.communicate(timeout=30)
    assert "p0 was ended by SIGKILL; starting it again" in output


def test_a_second_signal_ends_what_will_not_stop(tmp_path: Path) -> None:
    running = station(tmp_path, STUBBORN)
    assert eventually(lambda: len(pids(tmp_path)) == 1)
    running.send_signal(signal.SIGINT)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=30)
    assert not alive(pids(tmp_path)[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent was killed")
def test_processes_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    running = station(tmp_path, SLEEPER)
    assert eventually(lambda: len(pids(tmp_path)) == 1)
    running.kill()
    running.communicate(timeout=30)
    assert eventually(lambda: not alive(pids(tmp_path)[0]))
