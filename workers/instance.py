"""Which worker this process belongs to, and whether another one still lives. Set before a worker forks, so that
all of its processes know.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_NAMED = re.compile(r"(?P<worker>.+)#(?P<pid>\d+)\.(?P<began>\d+)@(?P<place>\w+)")


@dataclass(slots=True)
class Instance:
    """``name`` is ``worker#pid.began@place``; empty in a process that is no worker."""

    name: str = ""


this = Instance()


def set_instance(worker: str) -> None:
    """Say that this process, and what it forks, is the worker of that name. A restarted worker is another instance."""
    pid = os.getpid()
    this.name = f"{worker}#{pid}.{_began(pid) or 0}@{_place()}"


def has_ended(name: str) -> bool:
    """Whether the process behind an instance is known to be gone.

    Only processes of this machine (and of this container) can be judged: any other counts as living, and its
    leases have to run out. A process id that was given to another process since is recognised by its start.
    """
    found = _NAMED.fullmatch(name)
    if found is None or not _place() or found["place"] != _place():
        return False
    return (_began(int(found["pid"])) or 0) != int(found["began"])


def worker_of(name: str) -> str:
    """The name of the worker, which its successor has too."""
    return name.rpartition("#")[0]


def _began(pid: int) -> int | None:
    """When a process began, in clock ticks since the machine did; ``None`` when it is gone, or a zombie (Linux)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else int(fields[19])


@cache
def _place() -> str:
    """The machine since its start, and the space of process ids in it; empty where that cannot be told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")
        space = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return ""
    return f"{boot[:12]}{space}"
