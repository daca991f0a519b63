"""What the person at the terminal sees while phases run: what, how long, and where to read more."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

SIGN_OF_LIFE_SECONDS = 5.0


class PhaseFailed(Exception):
    """A phase did not succeed; the message says what to do."""


def say(text: str) -> None:
    """One line for the person, at once."""
    print(text, flush=True)


@contextmanager
def phase(title: str) -> Iterator[None]:
    """Announce a phase and say how long it took."""
    begun = time.monotonic()
    say(f"· {title} …")
    yield
    say(f"  {title}: done in {time.monotonic() - begun:.1f} s")


def run_logged(
    command: Sequence[str],
    log: Path,
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    note: Callable[[], str] | None = None,
) -> None:
    """Run a command with its output in ``log``; every few seconds the time elapsed and ``note()`` are shown.

    Without ``note`` the newest line of the output is shown. Raises ``PhaseFailed`` with the end of the output.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    begun = said = time.monotonic()
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=cwd, env=dict(env or os.environ), stdout=output, stderr=subprocess.STDOUT)
        try:
            while process.poll() is None:
                time.sleep(0.05)
                if time.monotonic() - said >= SIGN_OF_LIFE_SECONDS:
                    said = time.monotonic()
                    say(f"  {said - begun:4.0f} s  {note() if note else _last_line(log) or 'starting'}")
        except BaseException:
            process.kill()
            process.wait()
            raise
    if process.returncode != 0:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise PhaseFailed(f"{tail}\n\nThis command failed: {' '.join(command)}\nIts whole output is in {log}.")


def _last_line(log: Path) -> str:
    """The newest line of a growing file that is meant for people (log records are JSON), cut to the width of a terminal."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 2000))
        lines = file.read().decode(errors="replace").splitlines()
    return next((line.strip()[:110] for line in reversed(lines) if line.strip() and not line.startswith("{")), "")
