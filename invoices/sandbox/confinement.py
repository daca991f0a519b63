"""What a child gives up before it looks at a document, and how much of that this machine can do."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from invoices.sandbox import kernel, landlock, seccomp
from invoices.sandbox.limits import Limits

_OPEN_FILES = 64


class SandboxLevel(StrEnum):
    """How far a child is shut in. The health page shows it."""

    FULL = "full"  # limits, no new privileges, Landlock and seccomp
    FILTERED = "filtered"  # limits, no new privileges and seccomp; the kernel has no Landlock
    LIMITS_ONLY = "limits only"  # memory, CPU and clock limits


@cache
def sandbox_level() -> SandboxLevel:
    """What this machine can do. Needs no child, so the web process may ask."""
    if not kernel.is_linux_x86_64() or not Path("/proc/sys/kernel/seccomp").exists():
        return SandboxLevel.LIMITS_ONLY
    return SandboxLevel.FULL if landlock.version() else SandboxLevel.FILTERED


def confine(limits: Limits, scratch: str, *, programs: Sequence[str]) -> None:
    """Give up everything that reading does not need. Cannot be undone. Raises ``OSError``: then do not read.

    ``scratch`` is the only folder that can be written to. ``programs`` are folders whose programs may run;
    when empty nothing can be started at all.
    """
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, limits.scratch_file)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    if sys.platform == "linux":
        _limit(resource.RLIMIT_AS, limits.memory)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.page_seconds, limits.total_seconds))
    level = sandbox_level()
    if level is SandboxLevel.LIMITS_ONLY:
        return
    kernel.give_up_new_privileges()
    kernel.give_up_capabilities()
    if level is SandboxLevel.FULL:
        landlock.restrict(
            readable=_readable(), executable=programs, writable=[scratch, os.devnull]
        )  # Tesseract writes its debug lines to nowhere
    seccomp.refuse(may_start_programs=bool(programs))


def allow_next_page(limits: Limits) -> None:
    """Start the CPU time of the next page."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(spent.ru_utime + spent.ru_stime) + 1 + limits.page_seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (min(soft, hard), hard))


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (bound, bound))


def _readable() -> list[str]:
    """The interpreter, its libraries, fonts and language data; neither the data folder nor anybody's home."""
    folders = {sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/dev/urandom"}
    if data := os.environ.get("TESSDATA_PREFIX"):
        folders.add(data)
    return sorted(folders)
