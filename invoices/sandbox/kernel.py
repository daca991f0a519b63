"""The few kernel calls that the standard library does not have."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from functools import cache
from typing import Any

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


@cache
def libc() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def syscall(number: int, *arguments: Any) -> int:
    """One system call. Raises ``OSError``."""
    result = int(libc().syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def prctl(option: int, *arguments: int) -> None:
    """One ``prctl`` call. Raises ``OSError``."""
    filled = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    if libc().prctl(ctypes.c_int(option), *filled) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def is_linux_x86_64() -> bool:
    """Whether the confinement by kernel filters is written for this machine."""
    return sys.platform == "linux" and platform.machine() == "x86_64"


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send ``signal_number`` when the parent process ends (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        prctl(_PR_SET_PDEATHSIG, signal_number)


def give_up_new_privileges() -> None:
    """No program started from here gains rights; needed before filters may be set without root."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
