"""The content-addressed store."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages

from invoices import blobs
from invoices.errors import BlobDamaged, BlobMissing, StorageFull


def path(sha256: str) -> Path:
    return Path(storages["blobs"].path(blobs.path_of(sha256)))


def test_what_is_stored_comes_back_under_its_hash() -> None:
    data = os.urandom(3_000_000)
    sha256 = blobs.store_bytes(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert blobs.load(sha256) == data
    assert path(sha256).parent.name == sha256[2:4]
    before = path(sha256).stat().st_mtime_ns
    blobs.store_bytes(data)
    assert path(sha256).stat().st_mtime_ns == before


def test_one_flipped_bit_is_noticed() -> None:
    sha256 = blobs.store_bytes(os.urandom(100))
    stored = bytearray(path(sha256).read_bytes())
    stored[50] ^= 1
    path(sha256).write_bytes(stored)
    with pytest.raises(BlobDamaged, match="has changed"):
        blobs.load(sha256)


@pytest.mark.parametrize("loss", [Path.unlink, lambda blob: blob.write_bytes(b"other"), lambda blob: blob.write_bytes(b"")])
def test_storing_the_bytes_again_mends_a_blob(loss: Callable[[Path], object]) -> None:
    data = os.urandom(100)
    sha256 = blobs.store_bytes(data)
    loss(path(sha256))
    assert blobs.store_bytes(data) == sha256
    assert blobs.load(sha256) == data
    assert [entry.name for entry in path(sha256).parent.iterdir()] == [sha256]


def test_a_damaged_blob_of_a_storage_without_paths_is_mended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = InMemoryStorage()
    monkeypatch.setattr(blobs, "storages", {"blobs": storage})
    data = os.urandom(100)
    sha256 = blobs.store_bytes(data)
    storage.delete(blobs.path_of(sha256))
    storage.save(blobs.path_of(sha256), ContentFile(b"other"))
    assert blobs.store_bytes(data) == sha256
    assert blobs.load(sha256) == data


def test_a_missing_file_is_a_designed_error() -> None:
    with pytest.raises(BlobMissing, match="Restore it"):
        blobs.load("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "g" * 64, "0" * 63, "0" * 62 + "/0"])
def test_only_hashes_name_blobs(name: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal"):
        blobs.path_of(name)


def test_a_full_disk_is_said_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = os.urandom(100)
    sha256 = hashlib.sha256(data).hexdigest()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("invoices.blobs.os.fsync", full)
    with pytest.raises(StorageFull, match="no room left"):
        blobs.store_bytes(data)
    monkeypatch.undo()
    assert not list(path(sha256).parent.iterdir())
    assert blobs.store_bytes(data) == sha256


class _FullDisk(io.FileIO):
    """A file on a disk without room: the operating system refuses what is written."""

    def write(self, data: object, /) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_hinders_working_copies_but_no_page_from_being_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = os.urandom(5_000)
    sha256 = blobs.store_bytes(data)
    monkeypatch.setattr(blobs, "_working_copy", lambda: _FullDisk(tmp_path / "copy", "w+"))
    with pytest.raises(StorageFull, match="working copy"), blobs.open_checked(sha256):
        pass
    assert blobs.load(sha256) == data


def test_the_name_of_a_blob_is_on_the_disk_too(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        kept.append(os.readlink(f"/proc/self/fd/{descriptor}") if Path("/proc/self/fd").exists() else "")
        real(descriptor)

    monkeypatch.setattr("invoices.blobs.os.fsync", watched)
    sha256 = blobs.store_bytes(os.urandom(100))
    if any(kept):
        assert str(path(sha256).parent) in kept, "else a power failure takes the name away"
    assert len(kept) >= 2
