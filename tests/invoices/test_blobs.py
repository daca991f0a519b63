"""The content-addressed store."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
from django.core.files.storage import storages

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
