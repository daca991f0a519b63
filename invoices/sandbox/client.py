"""The worker's side: hand a file to the fork server, take its pages, turn every ending into a designed outcome."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from invoices.sandbox.failures import Failure, ReadingFailed, SandboxLost
from invoices.sandbox.frames import EXIT_DONE, EXIT_NOT_CONFINED, BrokenFrame, FrameBuffer
from invoices.sandbox.limits import Limits
from mlcore.documents import Page, page_from_json
from mlcore.errors import DocumentError

_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0
_CHUNK = 1 << 16
_CLOCK_PER_CPU_SECOND = 2.5
"""A page may take this many seconds on the clock for each second of CPU time that it may use."""

_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX", "LD_LIBRARY_PATH", "COUNTERSIGN_OCR_ENGINE")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page as the child read it; ``image`` is a ``media_type`` picture of ``width`` x ``height`` pixels."""

    page: Page
    image: bytes
    media_type: str
    width: int
    height: int


class SandboxedReader:
    """One fork server and the connection to it. Starts on first use and again when it has died.

    Belongs to the process that made it. Reads one document at a time; threads wait for each other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self.engine_name = ""
        self.cpu_seconds = 0.0
        """What the latest document cost in the child and the programs that it started."""

    def read(self, file: BinaryIO, media_type: str, limits: Limits, take: Callable[[ReadPage], None]) -> int:
        """Read ``file`` (an open operating system file), call ``take`` for each page, return the number of pages.

        Raises ``ReadingFailed`` when the document cannot be read and ``SandboxLost`` when the reader was killed.
        """
        os.lseek(file.fileno(), 0, os.SEEK_SET)  # the child shares the position, not the buffer
        with self._lock:
            try:
                control = self._connect()
                reading = _Reading(control, limits, take)
                try:
                    return reading.run(file, media_type)
                finally:
                    self.cpu_seconds = reading.cpu_seconds
            except (OSError, EOFError) as error:
                self._drop()
                raise SandboxLost(f"The reader process ended ({type(error).__name__}).") from error
            except SandboxLost:
                self._drop()
                raise

    def close(self) -> None:
        """End the fork server and wait for it."""
        with self._lock:
            self._drop()

    def forget(self) -> None:
        """Let go of a server that belongs to the parent process, after a fork."""
        if self._control is not None:
            self._control.close()
        self._lock = threading.Lock()
        self._server = self._control = None

    def _connect(self) -> socket.socket:
        if self._control is not None and self._server is not None and self._server.poll() is None:
            return self._control
        self._drop()
        ours, theirs = socket.socketpair()
        with theirs:
            environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            environment |= {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
            command = [sys.executable, "-m", "invoices.sandbox.server", str(theirs.fileno())]
            self._server = subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)  # noqa: S603
        self._control = ours
        ours.settimeout(_START_SECONDS)
        self.engine_name = str(_receive(ours)["ready"])
        ours.settimeout(None)
        return ours

    def _drop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._server is not None:
            try:
                self._server.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        self._server = self._control = None


class _Reading:
    """One document on its way through the server."""

    def __init__(self, control: socket.socket, limits: Limits, take: Callable[[ReadPage], None]) -> None:
        self._control = control
        self._limits = limits
        self._take = take
        self._frames = FrameBuffer()
        self._last: dict[str, Any] = {}
        self._pages = 0
        self.cpu_seconds = 0.0
        self._stopped_for: ReadingFailed | None = None
        self._fault: BaseException | None = None

    def run(self, file: BinaryIO, media_type: str) -> int:
        receive_end, send_end = os.pipe()
        try:
            request = json.dumps({"media_type": media_type, "limits": self._limits.to_json()}).encode()
            try:
                socket.send_fds(self._control, [request], [file.fileno(), send_end])
            finally:
                os.close(send_end)
            self._collect(receive_end)
        finally:
            os.close(receive_end)
        ending = _receive(self._control)
        self.cpu_seconds = float(ending["cpu"])
        if self._fault is not None:
            raise self._fault
        return self._judge(int(ending["exit"]))

    def _collect(self, descriptor: int) -> None:
        """Take frames until the child closes its end; stop it when a limit is passed."""
        limits = self._limits
        end = time.monotonic() + limits.total_seconds
        page_seconds = limits.page_seconds * _CLOCK_PER_CPU_SECOND
        page_end = time.monotonic() + page_seconds
        received = 0
        while True:
            wait = max(0.0, min(end, page_end) - time.monotonic())
            if not select.select([descriptor], [], [], wait)[0]:
                seconds = limits.total_seconds if end <= page_end else page_seconds
                self._stop(ReadingFailed(Failure.TIMEOUT, limit=f"{seconds:.0f} seconds"))
                return
            data = os.read(descriptor, _CHUNK)
            if not data:
                return
            received += len(data)
            if received > limits.output:
                self._stop(ReadingFailed(Failure.TOO_MUCH_OUTPUT, limit=_megabytes(limits.output)))
                return
            self._frames.feed(data)
            try:
                if self._handle_frames():
                    page_end = time.monotonic() + page_seconds
            except (BrokenFrame, DocumentError, KeyError, TypeError, ValueError):
                self._stop(ReadingFailed(Failure.READER_CRASHED))
                return
            if self._fault is not None:
                self._stop(None)
                return

    def _handle_frames(self) -> bool:
        """Whether there was a whole frame."""
        any_frame = False
        while self._fault is None and (frame := self._frames.next()) is not None:
            any_frame = True
            self._last, body = frame
            if "page" not in self._last:
                continue
            image = self._last["image"]
            page = ReadPage(page_from_json(self._last["page"]), body, str(image["media_type"]), int(image["width"]), int(image["height"]))
            self._pages += 1
            if page.page.number != self._pages or self._pages > self._limits.pages:
                raise BrokenFrame("Pages arrive out of order.")
            try:
                self._take(page)
            except Exception as error:  # the caller's own: the child is stopped first, then it is raised again
                self._fault = error
        return any_frame

    def _stop(self, reason: ReadingFailed | None) -> None:
        self._stopped_for = reason
        self._control.sendall(b"cancel\n")

    def _judge(self, status: int) -> int:
        if self._stopped_for is not None:
            raise self._stopped_for
        if "failure" in self._last:
            value, limit = str(self._last.get("value", ""))[:80], str(self._last.get("limit", ""))[:80]
            raise ReadingFailed(_failure(self._last["failure"]), value, limit or _megabytes(self._limits.memory))
        if status == EXIT_DONE and self._last.get("done") == self._pages:
            return self._pages
        if status == EXIT_NOT_CONFINED:
            raise SandboxLost("The reader could not shut itself in; nothing was read.")
        if status == -signal.SIGXCPU:
            raise ReadingFailed(Failure.TIMEOUT, limit=f"{self._limits.page_seconds} seconds of computing for one page")
        if status == -signal.SIGKILL:
            raise SandboxLost("The reader of this document was killed from outside.")
        raise ReadingFailed(Failure.READER_CRASHED)


def _receive(control: socket.socket) -> dict[str, Any]:
    received = b""
    while not received.endswith(b"\n"):
        part = control.recv(4096)
        if not part:
            raise EOFError("The control connection closed.")
        received += part
    message: dict[str, Any] = json.loads(received)
    return message


def _failure(code: object) -> Failure:
    with contextlib.suppress(ValueError):
        return Failure(str(code))
    return Failure.READER_CRASHED


def _megabytes(size: int) -> str:
    return f"{size // (1024 * 1024)} MB"


_reader: SandboxedReader | None = None


def process_reader() -> SandboxedReader:
    """The reader of this process; it ends with the process."""
    global _reader
    if _reader is None:
        _reader = SandboxedReader()
        os.register_at_fork(after_in_child=_after_fork)
        atexit.register(_reader.close)
    return _reader


def _after_fork() -> None:
    if _reader is not None:
        _reader.forget()
