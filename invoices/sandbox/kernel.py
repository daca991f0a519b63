"""The few kernel calls that the standard library does not have."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
from functools import cache
from typing import Any

_CAPSET, _CAPABILITIES_V3 = 126, 0x20080522
_READ_ANY_FILE = 0b110
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: root may run the product out of a folder of somebody else. Landlock says which files."""

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


def give_up_capabilities() -> None:
    """Root keeps the right to read files and nothing else: it could raise its own limits. Raises ``OSError``."""
    if os.geteuid() != 0:
        return
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_V3, 0)
    effective = permitted = _READ_ANY_FILE & _permitted()
    syscall(_CAPSET, header, (ctypes.c_uint32 * 6)(effective, permitted, 0, 0, 0, 0))


def _permitted() -> int:
    """The first 32 capabilities that this process has; a container may have taken some away."""
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("CapPrm:"))
    return int(line.split()[1], 16) & 0xFFFFFFFF
