"""Content-addressed files: a blob's name is the SHA-256 of its bytes (``ab/cd/<sha256>`` in ``storages["blobs"]``).

Storing the same bytes twice stores them once. Every read checks the hash. On local disks a blob appears under
its name only when it is complete and on the disk.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from invoices.errors import BlobDamaged, BlobMissing, StorageFull

_CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT}


def path_of(sha256: str) -> str:
    """The name of a blob in its storage. Raises ``ValueError`` for anything but 64 lower-case hexadecimal digits."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError("A blob is named by 64 hexadecimal digits.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def hash_of(file: BinaryIO) -> tuple[str, int]:
    """SHA-256 (hex) and size of a file, read in pieces from its beginning; leaves it rewound."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while part := file.read(_CHUNK):
        digest.update(part)
        size += len(part)
    file.seek(0)
    return digest.hexdigest(), size


def store(file: BinaryIO, sha256: str) -> None:
    """Store the whole ``file`` under its hash, unless it is there. Raises ``StorageFull``."""
    storage, name = storages["blobs"], path_of(sha256)
    if storage.exists(name):
        return
    file.seek(0)
    try:
        if isinstance(storage, FileSystemStorage):
            _store_locally(Path(storage.path(name)), file)
        else:
            _store_remotely(storage, name, file)
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("There is no room left to store this file; nothing was kept of it. Tell an administrator.") from error
        raise


def store_bytes(data: bytes) -> str:
    """Store ``data`` and return its hash. Raises ``StorageFull``."""
    sha256 = hashlib.sha256(data).hexdigest()
    with tempfile.SpooledTemporaryFile(max_size=len(data) + 1) as file:
        file.write(data)
        store(file, sha256)  # type: ignore[arg-type]  # a spooled file reads and seeks as any other
    return sha256


def load(sha256: str) -> bytes:
    """The bytes of a blob. Raises ``BlobMissing`` or ``BlobDamaged``."""
    with open_checked(sha256) as file:
        return file.read()


@contextlib.contextmanager
def open_checked(sha256: str) -> Iterator[BinaryIO]:
    """A private copy of a blob as an unnamed file of the operating system, its hash checked.

    Raises ``BlobMissing``, ``BlobDamaged`` or ``StorageFull``.
    """
    with tempfile.TemporaryFile() as copy:
        digest = hashlib.sha256()
        try:
            with storages["blobs"].open(path_of(sha256), "rb") as source:
                for part in source.chunks(_CHUNK):
                    digest.update(part)
                    copy.write(part)
        except FileNotFoundError as error:
            raise BlobMissing(f"The stored file {sha256[:12]}… is missing. Restore it from the backup.") from error
        except OSError as error:
            if error.errno in _FULL:
                raise StorageFull("There is no room left for a working copy of a file. Tell an administrator.") from error
            raise
        if digest.hexdigest() != sha256:
            raise BlobDamaged(f"The stored file {sha256[:12]}… has changed since it was stored. Restore it from the backup.")
        copy.flush()
        copy.seek(0)
        yield copy


def _store_locally(target: Path, file: BinaryIO) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".storing-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            _copy(file, out)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _store_remotely(storage: Storage, name: str, file: BinaryIO) -> None:
    storage.save(name, File(file, name=name))


def _copy(source: BinaryIO, target: IO[bytes]) -> None:
    while part := source.read(_CHUNK):
        target.write(part)
