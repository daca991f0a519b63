"""Landlock: which parts of the file system a process may touch (Linux 5.13 and later, no privileges needed).

Numbers and structures are those of ``linux/landlock.h``.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence

from invoices.sandbox.kernel import libc, syscall

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_REG = 1 << 5, 1 << 8
_TRUNCATE = 1 << 14
_READ = _READ_FILE | _READ_DIR
_ACCESS_BITS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_ACCESS_BITS_SINCE_5 = 16
_NET_TCP = 0b11
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


class _RulesetAttributes(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("access", ctypes.c_uint64), ("directory", ctypes.c_int32)]


def version() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    answer = int(libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_CREATE_RULESET_VERSION)))
    return max(0, answer)


def restrict(readable: Sequence[str], executable: Sequence[str], writable: Sequence[str]) -> None:
    """Allow only reading and running under the given folders, and files in ``writable``; for this process and its children.

    ``executable`` folders are readable too. TCP and signals to other processes are refused where the kernel
    can do that. ``no_new_privs`` must be set. Raises ``OSError``.
    """
    abi = version()
    handled = (1 << _ACCESS_BITS_OF_ABI.get(abi, _ACCESS_BITS_SINCE_5)) - 1
    attributes = _RulesetAttributes(handled, _NET_TCP if abi >= 4 else 0, _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = syscall(_CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0))
    try:
        write = _READ | _WRITE_FILE | _REMOVE_FILE | _MAKE_REG | (_TRUNCATE if abi >= 3 else 0)
        for folders, access in ((readable, _READ), (executable, _READ | _EXECUTE), (writable, write)):
            for folder in folders:
                _allow(ruleset, folder, access)
        syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, folder: str, access: int) -> None:
    try:
        directory = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(folder):
            access &= _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
        rule = _PathBeneath(access, directory)
        syscall(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_RULE_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0))
    finally:
        os.close(directory)
