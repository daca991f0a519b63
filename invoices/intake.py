"""Where a document enters: bytes in, one ``Document`` out, whoever sends them and however often."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction

from invoices import blobs, signals
from invoices.errors import IntakeRefused
from invoices.media import MEDIA_TYPES, SNIFF_BYTES, sniff
from invoices.models import Document
from invoices.names import display_name
from invoices.people import User

SOURCES = ("upload", "api", "command", "folder", "demo")


@dataclass(frozen=True, slots=True)
class Received:
    """``duplicate_of`` is the id of the document that had these bytes before; it is then ``document``'s own id."""

    document: Document
    duplicate_of: int | None


def receive(
    *,
    name: str,
    data: bytes | None = None,
    file: BinaryIO | None = None,
    media_type: str | None = None,
    source: str = "upload",
    user: User | None = None,
    vendor_hint: str = "",
) -> Received:
    """Take one file, given as ``data`` or as a seekable ``file``.

    The same bytes give the same document, also when they arrive many times at once. ``media_type`` is what the
    sender says; the first bytes decide. Announces ``document_received`` in the transaction that stores the row.
    Raises ``IntakeRefused`` (``empty_file``, ``file_too_large``, ``file_type_unknown``) or ``StorageFull``.
    """
    content = file if file is not None else io.BytesIO(data or b"")
    _check_size(content)
    found = _media_type(content, name, media_type)
    sha256, size = blobs.hash_of(content)
    known = Document.objects.filter(sha256=sha256).first()
    if known is not None:
        return Received(known, known.pk)
    blobs.store(content, sha256)
    document = Document(
        sha256=sha256,
        name=display_name(name),
        media_type=found,
        size=size,
        source=source,
        uploaded_by=user,
        vendor_hint=" ".join(vendor_hint.replace("\x00", "").split())[:300],
    )
    try:
        with transaction.atomic():
            document.save(force_insert=True)
            signals.document_received.send(sender=Document, document_id=document.pk, revision=document.parse_revision)
    except IntegrityError:
        first = Document.objects.filter(sha256=sha256).first()
        if first is None:
            raise
        return Received(first, first.pk)
    return Received(document, None)


def _check_size(content: BinaryIO) -> None:
    size = content.seek(0, io.SEEK_END)
    limit = settings.MAX_UPLOAD_BYTES
    if size == 0:
        raise IntakeRefused("This file is empty (0 bytes). Check whether it was copied completely.", code="empty_file")
    if size > limit:
        shown = f"{size / 1_048_576:.1f} MB; the limit is {limit / 1_048_576:.1f} MB"
        raise IntakeRefused(f"This file has {shown}. Split it, or scan it at a lower resolution.", code="file_too_large", status=413)


def _media_type(content: BinaryIO, name: str, told: str | None) -> str:
    content.seek(0)
    found = sniff(content.read(SNIFF_BYTES))
    if found is None:
        kinds = ", ".join(MEDIA_TYPES.values())
        shown = f" (it was sent as {display_name(told)})" if told else ""
        raise IntakeRefused(
            f"{display_name(name)} is not one of the kinds that can be read: {kinds}{shown}. What counts is what is inside, not the name. "
            "Export the invoice as a PDF and upload that.",
            code="file_type_unknown",
            status=415,
        )
    return found
