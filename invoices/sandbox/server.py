"""The fork server: loads everything that reading needs once, then forks one child for each document.

Runs as ``python -m invoices.sandbox.server CONTROL_FD`` without Django and with one thread. For each request
on the control socket (one JSON line together with two file descriptors: the document and where the child
writes its frames) it answers one JSON line when the child has ended. ``cancel`` kills the child. When the
control socket closes - the worker has ended, however that came about - the child is killed, the scratch
folder removed and the server ends.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from invoices.sandbox import child
from invoices.sandbox.kernel import die_with_parent
from invoices.sandbox.limits import Limits

SCRATCH_PREFIX = "countersign-reading-"
CANCEL = b"cancel\n"
_REQUEST_BYTES = 4096


def main(control_fd: int) -> None:
    """Serve until the control socket closes."""
    control = socket.socket(fileno=control_fd)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    wake_read, wake_write = socket.socketpair()
    wake_write.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write.fileno(), warn_on_full_buffer=False)
    _remove_abandoned_scratch()
    scratch = tempfile.mkdtemp(prefix=f"{SCRATCH_PREFIX}{os.getpid()}-")
    os.environ["TMPDIR"] = tempfile.tempdir = scratch
    reader = child.preload()
    try:
        control.sendall(json.dumps({"ready": reader.engine_name}).encode() + b"\n")
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, _REQUEST_BYTES, 2)
            if not message:
                return
            if message == CANCEL:
                continue
            status = _serve(control, wake_read, wake_write, reader, json.loads(message), descriptors, scratch)
            _empty(scratch)
            if status is None:
                return
            control.sendall(json.dumps(status).encode() + b"\n")
    except (BrokenPipeError, ConnectionResetError):
        return
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _serve(
    control: socket.socket,
    wake_read: socket.socket,
    wake_write: socket.socket,
    reader: child.Reader,
    request: dict[str, Any],
    descriptors: list[int],
    scratch: str,
) -> dict[str, Any] | None:
    """Fork and wait. ``None`` when the worker is gone."""
    document, output = descriptors
    server = os.getpid()
    pid = os.fork()
    if pid == 0:
        for own in (control, wake_read, wake_write):
            own.close()
        _become_child(server)
        child.run(reader, document, output, request["media_type"], Limits.from_json(request["limits"]), scratch)
    os.close(document)
    os.close(output)
    cancelled = False
    while True:
        readable, _, _ = select.select([control, wake_read], [], [])
        if control in readable:
            message = control.recv(len(CANCEL))
            _kill(pid)
            cancelled = True
            if not message:
                os.waitpid(pid, 0)
                return None
        if wake_read in readable:
            wake_read.recv(4096)
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            _kill_group(pid)
            return {"exit": os.waitstatus_to_exitcode(status), "cancelled": cancelled, "cpu": usage.ru_utime + usage.ru_stime}


def _become_child(server: int) -> None:
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    die_with_parent(signal.SIGKILL)
    if os.getppid() != server:
        os._exit(1)
    os.setsid()


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # not yet a group of its own
        os.kill(pid, signal.SIGKILL)


def _kill_group(pid: int) -> None:
    """End programs that the child started and left behind."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _empty(folder: str) -> None:
    for entry in Path(folder).iterdir():
        entry.unlink(missing_ok=True)


def _remove_abandoned_scratch() -> None:
    """Folders of servers that were killed before they could clean up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH_PREFIX}*"):
        pid = folder.name.removeprefix(SCRATCH_PREFIX).split("-")[0]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    main(int(sys.argv[1]))
