"""Real child processes: watched, ended, tied to their parent; and one at a time in a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from modelops.runs.children import Ended, run_child
from modelops.runs.failing import failure_of
from modelops.runs.faults import RunFailed
from modelops.runs.launching import Command
from modelops.runs.locking import only_here
from tests.architecture.source import ROOT

SLEEPS = "import time; print('up', flush=True); time.sleep(600)"


def python(code: str, **values: object) -> Command:
    return Command((sys.executable, "-c", code), **values)  # type: ignore[arg-type]


def gone(pid: int) -> bool:
    """Ended, or a zombie that nobody has collected yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def test_what_it_says_is_kept_and_how_it_ended(tmp_path: Path) -> None:
    ended = run_child(
        python("print('one'); import sys; print('two', file=sys.stderr); sys.exit(3)"), log=tmp_path / "log", look=lambda: None
    )
    assert ended.status == 3
    assert sorted(ended.tail) == ["one", "two"]
    assert sorted((tmp_path / "log").read_text().split()) == ["one", "two"]


class Enough(Exception):
    """What the look raises."""


def test_what_the_look_raises_ends_it(tmp_path: Path) -> None:
    seen: list[int] = []

    def look() -> None:
        seen.extend(int(line) for line in (tmp_path / "log").read_text().split())
        if seen:
            raise Enough

    code = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(os.getpid(), flush=True); time.sleep(600)"
    (tmp_path / "log").touch()
    with pytest.raises(Enough):
        run_child(python(code, grace=0.5), log=tmp_path / "log", look=look, every=0.1)
    assert gone(seen[0]), "it did not listen, and was killed"


def test_it_is_asked_first(tmp_path: Path) -> None:
    def look() -> None:
        if "up" in (tmp_path / "log").read_text():
            raise Enough

    code = f"import signal, sys; signal.signal(signal.SIGTERM, lambda *_: (print('saved', flush=True), sys.exit(3))); {SLEEPS}"
    (tmp_path / "log").touch()
    with pytest.raises(Enough):
        run_child(python(code, grace=20.0), log=tmp_path / "log", look=look, every=0.1)
    assert "saved" in (tmp_path / "log").read_text()


def test_a_disk_that_takes_no_log_does_not_hold_it_up(tmp_path: Path) -> None:
    ended = run_child(python("print('one')"), log=tmp_path / "no folder" / "log", look=lambda: None)
    assert (ended.status, ended.tail) == (0, ("one",))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux ties a child to its parent")
def test_it_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from modelops.runs.children import run_child; from modelops.runs.launching import Command; "
        "run_child(Command((sys.executable, '-c', sys.argv[2])), log=Path(sys.argv[1]), look=lambda: None)"
    )
    child_code = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "log"), child_code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    try:
        assert within(60, lambda: (tmp_path / "log").exists() and (tmp_path / "log").read_text().strip().isdigit())
        child = int((tmp_path / "log").read_text())
        assert not gone(child)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    assert within(20, lambda: gone(child))


def test_nothing_is_started_when_the_parent_is_gone_already(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "modelops.runs.tied", "1", "9", "touch", str(tmp_path / "made")]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 1
    assert not (tmp_path / "made").exists()


def test_a_folder_is_held_by_one_and_by_the_child_that_outlives_it(tmp_path: Path) -> None:
    with only_here(tmp_path / "run", lambda: None) as lock:
        with (
            pytest.raises(RunFailed, match="Another process still works in") as caught,
            only_here(tmp_path / "run", lambda: None, wait=0.3),
        ):
            pass
        assert caught.value.code == "folder_in_use"
        child = subprocess.Popen([sys.executable, "-c", SLEEPS], pass_fds=(lock,), stdout=subprocess.DEVNULL)
    with pytest.raises(RunFailed), only_here(tmp_path / "run", lambda: None, wait=0.3):
        pass
    ender = threading.Timer(0.5, child.kill)
    ender.start()
    with only_here(tmp_path / "run", lambda: None, wait=30):
        child.wait()
    ender.join()


def test_whoever_waits_for_a_folder_looks_meanwhile(tmp_path: Path) -> None:
    def look() -> None:
        raise Enough

    with only_here(tmp_path, lambda: None), pytest.raises(Enough), only_here(tmp_path, look):
        pass


@pytest.mark.parametrize(
    ("status", "tail", "code", "words"),
    [
        (1, ("train: max_tokens is 64; no document is that short.",), "training_refused", "no document is that short"),
        (1, ("Traceback", "torch.OutOfMemoryError: CUDA out of memory."), "out_of_memory", "fewer max_tokens, checkpointing, or nf4"),
        (-9, ("step 3/10",), "process_killed", "ended by SIGKILL"),
        (1, ("Traceback", "ValueError: the name of a patient"), "process_failed", "exit status 1"),
        (
            1,
            ("train: The run cannot be written to /x (File too large). Make room there; the same command goes on from step-000002, which",),
            "disk_full",
            "the run, when it is resumed, goes on from step-000002",
        ),
    ],
)
def test_how_it_ended_in_words(status: int, tail: tuple[str, ...], code: str, words: str, tmp_path: Path) -> None:
    failure = failure_of(Ended(status, tail), "train", tmp_path / "train.log")
    assert failure.code == code
    assert words in failure.detail
    assert "patient" not in failure.detail
