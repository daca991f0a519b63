"""Where a document enters: bytes in, one ``Document`` out, whoever sends them and however often."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction

from invoices import blobs, signals
from invoices.erasing import is_removed
from invoices.errors import IntakeRefused
from invoices.foreign_files import describe
from invoices.media import MEDIA_TYPES, SNIFF_BYTES, sniff
from invoices.models import Document
from invoices.names import display_name
from invoices.people import User
from invoices.prepared import insert

SOURCES = ("upload", "api", "command", "folder", "demo")


@dataclass(frozen=True, slots=True)
class Received:
    """``duplicate_of`` is the id of the document that had these bytes before; it is then ``document``'s own id."""

    document: Document
    duplicate_of: int | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that may become a document: checked, and known by the hash of its bytes."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Where files come from."""

    source: str = "upload"
    user: User | None = None
    vendor_hint: str = ""


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

    The same bytes give the same document, also when they arrive many times at once; they mend its stored file if that
    was lost or damaged. ``media_type`` is what the sender's program says; the first bytes decide, and it only helps to
    say what a refused file is. Announces ``documents_received`` in the transaction that stores the row.
    Raises ``IntakeRefused`` (``empty_file``, ``file_too_large``, ``file_type_unknown``) or ``StorageFull``.
    """
    arrival = keep(name, file if file is not None else io.BytesIO(data or b""), media_type)
    return _receive_kept(arrival, Sender(source, user, vendor_hint))


def keep(name: str, file: BinaryIO, media_type: str | None = None) -> Arrival:
    """Check a seekable ``file`` and store its bytes, for ``receive_kept``. Raises as ``receive`` does."""
    _check_size(file)
    found = _media_type(file, name, media_type)
    sha256, size = blobs.hash_of(file)
    if is_removed(sha256):
        raise IntakeRefused(
            "This document was taken in before and had to be removed; it is not taken in again.", code="document_removed", status=409
        )
    blobs.store(file, sha256)
    return Arrival(display_name(name), sha256, size, found)


def receive_kept(arrivals: Sequence[Arrival], sender: Sender) -> list[Received]:
    """Take many files, whose bytes ``keep`` has stored, in one transaction; answers one ``Received`` for each.

    Identity is that of ``receive``, also among the arrivals themselves. Announces ``documents_received`` once.
    """
    try:
        with transaction.atomic():
            known = {row.sha256: row for row in Document.objects.filter(sha256__in={arrival.sha256 for arrival in arrivals})}
            fresh: dict[str, Document] = {}
            for arrival in arrivals:
                if arrival.sha256 not in known and arrival.sha256 not in fresh:
                    fresh[arrival.sha256] = _document(arrival, sender)
            new = list(fresh.values())
            if new:
                insert(new)
                signals.documents_received.send(sender=Document, readings=[(document.pk, document.parse_revision) for document in new])
    except (IntegrityError, OperationalError):  # another batch with one of these files was faster, or they stood in each other's way
        return [_receive_kept(arrival, sender) for arrival in arrivals]
    known |= fresh
    received = []
    for arrival in arrivals:
        document = known[arrival.sha256]
        received.append(Received(document, None if fresh.pop(arrival.sha256, None) else document.pk))
    return received


def _known(arrival: Arrival) -> Received | None:
    document = Document.objects.filter(sha256=arrival.sha256).first()
    return Received(document, document.pk) if document else None


def _receive_kept(arrival: Arrival, sender: Sender) -> Received:
    """Take one file in a transaction of its own; the same bytes that got in just before it win."""
    known = _known(arrival)
    if known is not None:
        return known
    document = _document(arrival, sender)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
            signals.documents_received.send(sender=Document, readings=[(document.pk, document.parse_revision)])
    except IntegrityError:
        first = _known(arrival)
        if first is None:
            raise
        return first
    return Received(document, None)


def _document(arrival: Arrival, sender: Sender) -> Document:
    return Document(
        sha256=arrival.sha256,
        name=arrival.name,
        media_type=arrival.media_type,
        size=arrival.size,
        source=sender.source,
        uploaded_by=sender.user,
        vendor_hint=" ".join(sender.vendor_hint.replace("\x00", "").split())[:300],
    )


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
    start = content.read(SNIFF_BYTES)
    found = sniff(start)
    if found is None:
        foreign = describe(start, told or "")
        *kinds, last = MEDIA_TYPES.values()
        raise IntakeRefused(
            f"{display_name(name)} is {foreign.kind}. What can be read is {', '.join(kinds)} or {last}; "
            f"what is inside counts, not the name. {foreign.remedy}",
            code="file_type_unknown",
            status=415,
        )
    return found
