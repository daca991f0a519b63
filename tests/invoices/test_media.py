"""Kinds of files by their first bytes."""

from __future__ import annotations

import pytest

from invoices.media import sniff


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (b"%PDF-1.4\n", "application/pdf"),
        (b"junk " * 200 + b"%PDF-1.4", "application/pdf"),
        (b"junk " * 300 + b"%PDF-1.4", None),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"RIFF\0\0\0\0WEBP", None),
        (b"", None),
    ],
)
def test_first_bytes(start: bytes, found: str | None) -> None:
    assert sniff(start) == found
