"""The frames in which the child answers."""

from __future__ import annotations

import io
import struct

import pytest

from invoices.sandbox.frames import BrokenFrame, FrameBuffer, write_frame


def test_frames_survive_any_cutting() -> None:
    stream = io.BytesIO()
    write_frame(stream, {"page": 1}, b"image")
    write_frame(stream, {"done": 1})
    buffer, found = FrameBuffer(), []
    for byte in stream.getvalue():
        buffer.feed(bytes([byte]))
        while (frame := buffer.next()) is not None:
            found.append(frame)
    assert found == [({"page": 1}, b"image"), ({"done": 1}, b"")]
    assert buffer.pending == 0


@pytest.mark.parametrize(
    "data",
    [struct.pack(">II", 2**31, 0), struct.pack(">II", 2, 2**31), struct.pack(">II", 2, 0) + b"[]", struct.pack(">II", 3, 0) + b"nul"],
    ids=["huge head", "huge body", "no object", "no json"],
)
def test_a_lying_child_is_caught(data: bytes) -> None:
    buffer = FrameBuffer()
    buffer.feed(data)
    with pytest.raises(BrokenFrame):
        buffer.next()
