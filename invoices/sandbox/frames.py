"""How the child answers: frames of JSON and raw bytes, nothing that could run code when it is read.

A frame is two big-endian 32-bit lengths, the JSON head and the body: ``{"page": ...}`` with the page image as
body, and at the end ``{"done": pages}`` or ``{"failure": code, "value": ..., "limit": ...}`` without one.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

_LENGTHS = struct.Struct(">II")
EXIT_DONE = 0
EXIT_NOT_CONFINED = 70
EXIT_FAULT = 71
"""How a child ends on purpose; a signal is a negative number."""

MAX_HEAD = 32 * 1024 * 1024
MAX_BODY = 32 * 1024 * 1024


class BrokenFrame(Exception):
    """What arrived is not a frame: the child was cut off, or it is lying."""


def write_frame(stream: BinaryIO, head: Mapping[str, Any], body: bytes = b"") -> None:
    """Write one frame and flush it."""
    encoded = json.dumps(head, separators=(",", ":")).encode()
    stream.write(_LENGTHS.pack(len(encoded), len(body)) + encoded)
    stream.write(body)
    stream.flush()


class FrameBuffer:
    """Cuts a stream of bytes into frames, however the bytes arrive."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, received: bytes) -> None:
        """Add bytes that arrived."""
        self._bytes += received

    @property
    def pending(self) -> int:
        """Bytes that are not yet a whole frame."""
        return len(self._bytes)

    def next(self) -> tuple[dict[str, Any], bytes] | None:
        """The next whole frame, or ``None``. Raises ``BrokenFrame``."""
        if len(self._bytes) < _LENGTHS.size:
            return None
        head_size, body_size = _LENGTHS.unpack_from(self._bytes)
        if head_size > MAX_HEAD or body_size > MAX_BODY:
            raise BrokenFrame("A frame is larger than allowed.")
        end = _LENGTHS.size + head_size + body_size
        if len(self._bytes) < end:
            return None
        try:
            head = json.loads(bytes(self._bytes[_LENGTHS.size : _LENGTHS.size + head_size]))
        except (ValueError, RecursionError) as error:
            raise BrokenFrame("The head of a frame is not JSON.") from error
        if not isinstance(head, dict):
            raise BrokenFrame("The head of a frame is not an object.")
        body = bytes(self._bytes[end - body_size : end])
        del self._bytes[:end]
        return head, body
