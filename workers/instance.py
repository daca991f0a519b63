"""Which worker this process belongs to. Set before a worker forks, so that all of its processes know."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(slots=True)
class Instance:
    """``name`` is the worker's name with its process id; empty in a process that is no worker."""

    name: str = ""


this = Instance()


def set_instance(worker: str) -> None:
    """Say that this process, and what it forks, is the worker of that name. A restarted worker is another instance."""
    this.name = f"{worker}#{os.getpid()}"
