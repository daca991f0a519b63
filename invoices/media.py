"""Which kinds of files are taken, told by their first bytes and never by their name."""

from __future__ import annotations

from typing import Final

PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
TIFF: Final = "image/tiff"

MEDIA_TYPES: Final = {PDF: "PDF", PNG: "PNG", JPEG: "JPEG", TIFF: "TIFF"}
EXTENSIONS: Final = {".pdf": PDF, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".tif": TIFF, ".tiff": TIFF}
SNIFF_BYTES: Final = 2048

_PDF_HEADER_WITHIN = 1024
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)


def sniff(start: bytes) -> str | None:
    """The media type that the first ``SNIFF_BYTES`` bytes show, or ``None``.

    A PDF may have up to 1,024 bytes of anything before its header, as the readers of the world allow.
    """
    for magic, media_type in _MAGIC:
        if start.startswith(magic):
            return media_type
    return PDF if b"%PDF-" in start[: _PDF_HEADER_WITHIN + 5] else None
