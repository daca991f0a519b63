"""seccomp: system calls that reading a document never needs answer "not permitted" (Linux x86_64).

The filter is classic BPF as in ``linux/filter.h`` and ``linux/seccomp.h``; numbers are those of the x86_64
system call table.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable

from invoices.sandbox.kernel import prctl

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _RETURN = 0x20, 0x15, 0x35, 0x06
_KILL, _ALLOW, _ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
_ARCH_X86_64 = 0xC000003E
_X32_BIT = 0x40000000
_OFFSET_NUMBER, _OFFSET_ARCH, _OFFSET_FIRST_ARGUMENT = 0, 4, 16
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

_NETWORK = (41, 42, 43, 44, 46, 49, 50, 53, 288, 299, 307)  # socket, connect, accept, send*, bind, listen, socketpair, ...
_OTHER_PROCESSES = (
    *(62, 101, 129, 200, 297, 310, 311, 312, 424, 434, 438, 440, 448),  # kill, ptrace, process_vm_*, pidfd_*, ...
    *(29, 30, 31, 64, 65, 66, 67, 68, 69, 70, 71, 240, 241, 242, 243, 244, 245),  # memory, semaphores and queues shared by name
    *(141, 142, 144, 203, 251, 256, 279, 314),  # priority, scheduling and placement, of any process
)
_KERNEL = (
    *(159, 164, 227, 305),  # the clock
    *(133, 153, 155, 161, 163, 165, 166, 167, 168, 169, 172, 173, 175, 176, 179),  # mknod .. mount, swap, reboot, io ports, modules
    *(246, 248, 249, 250, 272, 298, 303, 304, 308, 313, 320, 321, 323),  # kexec, keys, unshare, perf, handles, setns, bpf, userfaultfd
    *(425, 426, 427, 428, 429, 430, 431, 432, 433, 442),  # io_uring, the new mount calls
)
_IDENTITY = (105, 106, 109, 112, 113, 114, 116, 117, 119, 122, 123, 126)  # set*id, setpgid, setsid, setgroups, capset
_LINKS_AND_MODES = (86, 88, 90, 91, 92, 93, 94, 132, 188, 189, 190, 235, 260, 261, 265, 266, 268, 280, 452)  # link, chmod, chown, utime
_START_PROGRAMS = (56, 57, 58, 59, 322)  # clone, fork, vfork, execve, execveat
_CLONE3 = 435
_TGKILL, _PRLIMIT = 234, 302


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def refuse(*, may_start_programs: bool) -> None:
    """Install the filter for this process and its children. ``no_new_privs`` must be set. Raises ``OSError``.

    ``clone3`` answers "not implemented", so that the C library uses the older call that can be looked at.
    """
    refused = {*_NETWORK, *_OTHER_PROCESSES, *_KERNEL, *_IDENTITY, *_LINKS_AND_MODES}
    if not may_start_programs:
        refused |= set(_START_PROGRAMS)
    code = _assemble(sorted(refused))
    program = _Program(len(code) // 8, code)
    prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(program))


def _assemble(refused: Iterable[int]) -> bytes:
    not_permitted = _one(_RETURN, _ERRNO | errno.EPERM)
    code = [
        _one(_LOAD, _OFFSET_ARCH),
        _one(_JUMP_EQUAL, _ARCH_X86_64, yes=1),
        _one(_RETURN, _KILL),
        _one(_LOAD, _OFFSET_NUMBER),
        _one(_JUMP_GREATER_EQUAL, _X32_BIT, no=1),
        _one(_RETURN, _KILL),
        _one(_JUMP_EQUAL, _CLONE3, no=1),
        _one(_RETURN, _ERRNO | errno.ENOSYS),
    ]
    for number in refused:
        code += [_one(_JUMP_EQUAL, number, no=1), not_permitted]
    code += _only_for(_TGKILL, os.getpid())  # abort() signals its own process; others are out of reach
    code += _only_for(_PRLIMIT, 0)  # 0 is the caller; without this a child could take the limits of its parents to nothing
    code.append(_one(_RETURN, _ALLOW))
    return b"".join(code)


def _only_for(number: int, process: int) -> list[bytes]:
    """Allow a call when its first argument, a process id, is the given one. The number is loaded before and lost after."""
    return [
        _one(_JUMP_EQUAL, number, no=4),
        _one(_LOAD, _OFFSET_FIRST_ARGUMENT),
        _one(_JUMP_EQUAL, process, no=1),
        _one(_RETURN, _ALLOW),
        _one(_RETURN, _ERRNO | errno.EPERM),
    ]


def _one(operation: int, operand: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, yes, no, operand)
