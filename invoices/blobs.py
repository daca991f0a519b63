"""Content-addressed files: a blob's name is the SHA-256 of its bytes (``ab/cd/<sha256>`` in ``storages["blobs"]``).

Storing the same bytes twice stores them once, and mends a blob that is lost or damaged. Every read checks the hash.
On local disks a blob appears under its name only when it is complete and on the disk.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

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
    """Store the whole ``file`` under its hash, unless it is there and sound. Raises ``StorageFull``."""
    storage, name = storages["blobs"], path_of(sha256)
    if _is_sound(sha256):
        return
    file.seek(0)
    with _refused_when_full("There is no room left to store this file; nothing was kept of it. Tell an administrator."):
        if isinstance(storage, FileSystemStorage):
            _store_locally(Path(storage.path(name)), file)
        else:
            _store_remotely(storage, name, file)


def store_bytes(data: bytes) -> str:
    """Store ``data`` and return its hash. Raises ``StorageFull``."""
    sha256 = hashlib.sha256(data).hexdigest()
    with tempfile.SpooledTemporaryFile(max_size=len(data) + 1) as file:
        file.write(data)
        store(file, sha256)  # type: ignore[arg-type]  # a spooled file reads and seeks as any other
    return sha256


def load(sha256: str) -> bytes:
    """The bytes of a blob. Needs no room on the disk. Raises ``BlobMissing`` or ``BlobDamaged``."""
    return b"".join(_parts(sha256))


@contextlib.contextmanager
def open_checked(sha256: str) -> Iterator[BinaryIO]:
    """A private copy of a blob as an unnamed file of the operating system, its hash checked.

    Raises ``BlobMissing``, ``BlobDamaged`` or ``StorageFull``.
    """
    with _working_copy() as copy:
        for part in _parts(sha256):
            with _refused_when_full("There is no room left for a working copy of a file. Tell an administrator."):
                write_all(copy, part)
        copy.seek(0)
        yield copy


def write_all(file: BinaryIO, data: bytes) -> None:
    """Write every byte to an unbuffered file, which may take fewer than it is given. Raises ``OSError``."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


def _working_copy() -> BinaryIO:
    """An unnamed, unbuffered file: nothing is left to be written when it is closed, which could fail once more."""
    return cast(BinaryIO, tempfile.TemporaryFile(buffering=0))


def _parts(sha256: str) -> Iterator[bytes]:
    """The bytes in pieces; whoever took the last one without a fault has the whole. Raises ``BlobMissing`` or ``BlobDamaged``."""
    digest = hashlib.sha256()
    try:
        with storages["blobs"].open(path_of(sha256), "rb") as source:
            for part in source.chunks(_CHUNK):
                digest.update(part)
                yield part
    except FileNotFoundError as error:
        raise BlobMissing(f"The stored file {sha256[:12]}… is missing. Restore it from the backup.") from error
    if digest.hexdigest() != sha256:
        raise BlobDamaged(f"The stored file {sha256[:12]}… has changed since it was stored. Restore it from the backup.")


def _is_sound(sha256: str) -> bool:
    """Whether the blob is there and is what was stored; reads all of it."""
    try:
        for _ in _parts(sha256):
            pass
    except (BlobMissing, BlobDamaged):
        return False
    return True


@contextlib.contextmanager
def _refused_when_full(message: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(message) from error
        raise


def _store_locally(target: Path, file: BinaryIO) -> None:
    missing = [folder for folder in (target.parent, target.parent.parent) if not folder.exists()]
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
    for folder in (target.parent, *(made.parent for made in missing)):
        _keep_entries(folder)


def _keep_entries(folder: Path) -> None:
    """Have the disk keep the names in a folder: without it a power failure may take away a name that was just given."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _store_remotely(storage: Storage, name: str, file: BinaryIO) -> None:
    if storage.exists(name):  # damaged: beside it Django would choose another name
        storage.delete(name)
    storage.save(name, File(file, name=name))


def _copy(source: BinaryIO, target: IO[bytes]) -> None:
    while part := source.read(_CHUNK):
        target.write(part)
