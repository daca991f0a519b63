"""What a file is that cannot be taken, and what a biller can do about it. Told by its first bytes."""

from __future__ import annotations

from dataclasses import dataclass

_OFFICE = "Open it, save it as a PDF and upload that."
_PICTURE = "Save the picture as PNG or JPEG and upload that."
_UNPACK = "Unpack it and upload the invoices that are in it."
_EXPORT = "Export or print the invoice as a PDF and upload that."


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """``kind`` completes "this file is ..."; ``remedy`` is a sentence."""

    kind: str
    remedy: str


_BY_MAGIC = (
    (b"GIF8", ForeignFile("a GIF picture", _PICTURE)),
    (b"BM", ForeignFile("a BMP picture", _PICTURE)),
    (b"\xd0\xcf\x11\xe0", ForeignFile("an Office file", _OFFICE)),
    (b"{\\rtf", ForeignFile("an Office file", _OFFICE)),
    (b"Rar!", ForeignFile("an archive", _UNPACK)),
    (b"7z\xbc\xaf", ForeignFile("an archive", _UNPACK)),
    (b"\x1f\x8b", ForeignFile("an archive", _UNPACK)),
)
_PHOTO_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
_MAIL = (b"return-path:", b"received:", b"mime-version:", b"delivered-to:", b"from:", b"subject:")


def describe(start: bytes, told: str = "") -> ForeignFile:
    """What the first bytes show. ``told``, the kind that the sender's program named, counts only where they show nothing."""
    found = next((foreign for magic, foreign in _BY_MAGIC if start.startswith(magic)), None)
    if found is not None:
        return found
    if start.startswith(b"PK\x03\x04"):
        office = any(sign in start for sign in (b"[Content_Types].xml", b"word/", b"xl/", b"opendocument"))
        return ForeignFile("an Office file", _OFFICE) if office else ForeignFile("a ZIP archive", _UNPACK)
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return ForeignFile("a WebP picture", _PICTURE)
    if start[4:8] == b"ftyp" and start[8:12] in _PHOTO_BRANDS:
        return ForeignFile("a photo of the HEIC kind", "Save the photo as JPEG and upload that.")
    return _text(start) or _as_told(told)


def _text(start: bytes) -> ForeignFile | None:
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return ForeignFile("a web page", _EXPORT)
    if head.startswith(b"<?xml"):
        return ForeignFile("an XML file", _EXPORT)
    if head.startswith(_MAIL):
        return ForeignFile("an e-mail", "Save the invoice that is attached to it and upload that.")
    return ForeignFile("plain text", _EXPORT) if _is_plain(start) else None


def _is_plain(start: bytes) -> bool:
    """Text in UTF-8, whose last character may be cut off; no control characters but the usual ones."""
    text = start.decode("utf-8", errors="replace").removesuffix("\ufffd")
    return bool(text) and "\ufffd" not in text and all(char.isprintable() or char in "\t\r\n\f\ufeff" for char in text)


def _as_told(told: str) -> ForeignFile:
    family = told.partition("/")[0].lower()
    if family == "image":
        return ForeignFile("a picture of another kind", _PICTURE)
    if family in ("audio", "video"):
        return ForeignFile("a recording", _EXPORT)
    return ForeignFile("a file of another kind", _EXPORT)
