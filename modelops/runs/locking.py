"""One trainer at a time in a folder: a lock of the operating system that lasts as long as anybody who holds it lives."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from modelops.runs.faults import RunFailed

LOCK = "lock"
WAIT_SECONDS = 120.0
_EVERY = 0.2


@contextmanager
def only_here(folder: Path, look: Callable[[], object], wait: float = WAIT_SECONDS) -> Iterator[int]:
    """Make ``folder``, and hold it while inside; answers the descriptor to pass to a child, which holds it too until it ends.

    A trainer of a worker that was killed or overtaken ends within seconds, which is waited for, and ``look`` is called meanwhile. Raises
    ``RunFailed`` (``folder_in_use``) when it does not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _taken(descriptor):
            look()
            if time.monotonic() > deadline:
                raise RunFailed(
                    "folder_in_use",
                    f"Another process still works in {folder} after {wait:.0f} s. End it (fuser {folder / LOCK} names it), then resume "
                    "the run.",
                )
            time.sleep(_EVERY)
        yield descriptor
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
